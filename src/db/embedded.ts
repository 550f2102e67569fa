import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, openCluster } from './embedded-cluster.ts';
import {
  discardLockFile,
  findPort,
  findServer,
  hasEnded,
  isServing,
  readExitMessage,
  type Server,
  type Started,
  startServer,
  stopServer,
} from './embedded-server.ts';

const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const POLL_MS = 20;
const START_ATTEMPTS = 5;
// The child processes of a killed server are still ending.
const STILL_IN_USE = /pre-existing shared memory block .* is still in use/;

/** Advisory locks in the maintenance database. Every user of the server holds the first one in shared mode. */
const USERS = 727_073_001;
const CREATION = 727_073_002;

/** Error for a database that cannot be opened or closed. The message has its folder and the cause. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** The connection string of the database `usher`, as its superuser. The server keeps its port when it restarts. */
  url: string;
  /** Resolves when the server has ended unexpectedly and cannot be restarted. */
  lost: Promise<EmbeddedPostgresError>;
  /** Stops using the server. The last process that closes stops the server and waits until it has ended. */
  close(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The folder of the database and the log of the server; created if missing. */
  dataDir: string;
  /** Called with a short message before each slow step. */
  onProgress?: (message: string) => void;
  /** Called when the server has ended unexpectedly, and when it is back. */
  onOutage?: (message: string) => void;
  /** Server settings. They take effect only if this call starts the server. */
  settings?: Record<string, string>;
}

/**
 * Opens the PostgreSQL server of `dataDir`; creates and starts it if needed, and shares it with all processes that open it.
 * The server listens on 127.0.0.1 only and requires a generated password. If a user of the server is killed, the server
 * runs on, and the next process that opens and closes it stops it. If the server is killed, its users restart it on the
 * same port, with all committed data.
 * Waits up to 30 seconds until the server is ready. Rejects with an EmbeddedPostgresError.
 */
export async function openEmbedded(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, onProgress = () => {}, onOutage = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  let isClosing = false;
  try {
    const cluster = await openCluster(dataDir, settings, onProgress);
    let keeper = await enter(cluster, { settings });
    const { port } = keeper;
    let reconnected = Promise.resolve();
    let closed: Promise<void> | undefined;

    const lost = new Promise<EmbeddedPostgresError>(giveUp => {
      const watch = () => {
        void keeper.ended.then(() => {
          if (!isClosing) reconnected = reconnect();
        });
      };
      const reconnect = async () => {
        onOutage('the connection to the embedded database was lost; reconnecting');
        try {
          keeper = await enter(cluster, { settings, port, isCancelled: () => isClosing });
          onOutage('the embedded database is back');
          watch();
        } catch (error) {
          if (!isClosing) giveUp(explain('open', dataDir, error));
        }
      };
      watch();
    });

    return {
      url: `postgresql://usher:${cluster.password}@127.0.0.1:${port}/usher`,
      lost,
      close() {
        isClosing = true;
        closed ??= reconnected
          .then(() => leave(cluster, keeper))
          .catch(error => {
            throw explain('close', dataDir, error);
          });
        return closed;
      },
    };
  } catch (error) {
    throw explain('open', dataDir, error);
  }
}

/** A connection that makes this process a user of the server while it is open. */
interface Keeper {
  client: pg.Client;
  port: number;
  /** Resolves when the connection has ended for any reason. */
  ended: Promise<void>;
}

interface EnterOptions {
  settings: Record<string, string>;
  /** The required port of the server; any port if missing. */
  port?: number;
  /** Returns whether to stop trying, unless a server was started already. */
  isCancelled?: () => boolean;
}

/** Makes this process a user of the server, and starts the server if needed. */
async function enter(cluster: Cluster, options: EnterOptions): Promise<Keeper> {
  const { settings, port, isCancelled = () => false } = options;
  const deadline = performance.now() + TIMEOUT_MS;
  let started: Started | undefined;
  let failures = 0;
  while (performance.now() < deadline) {
    const server = await findServer(cluster.data);
    if (server?.state === 'ready') {
      const keeper = await enterServer(cluster, server);
      if (keeper) return keeper;
    } else if (started && hasEnded(started)) {
      // The start also fails if another process was faster; the next attempt may find its server.
      const reason = await readExitMessage(cluster.log, started);
      const isTransient = started.child.exitCode === 0 || STILL_IN_USE.test(reason);
      if (!isTransient && ++failures === START_ATTEMPTS)
        throw new Error(`PostgreSQL did not start: ${reason}`);
      started = undefined;
    } else if (server?.state === 'unreadable') {
      await discardLockFile(cluster.data, server.content);
    } else if (!started && server?.state !== 'starting or stopping') {
      if (isCancelled()) throw new Error('it is being closed');
      // Reuses the port, so that other processes can reconnect.
      const free = await findPort(port ?? server?.port);
      if (port === undefined || free === port)
        started = await startServer(cluster, settings, { port: free, stalePid: server?.pid });
    }
    await delay(POLL_MS);
  }
  throw new Error(
    `PostgreSQL was not ready in ${TIMEOUT_MS / 1000} s${port === undefined ? '' : ` at port ${port}`}; see ${cluster.log}`,
  );
}

/** Returns a connection that makes this process a user of the server; undefined if that is not possible now. */
async function enterServer(cluster: Cluster, server: Server): Promise<Keeper | undefined> {
  const { port } = server;
  if (port === undefined) return undefined;
  const client = createClient(cluster, port);
  const ended = new Promise<void>(resolve => client.once('end', () => resolve()));
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [USERS]);
    await createDatabase(client);
    // The lock may be free because its holder has just stopped the server.
    if (await isServing(cluster.data, server)) return { client, port, ended };
  } catch (error) {
    if (!isTransient(error) && (await isServing(cluster.data, server))) {
      await client.end();
      throw error;
    }
  }
  await client.end();
  return undefined;
}

/** Returns whether the server is recovering from a crash or stopping. */
function isTransient(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^57P0[123]$/.test(error.code ?? '');
}

function createClient(cluster: Cluster, port: number): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'usher',
    password: cluster.password,
    database: 'postgres',
    ssl: false,
    application_name: 'usher keeper',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: `-c lock_timeout=${TIMEOUT_MS}`,
  });
  // A lost connection fails the next query.
  client.on('error', () => {});
  return client;
}

async function createDatabase(keeper: pg.Client): Promise<void> {
  await keeper.query('SELECT pg_advisory_lock($1)', [CREATION]);
  const { rowCount } = await keeper.query("SELECT FROM pg_database WHERE datname = 'usher'");
  if (rowCount === 0) await keeper.query('CREATE DATABASE usher');
  await keeper.query('SELECT pg_advisory_unlock($1)', [CREATION]);
}

/** Stops using the server, and stops the server if it has no other users. */
async function leave(cluster: Cluster, keeper: Keeper): Promise<void> {
  // A keeper with a lost connection no longer holds the lock.
  await keeper.client.query('SELECT pg_advisory_unlock_shared($1)', [USERS]).catch(() => {});
  await keeper.client.end();
  const server = await findServer(cluster.data);
  if (server?.state !== 'ready' || server.port === undefined) return;
  const client = createClient(cluster, server.port);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS last', [USERS]);
    // Holds the lock until the end, so that no process uses a server that is stopping.
    if (rows[0]?.last) await stopServer(cluster, server.pid);
  } catch (error) {
    if (await isServing(cluster.data, server)) throw error;
  } finally {
    await client.end();
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
