import { pino } from 'pino';
import { type Config, ConfigError, readConfig } from './config.ts';
import { DatabaseError } from './database.ts';
import { EmbeddedPostgresError } from './db/embedded.ts';
import { MigrationError } from './db/migrate.ts';
import { openLog } from './log.ts';
import { ListenError } from './server.ts';
import { start } from './start.ts';
import { welcome } from './welcome.ts';

async function main(): Promise<void> {
  const asked = stopSignal();
  try {
    const config = readConfig(process.env);
    await run(config, asked.promise);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  } finally {
    asked.forget();
  }
}

async function run(config: Config, stop: Promise<NodeJS.Signals>): Promise<void> {
  const logger = openLog(config.logLevel, pino.destination({ dest: 2, sync: false }));
  const usher = await start(config, logger, message => process.stdout.write(`  ${message}\n`));
  process.stdout.write(welcome(usher.url, usher.demo));
  logger.info({ url: usher.url }, 'serving');
  const signal = await stop;
  logger.info({ signal }, 'stopping');
  await usher.close();
  logger.info('stopped');
}

/** The first SIGINT or SIGTERM, which may come while the server is still starting. */
function stopSignal() {
  const { promise, resolve } = withResolvers<NodeJS.Signals>();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, resolve);
  return {
    promise,
    forget() {
      for (const signal of signals) process.off(signal, resolve);
    },
  };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}

const EXPECTED = [ConfigError, DatabaseError, EmbeddedPostgresError, ListenError, MigrationError];

/** One line a person can act on; a bug of ours keeps its stack, which somebody will need. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return `usher: ${error}`;
  // The system's own errors, such as a folder that may not be written to, say what and where.
  const isExpected = EXPECTED.some(kind => error instanceof kind) || 'syscall' in error;
  return `usher: ${isExpected ? error.message : error.stack}`;
}

await main();
