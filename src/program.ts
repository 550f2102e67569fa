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
import { STOP_SIGNALS } from './stop-signals.ts';

/** How long a program may take to close, in addition to the shutdown delay. Kubernetes kills after 30 s. */
const CLOSE_MS = 20_000;

/** A running program. */
export interface Running {
  /** The fields of the log entry. */
  details: object;
  /** Resolves with the reason when the program cannot continue. */
  lost?: Promise<Error> | undefined;
  /** `delaySeconds`: how long to keep serving. */
  close(delaySeconds: number): Promise<void>;
}

/**
 * Starts a program, and closes it on SIGINT, SIGTERM or SIGHUP, even during startup. If it cannot start or continue, one line on
 * standard error says why, and the exit code is 1. After SIGTERM, it keeps serving for the shutdown delay. It ends at most
 * `closeMs` later.
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
    // Comes before anything is written to DATA_DIR.
    requireDatabase(config);
    // Loaded only where it is used.
    const tracing = config.traces
      ? (await import('./observability/tracing-sdk.ts')).startTracing()
      : undefined;
    const format = config.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json');
    const stderr = await openStderr(format, { isShared: config.processes > 1 });
    const logger = openLog(config.logLevel, stderr, tracing?.ids);
    // By default, an unhandled rejection ends the process. graphql-js 16 leaves promises of a list unhandled when another
    // item fails (graphql-js#4643), and a caller must not be able to stop the server that way.
    const note = (error: unknown) => logger.error({ err: error }, 'unhandled promise rejection');
    process.on('unhandledRejection', note);
    // Applies during startup too, which may wait for an unresponsive database.
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

/** Returns the shutdown delay in seconds: none after Ctrl+C, since a person is waiting. */
function delayOf(signal: NodeJS.Signals, { shutdownDelaySeconds }: Config): number {
  return signal === 'SIGTERM' ? shutdownDelaySeconds : 0;
}

/** Ends the process if it still runs after `ms`: it may wait forever, such as for a lost database. */
function endAfter(ms: number, logger: Logger): void {
  const deadline = setTimeout(() => {
    logger.error({ ms }, 'could not close in time');
    process.exit(1);
  }, ms);
  deadline.unref();
}

/** Error for a program that was stopped during startup. */
class StoppedAtStart extends Error {
  override readonly name = 'StoppedAtStart';

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal} before the start was complete`);
  }
}

/** The first signal to stop. */
function stopSignal() {
  const { promise, resolve } = withResolvers<NodeJS.Signals>();
  const stop = new AbortController();
  void promise.then(signal => stop.abort(new StoppedAtStart(signal)));
  for (const signal of STOP_SIGNALS) process.on(signal, resolve);
  return {
    promise,
    signal: stop.signal,
    forget() {
      for (const signal of STOP_SIGNALS) process.off(signal, resolve);
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

/** Returns one line that a person can act on, or the stack if the error is a bug in usher. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return `usher: ${error}`;
  const refusal = describeRefusal(error);
  if (refusal !== undefined) return `usher: ${refusal}`;
  if (isBusy(error)) return `usher: The database failed during the start: ${reasonOf(error)}`;
  // System errors, such as for a folder without write permission, say what failed and where.
  const isExpected = EXPECTED.some(kind => error instanceof kind) || 'syscall' in error;
  return `usher: ${isExpected ? error.message : error.stack}`;
}
