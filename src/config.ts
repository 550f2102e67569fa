import { join } from 'node:path';
import { z } from 'zod';
import type { Retention } from './events/retention-rules.ts';
import { signsOfService } from './hosts/local-trial.ts';
import { usableProcessors } from './hosts/processors.ts';
import { type ConnectionLimits, DEFAULT_LIMITS } from './http/limits.ts';
import { INVITATIONS_PER_HOUR } from './mail/address-limit.ts';
import { MAILS_PER_SECOND } from './mail/pace.ts';
import type { RateLimitSettings } from './rate-limits/rate-limits.ts';
import { CLAIM_STREAMS } from './seats/invitation/claim-streams.ts';
import { RESEND_LIMITS, type ResendLimits } from './seats/rules/seat.ts';
import * as variables from './variables.ts';

const DEFAULT_PORT = 4_000;
const LARGEST_PORT = 65_535;
const DATABASE_WAIT_SECONDS = 60;
const SHUTDOWN_DELAY_SECONDS = 5;
const RETENTION_DAYS = 90;
const LONGEST_RETENTION = 36_500;
const RETRY_DELAY_MS = 2_000;
const ANONYMOUS_PER_MINUTE = 600;
const WRONG_TOKENS_PER_MINUTE = 30;
const DAY_MS = 86_400_000;
const HOUR_SECONDS = 3_600;
const MOST = 999_999_999;
const SLOW_STATEMENT_MS = 1_000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['json', 'pretty'] as const;

const perMinute = variables.wholeNumber(0, MOST, 'requests a minute (0 for no limit)');
const daysOrForever = variables.wholeNumber(0, LONGEST_RETENTION, 'days (0 for ever)');

const Environment = z.object({
  PORT: variables.wholeNumber(0, LARGEST_PORT).default(DEFAULT_PORT),
  HOST: variables.listeningHost.default('127.0.0.1'),
  DATABASE_URL: variables.databaseUrl.optional(),
  DIRECT_DATABASE_URL: variables.databaseUrl.optional(),
  DATABASE_WAIT_SECONDS: variables
    .wholeNumber(0, DAY_MS / 1000, 'seconds')
    .default(DATABASE_WAIT_SECONDS),
  DATABASE_REPLICA_URL: variables.databaseUrl.optional(),
  DATABASE_CONNECTIONS: variables.wholeNumber(1, 10_000, 'connections').default(10),
  WORKER_DATABASE_CONNECTIONS: variables.wholeNumber(1, 10_000, 'connections').default(5),
  DATA_DIR: variables.folder.default('.usher'),
  MIGRATE: variables.flag.default(true),
  SECRET_KEY: variables.key.optional(),
  SECRET_KEY_PREVIOUS: variables.key.optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
  LOG_FORMAT: z.enum(LOG_FORMATS, { error: `must be one of ${LOG_FORMATS.join(', ')}` }).optional(),
  ACCESS_LOG: variables.flag.default(true),
  SLOW_STATEMENT_MS: variables
    .wholeNumber(0, DAY_MS, 'milliseconds (0 for no log)')
    .default(SLOW_STATEMENT_MS),
  METRICS_PORT: variables.wholeNumber(0, LARGEST_PORT).optional(),
  METRICS_HOST: variables.listeningHost.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: variables.collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variables.collectorUrl.optional(),
  OTEL_SDK_DISABLED: variables.flag.default(false),
  DEMO: variables.flag.optional(),
  PUBLIC_URL: variables.publicUrl.optional(),
  SMTP_URL: variables.smtpUrl.optional(),
  MAIL_FROM: variables.sender.optional(),
  MAILS_PER_SECOND: variables.wholeNumber(0, MOST).default(MAILS_PER_SECOND),
  WEBHOOK_PRIVATE_ADDRESSES: variables.flag.optional(),
  WORKER: variables.flag.default(true),
  PROCESSES: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|auto)$/, 'must be a number of processes, or auto for one per core')
    .transform(count => (count === 'auto' ? usableProcessors() : Number(count)))
    .default(1),
  CLAIM_STREAMS: variables.wholeNumber(1, MOST, 'streams').default(CLAIM_STREAMS),
  RETENTION_DAYS: variables.wholeNumber(1, LONGEST_RETENTION, 'days').default(RETENTION_DAYS),
  ARCHIVE_RETENTION_DAYS: daysOrForever.default(0),
  AUDIT_RETENTION_DAYS: daysOrForever.default(0),
  DELETED_RETENTION_DAYS: daysOrForever.optional(),
  MAIL_RETENTION_DAYS: daysOrForever.optional(),
  TOKEN_RETENTION_DAYS: daysOrForever.optional(),
  RETRY_DELAY_MS: variables.wholeNumber(1, DAY_MS, 'milliseconds').default(RETRY_DELAY_MS),
  SHUTDOWN_DELAY_SECONDS: variables.wholeNumber(0, HOUR_SECONDS, 'seconds').optional(),
  KEEP_ALIVE_MS: variables
    .wholeNumber(1, DAY_MS, 'milliseconds')
    .default(DEFAULT_LIMITS.keepAliveMs),
  MAX_CONNECTIONS: variables
    .wholeNumber(1, MOST, 'connections')
    .default(DEFAULT_LIMITS.maxConnections),
  RESPONSE_STALL_MS: variables
    .wholeNumber(1, DAY_MS, 'milliseconds')
    .default(DEFAULT_LIMITS.responseStallMs),
  RESEND_INTERVAL_SECONDS: variables
    .wholeNumber(0, DAY_MS / 1000, 'seconds')
    .default(RESEND_LIMITS.intervalMs / 1000),
  RESENDS_PER_HOUR: variables.wholeNumber(0, MOST).default(RESEND_LIMITS.perHour),
  INVITATIONS_PER_HOUR: variables.wholeNumber(0, MOST).default(INVITATIONS_PER_HOUR),
  RATE_LIMIT_PER_TOKEN: perMinute.default(0),
  RATE_LIMIT_ANONYMOUS: perMinute.default(ANONYMOUS_PER_MINUTE),
  RATE_LIMIT_WRONG_TOKENS: perMinute.default(WRONG_TOKENS_PER_MINUTE),
  TRUST_PROXY: variables.trustedProxies.default(0),
});

