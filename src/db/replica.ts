import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { createBatch } from './batch.ts';
import { type Database, type Db, openDatabase, statementNames } from './client.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import type { StatementObserver } from './observed-pool.ts';
import { openSql, type Sql } from './sql.ts';

/** Single reads go to a replica, or to the primary if the replica cannot answer. Everything else goes to the primary. */
export interface Reads {
  db: Db;
  sql: Sql;
  /** The connections to the replica. */
  pool: pg.Pool;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  poolSize: number;
  logger: Logger;
  /** How long a read waits for the replica to catch up before the primary answers it. */
  patienceMs?: number;
  /** How often an unused replica is checked. */
  recheckMs?: number;
  /** Observes each statement on the replica. */
  observer?: StatementObserver | undefined;
}

const PATIENCE_MS = 50;
const RECHECK_MS = 1_000;
/** The longest time that a live replica takes to report its position. */
const GATE_TIMEOUT_MS = 500;
const MOST = 1_000;

/** The position of a server in the write-ahead log. */
interface Position {
  /** A WAL location such as `0/16B3748`. */
  lsn: string;
  timeline: number;
}

// PostgreSQL confirms a commit after the flush, unless `synchronous_commit` is off. A read-only server is not a primary.
const PRIMARY_POSITION = {
  name: 'primary_position',
  text: `
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
           ELSE pg_current_wal_flush_lsn() END::text AS lsn,
           ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::integer AS timeline
     WHERE current_setting('transaction_read_only') = 'off'`,
};

// A promoted server is no longer a replica. A replica that did not follow the primary to a new timeline may lack changes.
const REPLICA_POSITION = {
  name: 'replica_position',
  text: `
    SELECT pg_last_wal_replay_lsn()::text AS lsn, timeline_id AS timeline
      FROM pg_control_checkpoint() WHERE pg_is_in_recovery()`,
};

/** Error for a replica that cannot answer a read now. */
class NotCaughtUp extends Error {
  override readonly name = 'NotCaughtUp';
}

/**
 * Opens a replica in addition to the primary. Each read sees everything that any process committed before the read began:
 * usher asks the primary for its position in the write-ahead log (concurrent reads share one query), and reads from the
 * replica, on one connection, once the replica has replayed that far. If the replica fails or needs longer than
 * `patienceMs`, the primary answers. A broken or lagging replica stays unused until a check succeeds; the log says so.
 */
export async function openReplica(
  url: string,
  primary: Pick<Database, 'pool' | 'sql'>,
  { poolSize, logger, patienceMs = PATIENCE_MS, recheckMs = RECHECK_MS, observer }: ReplicaOptions,
): Promise<Reads> {
  const replica = openDatabase(url, { poolSize, connectTimeoutMs: 1_000, observer });
  let isUsed = false;
  let isWarned = false;
  let recheck: NodeJS.Timeout | undefined;
  let isClosed = false;

  // Concurrent reads share a position that was requested after each of them began.
  const primaryPosition = createBatch<undefined, Position>(
    async reads => {
      const { rows } = await primary.pool.query<Position>(PRIMARY_POSITION);
      const [position] = rows;
      if (position === undefined) throw new Error('The primary is read-only.');
      return reads.map(() => position);
    },
    { inFlight: 2, most: MOST },
  );

  /** Resolves once the replica has replayed everything up to a position. Throws NotCaughtUp. */
  async function caughtUp(client: pg.PoolClient, { lsn, timeline }: Position): Promise<void> {
    const wanted = locationOf(lsn);
    const deadline = performance.now() + patienceMs;
    for (let pauseMs = 1; ; pauseMs *= 2) {
      const { rows } = await client.query<Position>({
        ...REPLICA_POSITION,
        query_timeout: GATE_TIMEOUT_MS,
      } as pg.QueryConfig);
      const [position] = rows;
      if (position === undefined) throw new NotCaughtUp('it is no replica');
      if (position.timeline !== timeline) {
        throw new NotCaughtUp('it is on another timeline than the primary');
      }
      if (locationOf(position.lsn) >= wanted) return;
      if (performance.now() + pauseMs >= deadline) throw new NotCaughtUp('it is behind');
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
  }

  /** Runs `read` on a connection to the replica that has caught up. */
  async function onReplica<Result>(
    position: Position,
    read: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const client = await replica.pool.connect();
    let broken: Error | undefined;
    try {
      await caughtUp(client, position);
      return await read(client);
    } catch (error) {
      if (!(error instanceof NotCaughtUp) && !isOfStatement(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  function leave(error: unknown): void {
    if (!isUsed && recheck !== undefined) return;
    isUsed = false;
    if (!isWarned) {
      isWarned = true;
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ reason }, 'the replica cannot be used; the primary answers its reads');
    }
    plan();
  }

  function plan(): void {
    if (isClosed) return;
    recheck = setTimeout(look, recheckMs);
    recheck.unref();
  }

  async function look(): Promise<void> {
    try {
      await onReplica(await primaryPosition(undefined), async () => undefined);
      recheck = undefined;
      isUsed = true;
      if (isWarned) logger.info('the replica answers reads again');
      isWarned = false;
    } catch (error) {
      recheck = undefined;
      leave(error);
    }
  }

  // Has the same parameters as `query` of a pool.
  async function query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    if (isUsed) {
      let position: Position | undefined;
      try {
        position = await primaryPosition(undefined);
        return await onReplica(position, client => client.query(config, values));
      } catch (error) {
        // Without a position, the primary has failed, not the replica. A single statement may conflict with the replay.
        if (position !== undefined && !isOfStatement(error)) leave(error);
      }
    }
    return await primary.pool.query(config, values);
  }

  const pool: pg.Pool = Object.assign(Object.create(pg.Pool.prototype), {
    options: primary.pool.options,
    query,
    connect: () => primary.pool.connect(),
  });
  const db = new PrismaClient({
    // Its statements may run on the primary, so their names must differ from those of the primary's client.
    adapter: new PrismaPg(pool, { statementNameGenerator: statementNames('usher_read') }),
    errorFormat: 'minimal',
  });
  await look();
  return {
    db,
    sql: { ...openSql(pool), lookAndWrite: primary.sql.lookAndWrite },
    pool: replica.pool,
    async close() {
      isClosed = true;
      clearTimeout(recheck);
      await db.$disconnect();
      await replica.close();
    },
  };
}

/** A WAL location as a number. */
function locationOf(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** Returns whether the server refused only the statement, and the connection still works. */
function isOfStatement(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !(error.code ?? '').startsWith('57P');
}
