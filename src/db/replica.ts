import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { createBatch } from './batch.ts';
import { type Database, type Db, openDatabase, statementNames } from './client.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import type { StatementObserver } from './observed-pool.ts';
import { openSql, type Sql } from './sql.ts';

/** Reads that a replica answers where it can, and else the primary. Whatever is not a single read goes to the primary. */
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
  /** How often a replica that is not used is looked at. */
  recheckMs?: number;
  /** Is told of each statement on the replica. */
  observer?: StatementObserver | undefined;
}

const PATIENCE_MS = 50;
const RECHECK_MS = 1_000;
/** How long a replica that lives takes at most to say how far it is. */
const GATE_TIMEOUT_MS = 500;
const MOST = 1_000;

/** Where a server is in the write-ahead log. */
interface Position {
  /** A WAL location such as `0/16B3748`. */
  lsn: string;
  timeline: number;
}

// A commit is answered once it is flushed, except without `synchronous_commit`. A read-only server is no primary.
const PRIMARY_POSITION = {
  name: 'primary_position',
  text: `
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
           ELSE pg_current_wal_flush_lsn() END::text AS lsn,
           ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::integer AS timeline
     WHERE current_setting('transaction_read_only') = 'off'`,
};

// A promoted replica is none any more. One that did not follow the primary to a new timeline may lack its changes.
const REPLICA_POSITION = {
  name: 'replica_position',
  text: `
    SELECT pg_last_wal_replay_lsn()::text AS lsn, timeline_id AS timeline
      FROM pg_control_checkpoint() WHERE pg_is_in_recovery()`,
};

/** The replica cannot answer a read now. */
class NotCaughtUp extends Error {
  override readonly name = 'NotCaughtUp';
}

/**
 * Opens a replica beside the primary. Each read sees everything that was committed, in any process, before it began: usher
 * asks the primary for its position in the write-ahead log (concurrent reads ask together) and reads from the replica, over
 * one connection, once it has replayed that far. If it has not within `patienceMs`, or fails, the primary answers. A
 * replica that is broken or behind is not used until a check finds it in order; a line in the log says so.
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

  // Concurrent reads share a position that was asked for after each of them began.
  const primaryPosition = createBatch<undefined, Position>(
    async reads => {
      const { rows } = await primary.pool.query<Position>(PRIMARY_POSITION);
      const [position] = rows;
      if (position === undefined) throw new Error('The primary is read-only.');
      return reads.map(() => position);
    },
    { inFlight: 2, most: MOST },
  );

  /** Resolves once the server of the connection has replayed everything up to a position. Throws NotCaughtUp. */
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

  // The parameters are those of the pool's own query.
  async function query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    if (isUsed) {
      let position: Position | undefined;
      try {
        position = await primaryPosition(undefined);
        return await onReplica(position, client => client.query(config, values));
      } catch (error) {
        // Without a position, it is the primary that fails. A single statement may conflict with what the replica replays.
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
    // On the primary, its statements have other names than those of the primary's client.
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

/** Whether the server refused the statement, and the connection is in order. */
function isOfStatement(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !(error.code ?? '').startsWith('57P');
}
