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

/** The message of a process to its parent once it serves. */
export type Up = Pick<Usher, 'url' | 'demo'>;

/** A process of several could not begin to serve; it has said why itself. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}

/** The variable in which a process gets its number from its parent. Its successor has the same one. */
export const PROCESS_NUMBER = 'USHER_PROCESS_NUMBER';

const RESTART_MS = 1_000;
/** How long a process may take to close, beside the delay of the shutdown. */
const PATIENCE_MS = 18_000;

/**
 * Serves with several processes behind one port, each a whole usher, of which one delivers events besides. This process
 * keeps the database that they share, hands out connections, and replaces a process that ends.
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
    // The first process creates the demo data, which the others find.
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

/** Resolves if a process serves and says that it is ready, and rejects otherwise. */
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

/** What a process says once it serves. Throws ProcessError when it ends before. */
async function upOf(child: Worker): Promise<Up> {
  const ended = once(child, 'exit').then(() => {
    throw new ProcessError('A process could not begin to serve.');
  });
  const said = new Promise<Up>(resolve => {
    // Later messages are answers to its parent's questions for metrics.
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
  // It has the same configuration, and goes on serving at SIGTERM alone.
  child.process.kill(delaySeconds > 0 ? 'SIGTERM' : 'SIGINT');
  const patience = PATIENCE_MS + delaySeconds * 1_000;
  const deadline = setTimeout(() => child.process.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(deadline);
}
