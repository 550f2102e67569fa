import pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Returns the name of the unique index, foreign key or CHECK that a statement violated; undefined for any other error.
 * Only this module knows how the driver, Prisma and its adapter represent a PostgreSQL error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.constraint;
  const cause = adapterCause(error);
  if (cause === undefined) return undefined;
  const { constraint, message } = cause;
  if (constraint?.index !== undefined) return constraint.index;
  // For a CHECK violation, only the message contains the name of the constraint.
  return /violates check constraint "([^"]+)"/.exec(message ?? '')?.[1];
}

// Errors of a connection that broke, was ended or refused, or could not be opened: from PostgreSQL, which may translate the
// severity; from Prisma; from its adapter, whose errors of raw statements have no other code; from the driver; and from the
// system.
const FATAL = ['FATAL', 'PANIC'];
const ENDING = ['57P01', '57P02', '57P03', '57P05', '25P03', '25P04'];
const LOST_PRISMA = ['P1001', 'P1002', 'P1017'];
const LOST_ADAPTER = ['DatabaseNotReachable', 'ConnectionClosed'];
const REFUSED_ADAPTER = ['DatabaseDoesNotExist', 'DatabaseAccessDenied', 'AuthenticationFailed'];
const LOST_DRIVER = /^Connection terminated|is not queryable/;
/** The codes for a host that is unreachable or gone. */
export const LOST_SYSTEM: readonly string[] = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
];

/** The SQLSTATE of a server, database or role without a free connection. */
export const TOO_MANY_CONNECTIONS = '53300';

// Prisma: timeout, no free connection in the pool, transaction timeout, transaction conflict.
const BUSY_PRISMA = ['P1008', 'P2024', 'P2028', 'P2034'];
// PostgreSQL: lock timeout, statement timeout, deadlock, serialization failure, too many connections; read-only, as a
// replica is after a failover; a full disk, and no memory.
const BUSY_POSTGRES = [
  ...['55P03', '57014', '40P01', '40001'],
  ...[TOO_MANY_CONNECTIONS, '25006', '53100', '53200'],
];
const BUSY_ADAPTER = ['SocketTimeout', 'TooManyConnections', ...REFUSED_ADAPTER];
// The driver: a connection that could not be opened in time, and one that did not answer.
const BUSY_DRIVER = /timeout exceeded when trying to connect|^Query read timeout/;

/** The messages of a pooler without a free connection. It sends them as PostgreSQL errors whose SQLSTATE says nothing. */
const POOLER_ALONE =
  /server login|server_login_retry|query_wait_timeout|connect failed|server conn|pgbouncer cannot connect|no more connections allowed|connections exceeded|is disabled|database removed|query timeout/i;
const PROTOCOL_VIOLATION = '08P01';

/** Error for a temporary failure of the database. The message says whether anything was changed. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy';
  /** Whether it is certain that nothing was changed. */
  readonly isUndone: boolean;

  constructor(what: 'undone' | 'unknown', options: ErrorOptions) {
    super(MESSAGES[what], options);
    this.isUndone = what === 'undone';
  }
}

const MESSAGES = {
  undone: 'The database is too busy. Nothing was changed; try again in a moment.',
  unknown:
    'The connection to the database broke at the last moment. Look whether the change was made before you try again.',
} as const;

/**
 * Returns the message for a temporary failure of the database; undefined for any other error. A request that only reads
 * changes nothing.
 */
export function describeBusy(error: unknown, { isRead }: { isRead: boolean }): string | undefined {
  if (error instanceof DatabaseBusy) return error.message;
  if (!isBusy(error)) return undefined;
  if (isRead) return 'The database is too busy to answer. Try again in a moment.';
  // The error of a read outside a transaction, perhaps after a committed change.
  return 'The database is too busy to answer. Try again in a moment; a change may have been made already.';
}

/** Returns whether the error is a temporary failure of the database. */
export function isBusy(error: unknown): boolean {
  if (isConnectionLost(error) || isPoolerAlone(error)) return true;
  if (BUSY_POSTGRES.includes(sqlStateOf(error) ?? '')) return true;
  if (BUSY_ADAPTER.includes(adapterCause(error)?.kind ?? '')) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return BUSY_PRISMA.includes(error.code);
  return error instanceof Error && BUSY_DRIVER.test(error.message);
}

/** Returns whether PostgreSQL, or a pooler, ended the connection or refused one. The error can arrive after a commit. */
export function endsConnection(error: unknown): boolean {
  return FATAL.includes(severityOf(error) ?? '') || ENDING.includes(sqlStateOf(error) ?? '');
}

