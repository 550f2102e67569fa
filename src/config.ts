import { z } from 'zod';

const LARGEST_PORT = 65_535;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

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
  DEMO: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('true')
    .transform(value => value === 'true'),
});

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
  };
}
