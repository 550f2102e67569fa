import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { describeRefusal, isPoolerAlone, LOST_SYSTEM } from './constraints.ts';
import { announcedPid, breakOff, SessionClient } from './session.ts';

/** The oldest major version of PostgreSQL that usher works with. */
export const OLDEST_VERSION = 15;
/** The schema of all tables. Prisma names it, and the connections for hand-written SQL and migrations search it first. */
export const SCHEMA = 'public';
const CONNECT_TIMEOUT_MS = 10_000;
const PAUSE_MS = 1_000;

/** Error for an unusable database. The message names it and says why, in one line. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

export interface ReachOptions {
  /** The variable that has the address, for messages. */
  variable: string;
  /** How long to wait for a database that does not answer yet, in seconds. */
  waitSeconds: number;
  /** Called with a message when the wait begins. */
  onWait: (message: string) => void;
  /** Ends the wait, with its reason. */
  signal?: AbortSignal | undefined;
}

/** The database that an address leads to. */
export interface Reached {
  /** Its identity (`readIdentity`), which its replicas share. */
  identity: string | undefined;
  isReplica: boolean;
}

/**
 * Connects once, and returns what it reached. Waits for a database that is not up yet. Throws a DatabaseError if the
 * database does not come up, if it refuses the connection, or if usher cannot work with its version, schema, encoding, locale
 * or replication role.
 */
export async function requireReachable(
  url: string,
  { variable, waitSeconds, onWait, signal }: ReachOptions,
): Promise<Reached> {
  const named = new URL(url).searchParams.get('schema');
  if (named !== null && named !== SCHEMA) {
    throw new DatabaseError(`${variable} leads to ${otherSchema(named)}`);
  }
  const deadline = performance.now() + waitSeconds * 1_000;
  for (let isWaiting = false; ; isWaiting = true) {
    signal?.throwIfAborted();
    try {
      return await look(url, variable);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      const refusal = describeRefusal(error, variable);
      if (refusal !== undefined) throw new DatabaseError(refusal);
      const problem = describeConnection(url, error);
      if (!isAbsent(error) || performance.now() >= deadline) {
        throw new DatabaseError(`${variable}: ${problem}`);
      }
      if (!isWaiting) onWait(`${variable}: ${problem}. Trying again for ${waitSeconds} s`);
      await delay(PAUSE_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  }
}

async function look(url: string, variable: string): Promise<Reached> {
  const client = new SessionClient({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks fails the statement that needs it.
  let broken: Error | undefined;
  client.on('error', error => {
    broken ??= error;
  });
  try {
    await client.connect();
    // A pooler in statement mode ends the connection.
    await client.query('BEGIN');
    const { rows } = await client.query<Looked>(LOOK);
    await client.query('ROLLBACK');
    const [looked] = rows;
    const problem = looked && problemOf(looked, looked.pid !== announcedPid(client));
    if (problem !== undefined) throw new DatabaseError(`${variable} leads to ${problem}`);
    return { identity: await readIdentity(client), isReplica: looked?.isReplica ?? false };
  } catch (error) {
    throw error instanceof DatabaseError ? error : (broken ?? error);
  } finally {
    breakOff(client);
  }
}

interface Looked {
  pid: number;
  isReplica: boolean;
  version: number;
  schema: string | null;
  encoding: string;
  foldsAscii: boolean;
  replicationRole: string;
}

const LOOK = `
  SELECT pg_backend_pid() AS pid,
         pg_is_in_recovery() AS "isReplica",
         current_setting('server_version_num')::int / 10000 AS version,
         current_schema() AS schema,
         current_setting('server_encoding') AS encoding,
         lower('I') = 'i' AS "foldsAscii",
         current_setting('session_replication_role') AS "replicationRole"`;

/** Returns why usher cannot work with a database, and what to do about it. */
function problemOf(
  { version, schema, encoding, foldsAscii, replicationRole }: Looked,
  isPooled: boolean,
): string | undefined {
  if (version < OLDEST_VERSION) {
    return `PostgreSQL ${version}; usher needs ${OLDEST_VERSION} or later`;
  }
  if (encoding !== 'UTF8') {
    return `a database with the encoding ${encoding}; usher needs one made with ENCODING 'UTF8' TEMPLATE template0`;
  }
  if (!foldsAscii) {
    return `a database whose locale has ı for I in lower case, so that usher could not compare addresses; usher needs one made with another locale, such as C.UTF-8`;
  }
  if (replicationRole === 'replica') {
    return `a database where session_replication_role is replica, so that no trigger counts seats; reset it for the role and the database`;
  }
  // Behind a pooler, another client may have set the search path. All statements set their own.
  return schema === SCHEMA || isPooled ? undefined : otherSchema(schema ?? '(none)');
}

/** Returns the ids of the cluster and of the database in it; undefined if the role may not read them. */
export async function readIdentity(client: pg.ClientBase): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ id: string }>(
      `SELECT system_identifier || '/' || oid AS id
         FROM pg_control_system(), pg_database WHERE datname = current_database()`,
    );
    return rows[0]?.id;
  } catch (error) {
    // Some hosting providers deny access to it.
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  }
}

/** Returns whether both identities are known and differ. */
export function areDifferent(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function otherSchema(name: string): string {
  return `the schema ${name}; usher uses the schema ${SCHEMA} alone. Give usher a database of its own, in which the search_path of its role begins with ${SCHEMA}`;
}

/** Returns why the connection to a database failed, without the secrets of its URL. */
export function describeConnection(url: string, error: unknown): string {
  return `cannot connect to ${withoutSecrets(url)}: ${reasonOf(error)}`;
}

function withoutSecrets(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? host}${pathname}`;
}

/** Returns why a database failed, in one line. */
export function reasonOf(error: unknown): string {
  // A failed connection to several addresses of one host has no message.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && UNKNOWN_CA.test(String(error.code))
    ? `${error.message}. Name the certificate of the CA with ?sslrootcert=FILE, or in NODE_EXTRA_CA_CERTS`
    : // Prisma writes the call in front.
      (error.message.trim().split('\n').at(-1) ?? '');
}

const UNKNOWN_CA = /^(?:UNABLE_TO_(?:VERIFY|GET_ISSUER)|SELF_SIGNED_CERT|DEPTH_ZERO)/;

/** The server is starting, is shutting down, or has no free connection. */
const NOT_YET = /^(?:57P|53|08(?!P01))/;

/** Returns whether the database may yet come up, unlike one that refuses the role. */
function isAbsent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isAbsent);
  if (error instanceof pg.DatabaseError) {
    return NOT_YET.test(error.code ?? '') || isPoolerAlone(error);
  }
  if (!(error instanceof Error)) return false;
  // A missing socket, not a missing certificate.
  if ('code' in error && error.code === 'ENOENT') {
    return 'syscall' in error && error.syscall === 'connect';
  }
  if ('code' in error) return LOST_SYSTEM.includes(String(error.code));
  return /timeout|Connection terminated|Connection ended/i.test(error.message);
}
