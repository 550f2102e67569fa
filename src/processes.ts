import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { connectDatabase } from './database.ts';
import { openDatabase } from './db/client.ts';
import { mostConnections, warnOfFewConnections } from './db/connection-budget.ts';
import { createClusterMetrics } from './observability/cluster-metrics.ts';
import { openMetrics } from './observability/open-metrics.ts';
import type { Usher } from './start.ts';

/** The message of a process to its parent when it begins to serve. */
export type Up = Pick<Usher, 'url' | 'demo'>;

/** Error for a child process that could not begin to serve. The child has already reported why. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}

/** The variable in which a parent passes a process its number. A replacement process gets the same number. */
export const PROCESS_NUMBER = 'USHER_PROCESS_NUMBER';

const RESTART_MS = 1_000;
/** How long a process may take to close, in addition to the shutdown delay. */
const PATIENCE_MS = 18_000;

/**
 * Serves with several processes behind one port. Each is a complete usher, and one of them also delivers events. This
 * process keeps the shared database open, distributes connections, and replaces a process that ends.
 */
export async function startProcesses(
  config: Config,
  logger: Logger,
  progress: (message: string) => void,
  stop: AbortSignal,
): Promise<Usher> {
  const connection = await connectDatabase(config, progress, {
    onOutage: message => logger.warn(message),
    stop,
  });
  const children = new Map<number, Worker>();
  const restarts = new Set<NodeJS.Timeout>();
  let isStopping = false;
  let url: string | undefined;
  let metrics: { close(): Promise<void> } | undefined;

  function fork(number: number): Worker {
    const isFirst = number === 0;
    const child = cluster.fork({
      WORKER: String(config.worker && isFirst),
      [PROCESS_NUMBER]: String(number),
    });
    children.set(number, child);
    child.once('online', () => logger.info({ process: child.process.pid }, 'a process begins'));
    child.once('exit', (code, signal) => {
      children.delete(number);
      if (isStopping) return;
      logger.error({ process: child.process.pid, code, signal }, 'a process ended; another begins');
      const restart = setTimeout(() => {
        restarts.delete(restart);
        fork(number);
      }, RESTART_MS);
      restarts.add(restart);
    });
    return child;
  }

  async function close(delaySeconds: number): Promise<void> {
    isStopping = true;
    for (const restart of restarts) clearTimeout(restart);
    await Promise.all([...children.values()].map(child => end(child, delaySeconds)));
    await metrics?.close();
    await connection.close();
  }

  try {
    if (config.directDatabaseUrl === undefined) {
      await warnOfFewConnectionsOfAll(connection.url, config, logger);
    }
    if (config.metrics !== undefined) {
      metrics = await openMetrics({
        ...config.metrics,
        url: connection.url,
        logger,
        ofProcesses: createClusterMetrics(),
        ready: () => requireReady(url),
      });
    }
    // The first process creates the demo data for the others.
    const up = await upOf(fork(0));
    url = up.url;
    const others = Array.from({ length: config.processes - 1 }, (_, i) => fork(i + 1));
    await Promise.all(others.map(upOf));
    return { ...up, lost: connection.lost, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

const READY_MS = 3_000;

/** Resolves if a process serves and reports that it is ready, and rejects otherwise. */
async function requireReady(url: string | undefined): Promise<void> {
  if (url === undefined) throw new Error('no process serves yet');
  const { ok } = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(READY_MS) });
  if (!ok) throw new Error('not ready');
}

async function warnOfFewConnectionsOfAll(
  url: string,
  config: Config,
  logger: Logger,
): Promise<void> {
  const database = openDatabase(url, { poolSize: 1 });
  try {
    await warnOfFewConnections(database.sql, mostConnections(config), logger);
  } finally {
    await database.close();
  }
}

/** Returns the message of a process when it serves. Throws ProcessError if it ends before that. */
async function upOf(child: Worker): Promise<Up> {
  const ended = once(child, 'exit').then(() => {
    throw new ProcessError('A process could not begin to serve.');
  });
  const said = new Promise<Up>(resolve => {
    // Later messages are answers to the parent's requests for metrics.
    child.on('message', (message: object) => {
      if ('demo' in message || 'url' in message) resolve(message as Up);
    });
  });
  const up = await Promise.race([said, ended]);
  ended.catch(() => undefined);
  return up;
}

async function end(child: Worker, delaySeconds: number): Promise<void> {
  if (child.isDead()) return;
  const ended = once(child, 'exit');
  // The child has the same configuration, and delays its shutdown only after SIGTERM.
  child.process.kill(delaySeconds > 0 ? 'SIGTERM' : 'SIGINT');
  const patience = PATIENCE_MS + delaySeconds * 1_000;
  const deadline = setTimeout(() => child.process.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(deadline);
}