type Variables = Readonly<Record<string, string | undefined>>;

/** The mailbox and the demo are for a trial in which no mail leaves the machine. */
function signsAgainstDemo(set: Variables): string[] {
  return [...signsOfService(set), ...(set.SMTP_URL === undefined ? [] : ['SMTP_URL'])];
}

/** The additional requirements of a server process, by variable. */
function requirements(set: Variables): [string, string][] {
  const required: [string, string][] = [];
  // Without DATABASE_URL, each database folder has its own generated key beside it.
  if (set.DATABASE_URL !== undefined && set.SECRET_KEY === undefined) {
    required.push([
      'SECRET_KEY',
      'is required with DATABASE_URL: a long random text, the same for every process, such as `openssl rand -base64 32` prints',
    ]);
  }
  if (set.DATABASE_REPLICA_URL !== undefined && set.DATABASE_URL === undefined) {
    required.push(['DATABASE_REPLICA_URL', 'is for a replica of DATABASE_URL, which is not set']);
  }
  if (set.DIRECT_DATABASE_URL !== undefined && set.DATABASE_URL === undefined) {
    required.push(['DIRECT_DATABASE_URL', 'is for a pooler in DATABASE_URL, which is not set']);
  }
  const { METRICS_PORT, PORT = String(DEFAULT_PORT), METRICS_HOST = set.HOST } = set;
  if (METRICS_PORT === PORT && METRICS_HOST === set.HOST && PORT !== '0') {
    required.push(['METRICS_PORT', `must be another port than PORT, which is ${PORT}`]);
  }
  const signs = signsAgainstDemo(set);
  if (set.DEMO === 'true' && signs.length > 0) {
    required.push([
      'DEMO',
      `cannot be true with ${signs.join(', ')}: the demo, whose tokens are shown, is for trying usher out on one machine`,
    ]);
  }
  return required;
}

export interface Config extends ConnectionLimits {
  port: number;
  host: string;
  /** The database to use; undefined for the embedded one. */
  databaseUrl: string | undefined;
  /** The same database without a pooler, for migrations and notifications. */
  directDatabaseUrl: string | undefined;
  /** How long to wait at startup for a database that is not up yet, in seconds. */
  databaseWaitSeconds: number;
  /** A streaming replica of the database, for reads; undefined for none. */
  databaseReplicaUrl: string | undefined;
  /** The maximum number of database connections per process for requests. */
  databaseConnections: number;
  /** The maximum number of additional database connections per process for deliveries. */
  workerDatabaseConnections: number;
  /** The folder of the embedded database and its generated secret key. */
  dataDir: string;
  /** Whether pending migrations are applied at startup. */
  migrates: boolean;
  /** The key from which invitation tokens are derived; undefined for a generated one in `dataDir`. */
  secretKey: string | undefined;
  /** The previous key. Its links still work. */
  previousSecretKey: string | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  /** The form of the log; undefined for `pretty` on a terminal and `json` otherwise. */
  logFormat: (typeof LOG_FORMATS)[number] | undefined;
  /** Whether each request is logged. */
  accessLog: boolean;
  /** The minimum duration of an SQL statement that is logged, in milliseconds; 0 logs none. */
  slowStatementMs: number;
  /** Where metrics are served; undefined for no metrics. */
  metrics: { host: string; port: number } | undefined;
  /** Whether traces are sent. */
  traces: boolean;
  /** Whether usher runs as a trial on one machine, which sends no mail to the outside. */
  isTrial: boolean;
  /** Whether an empty database gets the demo data. If false, the demo's tokens and sessions are ended. */
  demo: boolean;
  /** The public URL without a trailing slash; undefined for the address on which the server listens. */
  publicUrl: string | undefined;
  /** The mail server. */
  smtpUrl: string | undefined;
  /** The maximum number of mails that each process sends per second; 0 for no limit. */
  mailsPerSecond: number;
  /** The folder of the local mailbox; undefined if mail goes to a mail server or nowhere. */
  mailbox: string | undefined;
  /** The sender of every mail; undefined for an address at the host of the public URL. */
  mailFrom: string | undefined;
  /** Whether webhooks may target private and loopback addresses. */
  webhookPrivateAddresses: boolean;
  /** Whether the server also delivers events, as `npm run worker` does. */
  worker: boolean;
  /** How many processes share the port. */
  processes: number;
  /** How many claim streams each process keeps open. */
  claimStreams: number;
  rateLimits: RateLimitSettings;
  /** How many days events are kept before they are archived. */
  retentionDays: number;
  /** How many days everything else is kept. */
  retention: Retention;
  /** The base delay of a delivery, in milliseconds. It doubles with each failed attempt. */
  retryDelayMs: number;
  /** How often one seat's invitation can be resent. */
  resendLimits: ResendLimits;
  /** How long the server keeps serving after SIGTERM while it reports that it is not ready, in seconds. */
  shutdownDelaySeconds: number;
  /** How many invitations an organization may send to one address per hour; 0 for no limit. */
  invitationsPerHour: number;
}

