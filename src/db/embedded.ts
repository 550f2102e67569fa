import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, openCluster } from './embedded-cluster.ts';
import { isRunningWith, runProgram } from './embedded-runtime.ts';

const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const POLL_MS = 20;
const START_ATTEMPTS = 5;

/** Advisory locks in the maintenance database: every user holds the first one shared. */
const USERS = 727_073_001;
const CREATION = 727_073_002;

/** The database could not be opened or closed; the message names its folder and what is wrong. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** A connection string for the database `usher`, as its superuser. */
  url: string;
  /** Leaves the server; the last of all processes to leave stops it and waits until it has gone. */
  close(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the database and the server's log; created if missing. */
  dataDir: string;
  /** Told, in a few words, of what takes longer than an eye's blink. */
  onProgress?: (message: string) => void;
  /** Server settings, which take effect if this call is the one that starts the server. */
  settings?: Record<string, string>;
}

/**
 * Opens the PostgreSQL server that lives in `dataDir`, creating and starting it as needed, and shares
 * it with every process that does the same. It listens on 127.0.0.1 alone, behind a generated
 * password, and survives the death of any of its users; the next one to open and close stops it.
 * Waits half a minute for a server to be ready, and rejects with an EmbeddedPostgresError.
 */
export async function openEmbedded(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, onProgress = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  try {
    const cluster = await openCluster(dataDir, settings, onProgress);
    const { keeper, port } = await enter(cluster, settings);
    let closed: Promise<void> | undefined;
    return {
      url: `postgresql://usher:${cluster.password}@127.0.0.1:${port}/usher`,
      close() {
        closed ??= leave(cluster, keeper).catch(error => {
          throw explain('close', dataDir, error);
        });
        return closed;
      },
    };
  } catch (error) {
    throw explain('open', dataDir, error);
  }
}

interface Server {
  pid: number;
  port: number;
  state: 'ready' | 'starting or stopping' | 'dead';
}

/** What postmaster.pid says, checked against the process that it names. */
async function findServer(data: string): Promise<Server | undefined> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port, , , , status] = file.split('\n').map(line => line.trim());
  if (!pid) return undefined;
  const alive = await isRunningWith(Number(pid), data);
  const state = !alive ? 'dead' : status === 'ready' ? 'ready' : 'starting or stopping';
  return { pid: Number(pid), port: Number(port), state };
}

async function isServing(cluster: Cluster, server: Server): Promise<boolean> {
  const found = await findServer(cluster.data);
  return found?.state === 'ready' && found.pid === server.pid;
}

/** Becomes a user of the server, which is started if it does not run. */
async function enter(
  cluster: Cluster,
  settings: Record<string, string>,
): Promise<{ keeper: pg.Client; port: number }> {
  const deadline = performance.now() + TIMEOUT_MS;
  let started: Started | undefined;
  let failures = 0;
  while (performance.now() < deadline) {
    const server = await findServer(cluster.data);
    if (server?.state === 'ready') {
      const keeper = await enterServer(cluster, server);
      if (keeper) return { keeper, port: server.port };
    } else if (!server || server.state === 'dead') {
      if (!started) {
        started = await startServer(cluster, settings, server?.pid);
      } else if (hasEnded(started.child)) {
        // the loser of a race for the lock or the port fails too, and may find a server next time
        if (started.child.exitCode !== 0 && ++failures === START_ATTEMPTS)
          throw new Error(`PostgreSQL did not start: ${await lastWords(cluster.log, started)}`);
        started = undefined;
      }
    }
    await delay(POLL_MS);
  }
  throw new Error(`PostgreSQL was not ready in ${TIMEOUT_MS / 1000} s; see ${cluster.log}`);
}

/** A connection that counts as a user of this server, or undefined if it is stopping. */
async function enterServer(cluster: Cluster, server: Server): Promise<pg.Client | undefined> {
  const keeper = createClient(cluster, server);
  try {
    await keeper.connect();
    await keeper.query('SELECT pg_advisory_lock_shared($1)', [USERS]);
    await createDatabase(keeper);
    // the lock may have come free because its holder has just stopped the server
    if (await isServing(cluster, server)) return keeper;
  } catch (error) {
    if (await isServing(cluster, server)) {
      await keeper.end();
      throw error;
    }
  }
  await keeper.end();
  return undefined;
}

