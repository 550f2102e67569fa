import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isLoopbackHost } from './hosts/loopback.ts';
import { isSender } from './mail/sender.ts';
import { isTrustable, type TrustedProxies } from './rate-limits/client-address.ts';
import type { RateLimitSettings } from './rate-limits/rate-limits.ts';

const LARGEST_PORT = 65_535;
const RETENTION_DAYS = 90;
const RETRY_DELAY_MS = 2_000;
const ANONYMOUS_PER_MINUTE = 600;
const WRONG_TOKENS_PER_MINUTE = 30;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** A number without sign or fraction. */
const wholeNumber = (least: number, error: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine(number => number >= least, error);

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform(value => value === 'true');

const perMinute = wholeNumber(0, 'must be how many a minute, or 0 for no limit');

const trustedProxies = z
  .string()
  .transform(
    (text): TrustedProxies =>
      /^\d{1,2}$/.test(text.trim()) ? Number(text) : text.split(',').map(network => network.trim()),
  )
  .refine(
    proxies => typeof proxies === 'number' || proxies.every(isTrustable),
    'must be how many proxies stand in front, or their addresses and networks, such as 10.0.0.0/8,fd00::/8',
  );

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d+$/, `must be a port, 0 to ${LARGEST_PORT}`)
    .transform(Number)
    .refine(port => port <= LARGEST_PORT, `must be a port, 0 to ${LARGEST_PORT}`)
    .default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a PostgreSQL address such as postgresql://user:password@host:5432/usher',
    })
    .optional(),
  DATA_DIR: z.string().default('.usher'),
  SECRET_KEY: z.string().optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
  DEMO: flag.default(true),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://seats.example.com' })
    .refine(isPlain, 'must be without user, password, query and fragment')
    .transform(url => url.replace(/\/+$/, ''))
    .optional(),
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      hostname: /./,
      error: 'must be a mail server such as smtps://user:password@mail.example.com',
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .refine(isSender, 'must be one address, such as Seats <seats@example.com>')
    .optional(),
  WEBHOOK_PRIVATE_ADDRESSES: flag.optional(),
  WORKER: flag.default(true),
  PROCESSES: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|auto)$/, 'must be a number of processes, or auto for one per core')
    .transform(count => (count === 'auto' ? availableParallelism() : Number(count)))
    .default(1),
  RATE_LIMIT_PER_TOKEN: perMinute.default(0),
  RATE_LIMIT_ANONYMOUS: perMinute.default(ANONYMOUS_PER_MINUTE),
  RATE_LIMIT_WRONG_TOKENS: perMinute.default(WRONG_TOKENS_PER_MINUTE),
  TRUST_PROXY: trustedProxies.default(0),
  RETENTION_DAYS: wholeNumber(1, 'must be a number of days, 1 or more').default(RETENTION_DAYS),
  RETRY_DELAY_MS: wholeNumber(1, 'must be a number of milliseconds, 1 or more').default(
    RETRY_DELAY_MS,
  ),
});

function isPlain(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return username + password + search + hash === '';
}

/** Mail is kept to be looked at on the machine that it is tried out on: not where others reach the server. */
function keepsMail({ SMTP_URL, DATABASE_URL, PUBLIC_URL }: z.infer<typeof Environment>): boolean {
  const isPublic = PUBLIC_URL !== undefined && !isLoopbackHost(new URL(PUBLIC_URL).hostname);
  return SMTP_URL === undefined && DATABASE_URL === undefined && !isPublic;
}

/** What a process that serves asks besides: with a database of one's own, invitations need a key of one's own. */
const ServerEnvironment = Environment.refine(
  env => env.DATABASE_URL === undefined || env.SECRET_KEY !== undefined,
  {
    path: ['SECRET_KEY'],
    message:
      'is required with DATABASE_URL: a long random text, the same for every process, such as `openssl rand -base64 32` prints',
    when: () => true,
  },
);

export interface Config {
  port: number;
  host: string;
  /** The database to use; undefined for the embedded one. */
  databaseUrl: string | undefined;
  /** Where the embedded database, and the secret key made for it, are kept. */
  dataDir: string;
  /** The key that invitation tokens are derived with; undefined where one is to be made and kept in `dataDir`. */
  secretKey: string | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Whether an empty database gets the demo world. */
  demo: boolean;
  /** Where people reach the server, without a slash at the end; undefined for where it listens. */
  publicUrl: string | undefined;
  /** The server that takes mail. */
  smtpUrl: string | undefined;
  /** The folder in which mail is kept to be looked at; undefined where a server takes it, or, with a database of one's own, nobody. */
  mailbox: string | undefined;
  /** The sender of every mail; undefined for one at the public address's host. */
  mailFrom: string | undefined;
  /** Whether webhooks may lead to private and loopback addresses. */
  webhookPrivateAddresses: boolean;
  /** Whether the server also delivers events, as `npm run worker` does. */
  worker: boolean;
  /** How many processes serve behind the one port. */
  processes: number;
  rateLimits: RateLimitSettings;
  /** How many days events are kept before they are archived. */
  retentionDays: number;
  /** The delay that doubles with each failed attempt of a delivery, in milliseconds. */
  retryDelayMs: number;
}

/** Variables are wrong; the message has a line for each of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration. An empty variable counts as unset. Throws ConfigError, which names every bad variable at once.
 * A tool that hands out no invitations (`serves: false`) does without SECRET_KEY.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  { serves = true } = {},
): Config {
  const set = Object.entries(environment).filter(([, value]) => value !== '');
  const schema = serves ? ServerEnvironment : Environment;
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new ConfigError(lines.join('\n'));
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    secretKey: env.SECRET_KEY,
    logLevel: env.LOG_LEVEL,
    demo: env.DEMO,
    publicUrl: env.PUBLIC_URL,
    smtpUrl: env.SMTP_URL,
    mailbox: keepsMail(env) ? join(env.DATA_DIR, 'mailbox') : undefined,
    mailFrom: env.MAIL_FROM,
    webhookPrivateAddresses: env.WEBHOOK_PRIVATE_ADDRESSES ?? env.DATABASE_URL === undefined,
    worker: env.WORKER,
    processes: env.PROCESSES,
    rateLimits: {
      perToken: env.RATE_LIMIT_PER_TOKEN,
      anonymous: env.RATE_LIMIT_ANONYMOUS,
      wrongTokens: env.RATE_LIMIT_WRONG_TOKENS,
      trustedProxies: env.TRUST_PROXY,
    },
    retentionDays: env.RETENTION_DAYS,
    retryDelayMs: env.RETRY_DELAY_MS,
  };
}
