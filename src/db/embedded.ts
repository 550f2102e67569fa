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
  lastWords,
  type Server,
  type Started,
  startServer,
  stopServer,
} from './embedded-server.ts';

const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const POLL_MS = 20;
const START_ATTEMPTS = 5;
// What is left of a server that was killed has yet to notice.
const STILL_IN_USE = /pre-existing shared memory block .* is still in use/;

/** Advisory locks in the maintenance database: every user holds the first one shared. */
const USERS = 727_073_001;
const CREATION = 727_073_002;

/** The database could not be opened or closed; the message names its folder and what is wrong. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** A connection string for the database `usher`, as its superuser; the server keeps its port when it is started again. */
  url: string;
  /** Resolves when the server has ended by itself and could not be started again. */
  lost: Promise<EmbeddedPostgresError>;
  /** Leaves the server; the last of all processes to leave stops it and waits until it has gone. */
  close(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the database and the server's log; created if missing. */
  dataDir: string;
  /** Told, in a few words, of what takes longer than an eye's blink. */
  onProgress?: (message: string) => void;
  /** Told when the server has ended by itself, and when it is back. */
  onOutage?: (message: string) => void;
  /** Server settings, which take effect if this call is the one that starts the server. */
  settings?: Record<string, string>;
}

/**
 * Opens the PostgreSQL server that lives in `dataDir`, creating and starting it as needed, and shares
 * it with every process that does the same. It listens on 127.0.0.1 alone, behind a generated
 * password, and survives the death of any of its users; the next one to open and close stops it.
 * When it is killed, its users start it again, at the same port, and what was committed is there.
 * Waits half a minute for a server to be ready, and rejects with an EmbeddedPostgresError.
 */
export async function openEmbedded(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, onProgress = () => {}, onOutage = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  let isClosing = false;
  try {
    const cluster = await openCluster(dataDir, settings, onProgress);
    let keeper = await enter(cluster, { settings });
    const { port } = keeper;
    let returned = Promise.resolve();
    let closed: Promise<void> | undefined;

    const lost = new Promise<EmbeddedPostgresError>(giveUp => {
      const watch = () => {
        void keeper.ended.then(() => {
          if (!isClosing) returned = comeBack();
        });
      };
      const comeBack = async () => {
        onOutage('the connection to the embedded database was lost; it is opened again');
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
        closed ??= returned
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

/** A connection that counts as a user of the server, for as long as it lasts. */
interface Keeper {
  client: pg.Client;
  port: number;
  /** Resolves when the connection has ended, for whatever reason. */
  ended: Promise<void>;
}

interface EnterOptions {
  settings: Record<string, string>;
  /** The port that it has to be at; any will do where this is left out. */
  port?: number;
  /** Whether to give up, unless a server was begun already. */
  isCancelled?: () => boolean;
}

/** Becomes a user of the server, which is started if it does not run. */
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
      // the loser of a race for the lock or the port fails too, and may find a server next time
      const reason = await lastWords(cluster.log, started);
      const isPassing = started.child.exitCode === 0 || STILL_IN_USE.test(reason);
      if (!isPassing && ++failures === START_ATTEMPTS)
        throw new Error(`PostgreSQL did not start: ${reason}`);
      started = undefined;
    } else if (server?.state === 'unreadable') {
      await discardLockFile(cluster.data, server.content);
    } else if (!started && server?.state !== 'starting or stopping') {
      if (isCancelled()) throw new Error('it is being closed');
      // the same port as before, so that those who lost their connections find it again
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

/** A connection that counts as a user of this server, or undefined if it cannot be entered now. */
async function enterServer(cluster: Cluster, server: Server): Promise<Keeper | undefined> {
  const { port } = server;
  if (port === undefined) return undefined;
  const client = createClient(cluster, port);
  const ended = new Promise<void>(resolve => client.once('end', () => resolve()));
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [USERS]);
    await createDatabase(client);
    // the lock may have come free because its holder has just stopped the server
    if (await isServing(cluster.data, server)) return { client, port, ended };
  } catch (error) {
    if (!isPassing(error) && (await isServing(cluster.data, server))) {
      await client.end();
      throw error;
    }
  }
  await client.end();
  return undefined;
}

/** The server is recovering from a crash, or about to stop. */
function isPassing(error: unknown): boolean {
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

/** Ends being a user of the server, and stops it if there are no others. */
async function leave(cluster: Cluster, keeper: Keeper): Promise<void> {
  // a keeper that lost its connection holds the lock no more
  await keeper.client.query('SELECT pg_advisory_unlock_shared($1)', [USERS]).catch(() => {});
  await keeper.client.end();
  const server = await findServer(cluster.data);
  if (server?.state !== 'ready' || server.port === undefined) return;
  const client = createClient(cluster, server.port);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS last', [USERS]);
    // the lock is held to the end, so that nobody enters a server that is about to stop
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