function createClient(cluster: Cluster, server: Server): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'usher',
    password: cluster.password,
    database: 'postgres',
    ssl: false,
    application_name: 'usher keeper',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: `-c lock_timeout=${TIMEOUT_MS}`,
  });
  // a connection that is lost fails the next query
  client.on('error', () => {});
  return client;
}

async function createDatabase(keeper: pg.Client): Promise<void> {
  await keeper.query('SELECT pg_advisory_lock($1)', [CREATION]);
  const { rowCount } = await keeper.query("SELECT FROM pg_database WHERE datname = 'usher'");
  if (rowCount === 0) await keeper.query('CREATE DATABASE usher');
  await keeper.query('SELECT pg_advisory_unlock($1)', [CREATION]);
}

interface Started {
  child: ChildProcess;
  logOffset: number;
}

/** Starts a server that outlives this process and hears no signal of its terminal. */
async function startServer(
  cluster: Cluster,
  settings: Record<string, string>,
  stalePid: number | undefined,
): Promise<Started> {
  const { runtime, data } = cluster;
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const all = Object.entries({ ...settings, ...fixed, port: await findPort() });
  // makes PostgreSQL take a lock file for stale whose process id now belongs to another program
  const stale = stalePid && runtime.spawn.env && { PG_GRANDPARENT_PID: `${stalePid}` };
  const log = await open(cluster.log, 'a', 0o600);
  try {
    const { size: logOffset } = await log.stat();
    const { uid, gid } = runtime.spawn;
    if (uid !== undefined && gid !== undefined) await log.chown(uid, gid);
    const child = spawn(
      join(runtime.bin, 'postgres'),
      ['-D', data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...runtime.spawn,
        ...(stale && { env: { ...runtime.spawn.env, ...stale } }),
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    await once(child, 'spawn');
    child.unref();
    return { child, logOffset };
  } finally {
    await log.close();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Why a server that was started has ended, in its own words. */
async function lastWords(log: string, { child, logOffset }: Started): Promise<string> {
  const lines = (await readFile(log)).subarray(logOffset).toString().trim().split('\n');
  const line = lines.findLast(line => /FATAL|PANIC/.test(line)) ?? lines.at(-1);
  return line?.replace(/^.*(FATAL|PANIC): +/, '') || `it ended with ${child.exitCode}`;
}

async function findPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('there is no free port');
  return `${address.port}`;
}

/** Ends being a user of the server, and stops it if there are no others. */
async function leave(cluster: Cluster, keeper: pg.Client): Promise<void> {
  // a keeper that lost its connection holds the lock no more
  await keeper.query('SELECT pg_advisory_unlock_shared($1)', [USERS]).catch(() => {});
  await keeper.end();
  const server = await findServer(cluster.data);
  if (server?.state !== 'ready') return;
  const client = createClient(cluster, server);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS last', [USERS]);
    // the lock is held to the end, so that nobody enters a server that is about to stop
    if (rows[0]?.last) await stopServer(cluster, server);
  } catch (error) {
    if (await isServing(cluster, server)) throw error;
  } finally {
    await client.end();
  }
}

async function stopServer({ runtime, data, log }: Cluster, { pid }: Server): Promise<void> {
  await runProgram(runtime, 'pg_ctl', ['kill', 'INT', `${pid}`]);
  const deadline = performance.now() + TIMEOUT_MS;
  while (await isRunningWith(pid, data)) {
    if (performance.now() > deadline)
      throw new Error(`PostgreSQL (process ${pid}) does not stop; see ${log}`);
    await delay(POLL_MS);
  }
}

const CAUSES: Record<string, string> = {
  EACCES: 'this account has no permission to use it',
  EPERM: 'this account has no permission to use it',
  EROFS: 'it cannot be written to',
  EEXIST: 'it is not a folder',
  ENOTDIR: 'it is not a folder',
  ENOSPC: 'the disk is full',
};

function explain(verb: 'open' | 'close', dataDir: string, cause: unknown): EmbeddedPostgresError {
  const error: NodeJS.ErrnoException = cause instanceof Error ? cause : new Error(String(cause));
  const words = CAUSES[error.code ?? ''] ?? error.message.split('\n')[0];
  return new EmbeddedPostgresError(`Cannot ${verb} the database in ${dataDir}: ${words}`, {
    cause,
  });
}
