import type { Logger } from 'pino';
import { asksForHelp } from './asks-for-help.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { requireDatabase } from './database.ts';
import { describeRefusal, isBusy } from './db/constraints.ts';
import { EmbeddedPostgresError } from './db/embedded.ts';
import { MigrationError } from './db/migrate.ts';
import { DatabaseError, reasonOf } from './db/require-reachable.ts';
import { OtherSecretKey } from './db/secret-key-check.ts';
import { openLog, openStderr } from './log.ts';
import type { Tracing } from './observability/tracing.ts';
import { ProcessError } from './processes.ts';
import { ListenError } from './server.ts';

/** How long a program may take to close, beside the delay of the shutdown. Kubernetes kills after 30 s. */
const CLOSE_MS = 20_000;

/** What a program has started. */
export interface Running {
  /** The message in the log. */
  details: object;
  /** Resolves when it cannot go on, with the reason. */
  lost?: Promise<Error> | undefined;
  /** `delaySeconds`: how long to go on serving. */
  close(delaySeconds: number): Promise<void>;
}

/**
 * Starts a program, and closes it at SIGINT or SIGTERM, which may come while it is still starting. Where it cannot run,
 * or cannot go on, one line on standard error says why, and the exit code is 1. At SIGTERM, it goes on serving for the delay of
 * the shutdown. It ends at the latest `closeMs` after that.
 */
export async function runUntilStopped(
  {
    env,
    argv,
    usage,
    closeMs = CLOSE_MS,
  }: { env: NodeJS.ProcessEnv; argv: readonly string[]; usage: string; closeMs?: number },
  start: (
    config: Config,
    logger: Logger,
    stop: AbortSignal,
    tracing: Tracing | undefined,
  ) => Promise<Running>,
): Promise<void> {
  const args = argv.slice(2);
  if (asksForHelp(args)) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const asked = stopSignal();
  try {
    if (args.length > 0) throw new ConfigError(`Unknown argument ${args[0]}.\n${usage}`);
    const config = readConfig(env);
    // Before anything is written to DATA_DIR.
    requireDatabase(config);
    // Loaded only where it is used.
    const tracing = config.traces
      ? (await import('./observability/tracing-sdk.ts')).startTracing()
      : undefined;
    const format = config.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json');
    const stderr = await openStderr(format, { isShared: config.processes > 1 });
    const logger = openLog(config.logLevel, stderr, tracing?.ids);
    // By default, one would end the process. graphql-js 16 leaves promises of a list alone when another item fails
    // (graphql-js#4643), which must not give a caller the power to stop the server.
    const note = (error: unknown) => logger.error({ err: error }, 'unhandled promise rejection');
    process.on('unhandledRejection', note);
    // Also while it starts, which may wait for a database that has fallen silent.
    void asked.promise.then(signal => endAfter(closeMs + delayOf(signal, config) * 1_000, logger));
    const running = await start(config, logger, asked.signal, tracing);
    logger.info(running.details, 'running');
    const reason = await Promise.race([asked.promise, ...(running.lost ? [running.lost] : [])]);
    if (reason instanceof Error) {
      logger.fatal({ err: reason }, 'stopping');
      endAfter(closeMs, logger);
      await running.close(0).catch(() => undefined);
      throw reason;
    }
    const delaySeconds = delayOf(reason, config);
    logger.info({ signal: reason, delaySeconds }, 'stopping');
    await running.close(delaySeconds);
    await tracing?.close();
    logger.info('stopped');
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  } finally {
    asked.forget();
  }
}

/** Who presses Ctrl+C does not want to wait. */
function delayOf(signal: NodeJS.Signals, { shutdownDelaySeconds }: Config): number {
  return signal === 'SIGTERM' ? shutdownDelaySeconds : 0;
}

/** Ends the process if it is still there after a time: whatever it waits for, such as a database that is gone, may never come. */
function endAfter(ms: number, logger: Logger): void {
  const deadline = setTimeout(() => {
    logger.error({ ms }, 'could not close in time');
    process.exit(1);
  }, ms);
  deadline.unref();
}

/** A program was stopped before it ran. */
class StoppedAtStart extends Error {
  override readonly name = 'StoppedAtStart';

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal} before the start was complete`);
  }
}

/** The first SIGINT or SIGTERM. */
function stopSignal() {
  const { promise, resolve } = withResolvers<NodeJS.Signals>();
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  void promise.then(signal => stop.abort(new StoppedAtStart(signal)));
  for (const signal of signals) process.on(signal, resolve);
  return {
    promise,
    signal: stop.signal,
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

const EXPECTED = [
  ConfigError,
  DatabaseError,
  EmbeddedPostgresError,
  ListenError,
  MigrationError,
  OtherSecretKey,
  ProcessError,
  StoppedAtStart,
];

/** One line a person can act on; a bug of ours keeps its stack, which somebody will need. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return `usher: ${error}`;
  const refusal = describeRefusal(error);
  if (refusal !== undefined) return `usher: ${refusal}`;
  if (isBusy(error)) return `usher: The database failed during the start: ${reasonOf(error)}`;
  // The system's own errors, such as a folder that may not be written to, say what and where.
  const isExpected = EXPECTED.some(kind => error instanceof kind) || 'syscall' in error;
  return `usher: ${isExpected ? error.message : error.stack}`;
}
