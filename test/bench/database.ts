import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { type BenchData, loadData, type Plan } from './data.ts';
import { parentOf } from './processes.ts';

/** A database full of seats. */
export interface BenchDatabase {
  url: string;
  data: BenchData;
  /** The bench's own connection, whose statements are not logged. */
  client: pg.Client;
  /** The server's first process; undefined where processes cannot be looked at. */
  postmaster: number | undefined;
  /** The server's log. */
  log: string;
}

/** A PostgreSQL of the bench's own, with its own defaults, fsync included. */
export interface BenchPostgres {
  /** Makes a database and fills it. */
  addDatabase(name: string, plan: Plan): Promise<BenchDatabase>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** Starts one in a temporary folder, with settings if there are any. */
export async function openPostgres(settings: Record<string, string> = {}): Promise<BenchPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  const clients: pg.Client[] = [];
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    // Root's server runs as another account, which has to get in.
    await chmod(dataDir, 0o755);
    const postgres = await openEmbedded({ dataDir, settings });
    const log = join(dataDir, 'postgres.log');
    return {
      async addDatabase(name, plan) {
        const url = new URL(postgres.url);
        url.pathname = `/${name}`;
        await createDatabase(postgres.url, name);
        await migrate({ url: url.href }, { directory: MIGRATIONS });
        const client = await connect(url.href);
        clients.push(client);
        const data = await loadData(client, plan);
        const postmaster = await findPostmaster(client);
        return { url: url.href, data, client, postmaster, log };
      },
      async close() {
        for (const client of clients) await client.end().catch(() => undefined);
        await postgres.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = await connect(url);
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'bench',
    options: '-c log_min_duration_statement=-1',
  });
  // A connection that breaks fails the statement that needs it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function findPostmaster(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return await parentOf(rows[0]?.pid);
}
