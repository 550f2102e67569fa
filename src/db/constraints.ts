import pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';

/**
 * The name of the unique index, foreign key or CHECK that refused a statement; undefined for any other error.
 * The one reader of the shapes in which the driver throws a PostgreSQL error, and Prisma and its adapter wrap it.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.constraint;
  const cause = adapterCause(error);
  if (cause === undefined) return undefined;
  const { constraint, message } = cause;
  if (constraint?.index !== undefined) return constraint.index;
  // A CHECK violation comes without the constraint's name, but for its message.
  return /violates check constraint "([^"]+)"/.exec(message ?? '')?.[1];
}

// Prisma's: no server, no connection, no transaction in time, a conflict of transactions.
const BUSY_PRISMA = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034'];
// PostgreSQL's: a lock or a statement took too long, a deadlock, a failed serialization, too many connections, shutting
// down, crashed, starting up.
const BUSY_POSTGRES = ['55P03', '57014', '40P01', '40001', '53300', '57P01', '57P02', '57P03'];

// The adapter's own, of a database that is away: all that the error of a raw statement says.
const BUSY_ADAPTER = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout'];
// The driver's, which come as they are: no connection in time, and one that broke under a statement.
const BUSY_DRIVER = /timeout exceeded when trying to connect|^Connection terminated/;
const BUSY_SYSTEM = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

/** The database could not do something now, though it may later. The message says what has become of it. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy';
  /** Whether it is known that nothing was changed, and not only likely. */
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
 * What to tell people when the database could not do something now, though it may later; undefined for any other error.
 * Of a request that only reads nothing can have been changed.
 */
export function describeBusy(error: unknown, { isRead }: { isRead: boolean }): string | undefined {
  if (error instanceof DatabaseBusy) return error.message;
  if (!isBusy(error)) return undefined;
  if (isRead) return 'The database is too busy to answer. Try again in a moment.';
  // Outside a transaction: a read, perhaps after a change that was made.
  return 'The database is too busy to answer. Try again in a moment; a change may have been made already.';
}

/** Whether the database could not do something now, though it may later. */
export function isBusy(error: unknown): boolean {
  const { originalCode = '', kind = '' } = adapterCause(error) ?? {};
  if (BUSY_POSTGRES.includes(originalCode) || BUSY_ADAPTER.includes(kind)) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return BUSY_PRISMA.includes(error.code);
  if (error instanceof pg.DatabaseError) return BUSY_POSTGRES.includes(error.code ?? '');
  if (!(error instanceof Error)) return false;
  return (
    BUSY_DRIVER.test(error.message) || ('code' in error && BUSY_SYSTEM.includes(`${error.code}`))
  );
}

/** Whether the transaction was the one that had to give way, so that it can be tried again at once: by Prisma's word or the driver's. */
export function isDeadlock(error: unknown): boolean {
  const code = error instanceof pg.DatabaseError ? error.code : adapterCause(error)?.originalCode;
  return code === '40P01';
}

/** What was read is not what was locked, since it changed in between: a new look finds the new state. */
export class StaleLook extends Error {
  override readonly name = 'StaleLook';
}

/** Whether a statement was undone by a constraint or a deadlock, so that a new look may lead to another decision. */
export function isConflict(error: unknown): boolean {
  return error instanceof StaleLook || violatedConstraint(error) !== undefined || isDeadlock(error);
}

/** Whether others' work can explain a conflict: they made the same row, or waited for ours. A CHECK that refuses a row is a bug. */
export function isFromConcurrency(error: unknown): boolean {
  return (
    error instanceof StaleLook ||
    isDeadlock(error) ||
    (error instanceof pg.DatabaseError && error.code === '23505')
  );
}

interface AdapterCause {
  kind?: string;
  originalCode?: string;
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
  // The adapter's own error type is exported nowhere; every field read here is optional.
  return (wrapped.cause as AdapterCause | null) ?? undefined;
}
