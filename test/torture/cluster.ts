import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { openCluster } from '../../src/db/embedded-cluster.ts';
import { type Child, startChild } from './child.ts';

/** How the database dies. After the last it gets up by itself. */
export const DEATHS = ['kill -9 of all', 'immediate shutdown', 'kill -9 of one backend'] as const;
type Death = (typeof DEATHS)[number];

/** A PostgreSQL of our own, which writes to disk as it does in production, to be killed and started again. */
export interface TortureCluster {
  url: string;
  die(death: Death): Promise<void>;
  /** Starts it again unless it lives, and waits until it takes connections. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

const START_MS = 30_000;
const POLL_MS = 20;

/** Makes an empty one, which does not run yet, to listen on this port of 127.0.0.1. */
export async function createTortureCluster(port: number): Promise<TortureCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-torture-'));
  // Root's server runs as another account, which has to get in.
  await chmod(folder, 0o755);
  const { data, password, runtime } = await openCluster(folder, {}, () => undefined);
  const url = `postgresql://usher:${password}@127.0.0.1:${port}`;
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=on',
    'synchronous_commit=on',
  ].flatMap(setting => ['-c', setting]);
  let server: Child | undefined;
  let isClosed = false;

  async function start(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!(await isServing(url))) {
      if (performance.now() > deadline) {
        throw new Error(`PostgreSQL does not start: ${server?.lastWords()}`);
      }
      if (isClosed) throw new Error('The database is not started any more.');
      // It also gives up where the last backends of its dead predecessor are still going.
      if (!server?.isAlive()) {
        server = await startChild(join(runtime.bin, 'postgres'), ['-D', data, ...settings], {
          ...runtime.spawn,
        });
      }
      await delay(POLL_MS);
    }
  }

  return {
    url: `${url}/usher`,
    async die(death) {
      if (death === 'immediate shutdown') return void (await server?.end('SIGQUIT'));
      if (death === 'kill -9 of one backend') return await slayOne(url);
      const pids = await ask(url, processes);
      const ended = server?.end('SIGKILL');
      for (const pid of pids) slay(pid);
      await ended;
    },
    start,
    async close() {
      isClosed = true;
      if (server?.isAlive()) await server.end('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
      // Where root's account cannot get into the folder, the data are elsewhere.
      await rm(dirname(data), { recursive: true, force: true });
    },
  };
}

/** Whether it takes connections; makes the database on the first of them. */
async function isServing(url: string): Promise<boolean> {
  try {
    await ask(url, async client => {
      const { rowCount } = await client.query(
        "SELECT FROM pg_database WHERE datname = 'usher' AND datallowconn",
      );
      if (rowCount === 0) await client.query('CREATE DATABASE usher');
    });
    return true;
  } catch {
    return false;
  }
}

/** The ids of the server's processes but the first, those that work for usher in front. */
async function processes(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
      ORDER BY application_name = 'usher' DESC, state = 'active' DESC, random()`,
  );
  return rows.map(({ pid }) => pid);
}

/** Kills one, and waits until the server has noticed, and dropped all others. */
async function slayOne(url: string): Promise<void> {
  await ask(url, async client => {
    const [pid] = await processes(client);
    const dropped = new Promise<void>(resolve => client.once('end', () => resolve()));
    slay(pid);
    await dropped;
  });
}

async function ask<T>(url: string, question: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: `${url}/postgres`,
    connectionTimeoutMillis: START_MS,
    application_name: 'torture',
  });
  // A connection that breaks fails the statement that needs it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await question(client);
  } finally {
    await client.end();
  }
}

function slay(pid: number | undefined): void {
  try {
    if (pid) process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