/** Returns whether the connection of a statement broke or was ended, or whether none could be opened. */
export function isConnectionLost(error: unknown): boolean {
  if (endsConnection(error) || LOST_ADAPTER.includes(adapterCause(error)?.kind ?? '')) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return LOST_PRISMA.includes(error.code);
  if (!(error instanceof Error)) return false;
  return (
    LOST_DRIVER.test(error.message) || ('code' in error && LOST_SYSTEM.includes(`${error.code}`))
  );
}

/** Returns whether a pooler refused a statement because it has no connection to PostgreSQL. */
export function isPoolerAlone(error: unknown): boolean {
  return sqlStateOf(error) === PROTOCOL_VIOLATION && POOLER_ALONE.test(messageOf(error));
}

const LOCK_TIMEOUT = '55P03';
const NOT_PERMITTED = '42501';
const READ_ONLY = '25006';

/**
 * Returns what to do about an error of PostgreSQL that keeps a program from running, in one line; undefined for any other
 * error.
 */
export function describeRefusal(given: unknown, variable = 'DATABASE_URL'): string | undefined {
  const isWrapped = given instanceof Error && given.cause instanceof pg.DatabaseError;
  const error = isWrapped ? given.cause : given;
  const state = sqlStateOf(error);
  // An error of usher itself has its own words, perhaps those of this function.
  if (state === undefined) return undefined;
  const message = isWrapped ? given.message : messageOf(error);
  if (state === NOT_PERMITTED) {
    return `The role of ${variable} lacks a privilege: ${message}. As the owner of the tables, grant it its privileges: docs/operations.md#migrations`;
  }
  if (state === LOCK_TIMEOUT) {
    return `Another session holds a lock that usher needs: ${message}. Start again when it has ended`;
  }
  if (state === READ_ONLY) {
    return `The database is read-only: ${message}. Let ${variable} lead to the primary, or set default_transaction_read_only to off`;
  }
  if (/operator class "\w+" does not exist/.test(message)) {
    return `${message}. The role may not use the schema of the extensions pg_trgm and btree_gin: as an administrator, run GRANT USAGE ON SCHEMA … TO the role`;
  }
  if (/statement pooling mode/.test(message)) {
    return `${variable} leads to a pooler in statement mode; usher needs one in transaction or session mode`;
  }
  return undefined;
}

/** Returns whether waiting for a lock timed out. */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === LOCK_TIMEOUT;
}

/** Returns whether PostgreSQL ended the transaction because of a deadlock. It can be retried immediately. */
export function isDeadlock(error: unknown): boolean {
  return sqlStateOf(error) === '40P01';
}

// SQLSTATE classes: data exception, integrity constraint violation, program limit exceeded.
const DATA_ERRORS = ['22', '23', '54'];

/** Returns whether PostgreSQL refused the values of a statement. */
export function isDataError(error: unknown): error is Error {
  return DATA_ERRORS.includes(sqlStateOf(error)?.slice(0, 2) ?? '');
}

/** Error for a row that changed between the read and the lock. Another read finds the new state. */
export class StaleLook extends Error {
  override readonly name = 'StaleLook';
}

/**
 * Returns whether a constraint, a deadlock or a StaleLook undid a statement, so that another read may change the decision.
 */
export function isConflict(error: unknown): boolean {
  return error instanceof StaleLook || violatedConstraint(error) !== undefined || isDeadlock(error);
}

/** Returns whether concurrent work can explain a conflict: it wrote or locked the same rows. A violated CHECK is a bug. */
export function isFromConcurrency(error: unknown): boolean {
  return (
    error instanceof StaleLook ||
    isDeadlock(error) ||
    (error instanceof pg.DatabaseError && error.code === '23505')
  );
}

/** The SQLSTATE of a PostgreSQL error from the driver or the adapter. */
function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : adapterCause(error)?.originalCode;
}

/** The severity of an error of PostgreSQL. */
function severityOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.severity : adapterCause(error)?.severity;
}

/** PostgreSQL's message, without the text that Prisma adds. */
function messageOf(error: unknown): string {
  const cause = adapterCause(error);
  return cause?.originalMessage ?? cause?.message ?? (error instanceof Error ? error.message : '');
}

interface AdapterCause {
  kind?: string;
  originalCode?: string;
  originalMessage?: string;
  severity?: string;
  constraint?: { index?: string };
  message?: string;
}

function adapterCause(error: unknown): AdapterCause | undefined {
  const wrapped =
    error instanceof Prisma.PrismaClientKnownRequestError
      ? error.meta?.driverAdapterError
      : error instanceof Error && error.name === 'DriverAdapterError'
        ? error
        : undefined;
  if (!(wrapped instanceof Error) || typeof wrapped.cause !== 'object') return undefined;
  // The adapter does not export its error type. Every field read here is optional.
  return (wrapped.cause as AdapterCause | null) ?? undefined;
}