/** Error for invalid variables. The message has one line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration. An empty variable counts as unset. Throws ConfigError, which names every bad variable.
 * A tool that creates no invitations (`serves: false`) does not need SECRET_KEY.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  { serves = true } = {},
): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  const wrong = new Map(serves ? requirements(set) : []);
  for (const { path, message } of parsed.error?.issues ?? []) wrong.set(path.join('.'), message);
  if (!parsed.success || wrong.size > 0) {
    throw new ConfigError([...wrong].map(([name, message]) => `${name} ${message}`).join('\n'));
  }
  const env = parsed.data;
  const isDemoPossible = signsAgainstDemo(set).length === 0;
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    directDatabaseUrl: env.DIRECT_DATABASE_URL,
    databaseWaitSeconds: env.DATABASE_WAIT_SECONDS,
    databaseReplicaUrl: env.DATABASE_REPLICA_URL,
    databaseConnections: env.DATABASE_CONNECTIONS,
    workerDatabaseConnections: env.WORKER_DATABASE_CONNECTIONS,
    dataDir: env.DATA_DIR,
    migrates: env.MIGRATE,
    secretKey: env.SECRET_KEY,
    previousSecretKey: env.SECRET_KEY_PREVIOUS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
    accessLog: env.ACCESS_LOG,
    slowStatementMs: env.SLOW_STATEMENT_MS,
    metrics:
      env.METRICS_PORT === undefined
        ? undefined
        : { host: env.METRICS_HOST ?? env.HOST, port: env.METRICS_PORT },
    traces:
      !env.OTEL_SDK_DISABLED &&
      (env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined,
    isTrial: isDemoPossible,
    demo: env.DEMO ?? isDemoPossible,
    publicUrl: env.PUBLIC_URL,
    smtpUrl: env.SMTP_URL,
    mailbox: isDemoPossible ? join(env.DATA_DIR, 'mailbox') : undefined,
    mailFrom: env.MAIL_FROM,
    mailsPerSecond: env.MAILS_PER_SECOND,
    webhookPrivateAddresses: env.WEBHOOK_PRIVATE_ADDRESSES ?? signsOfService(set).length === 0,
    worker: env.WORKER,
    processes: env.PROCESSES,
    claimStreams: env.CLAIM_STREAMS,
    rateLimits: {
      perToken: env.RATE_LIMIT_PER_TOKEN,
      anonymous: env.RATE_LIMIT_ANONYMOUS,
      wrongTokens: env.RATE_LIMIT_WRONG_TOKENS,
      trustedProxies: env.TRUST_PROXY,
    },
    retentionDays: env.RETENTION_DAYS,
    retention: {
      archiveDays: env.ARCHIVE_RETENTION_DAYS,
      auditDays: env.AUDIT_RETENTION_DAYS,
      deletedDays: env.DELETED_RETENTION_DAYS ?? env.RETENTION_DAYS,
      mailDays: env.MAIL_RETENTION_DAYS ?? env.RETENTION_DAYS,
      tokenDays: env.TOKEN_RETENTION_DAYS ?? env.RETENTION_DAYS,
    },
    retryDelayMs: env.RETRY_DELAY_MS,
    resendLimits: {
      intervalMs: env.RESEND_INTERVAL_SECONDS * 1000,
      perHour: env.RESENDS_PER_HOUR,
    },
    invitationsPerHour: env.INVITATIONS_PER_HOUR,
    shutdownDelaySeconds:
      env.SHUTDOWN_DELAY_SECONDS ?? (env.DATABASE_URL === undefined ? 0 : SHUTDOWN_DELAY_SECONDS),
    keepAliveMs: env.KEEP_ALIVE_MS,
    maxConnections: env.MAX_CONNECTIONS,
    responseStallMs: env.RESPONSE_STALL_MS,
  };
}
