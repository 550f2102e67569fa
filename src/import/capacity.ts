import { PoolTooSmall } from '../domain/errors.ts';
import { type FileRow, rowName, validRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { forEachPoolTable, POOL_TABLES, type PoolTable } from './tables/pools.ts';
import { batchesOf, type Importing, reportProblem, run } from './write-rows.ts';

const REFERENCES = { subscriptions: 'subscriptionId', orders: 'orderId' } as const;

/**
 * Raises the capacity of every pool to fit the incoming seats, even beyond what was bought, so that each seat is checked
 * by itself. Checks the pools that are missing from the file; `applyCapacity` checks the others.
 */
export async function raiseCapacity(importing: Importing, seats: FileRow[]): Promise<void> {
  const incoming = await countIncoming(importing, seats);
  for (const table of POOL_TABLES) {
    const pools = incoming.filter(pool => pool.table === table);
    for (const batch of batchesOf(pools)) {
      const overfull = await run<{ n: number; seats: number }>(importing, RAISE[table], batch);
      for (const { n, seats: needed } of overfull) {
        const pool = batch[n];
        if (pool === undefined || importing.file.paths.has(pool.name)) continue;
        reportProblem(importing, pool.firstSeat, {
          field: REFERENCES[table],
          message: `too few seats: ${needed} would be pending or claimed`,
        });
      }
    }
  }
}

/**
 * Sets the capacity of every pool of the file. Oversells a pool that would be too small for its live seats if `whenTooSmall`
 * allows it, and reports it otherwise. Does not report a pool that was already oversold and does not get smaller.
 */
export async function applyCapacity(importing: Importing): Promise<void> {
  const { file, whenTooSmall } = importing;
  if (whenTooSmall === 'oversell') {
    await importing.client.query(`SELECT set_config('usher.oversell', 'on', true)`);
  }
  for (const row of file.rows.seats) {
    if (file.broken.has(row.name)) for (const name of row.references) file.uncounted.add(name);
  }
  for (const table of POOL_TABLES) {
    for (const batch of batchesOf(validRows(file, table))) {
      await run(importing, APPLY[whenTooSmall][table], batch);
      const oversold = await run<{ n: number; used: number }>(importing, OVERSOLD[table], batch);
      for (const { n, used } of oversold) {
        const pool = batch[n];
        if (pool === undefined || file.uncounted.has(pool.name)) continue;
        importing.tooSmall.push(
          new PoolTooSmall(String(pool.columns.id), used, Number(pool.columns.seats)),
        );
        reportProblem(importing, pool, {
          field: 'seats',
          message: oversell(pool.columns.seats, used),
        });
      }
    }
  }
}

function oversell(bought: unknown, used: number): string {
  return typeof bought === 'number'
    ? `${bought} ${bought === 1 ? 'seat' : 'seats'}, but ${used} of them are pending or claimed`
    : `not sold by the seat, but has ${used} pending or claimed`;
}

interface IncomingSeats {
  table: PoolTable;
  name: string;
  firstSeat: FileRow;
  columns: { organization_id: string; id: string; incoming: number };
}

async function countIncoming(importing: Importing, seats: FileRow[]): Promise<IncomingSeats[]> {
  const pools = new Map<string, IncomingSeats>();
  for (const batch of batchesOf(seats)) {
    for (const { table, n, ...columns } of await run<IncomingRow>(importing, INCOMING, batch)) {
      const firstSeat = batch[n];
      if (firstSeat === undefined) continue;
      const name = rowName(table, columns.id);
      const known = pools.get(name);
      if (known) known.columns.incoming += columns.incoming;
      else pools.set(name, { table, name, firstSeat, columns });
    }
  }
  return [...pools.values()];
}

type IncomingRow = IncomingSeats['columns'] & { table: PoolTable; n: number };

// The number of rows that add a live seat to each pool, after all leaving seats have left.
const INCOMING = `
  SELECT CASE WHEN f.order_id IS NULL THEN 'subscriptions' ELSE 'orders' END AS "table",
         f.organization_id, coalesce(f.subscription_id, f.order_id) AS id,
         count(*)::integer AS incoming, min(f.n) AS n
    FROM ${fileRows(TABLES.seats.columns)}
    LEFT JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
   WHERE f.status <> 'revoked' AND (old.id IS NULL OR old.status = 'revoked')
   GROUP BY 1, 2, 3`;

const RAISE = forEachPoolTable(
  table => `
  UPDATE ${table} AS old SET seats = old.seats_used + f.incoming
    FROM ${fileRows({ organization_id: 'uuid', id: 'uuid', incoming: 'integer' })}
   WHERE ${sameKey(TABLES[table])} AND old.seats_used + f.incoming > coalesce(old.seats, 0)
  RETURNING f.n, old.seats`,
);

const applyWhere = (condition: string) =>
  forEachPoolTable(
    table => `
  UPDATE ${table} AS old SET seats = f.seats, modified_at = clock.now
    FROM ${fileRows(TABLES[table].columns)}
   WHERE ${sameKey(TABLES[table])} AND old.seats IS DISTINCT FROM f.seats AND ${condition}`,
  );

const APPLY = {
  refuse: applyWhere('old.seats_used <= coalesce(f.seats, 0)'),
  oversell: applyWhere('true'),
};

const OVERSOLD = forEachPoolTable(
  table => `
  SELECT f.n, old.seats_used AS used
    FROM ${fileRows(TABLES[table].columns)} JOIN ${table} AS old ON ${sameKey(TABLES[table])}
   WHERE old.seats_used > coalesce(f.seats, 0) AND coalesce(old.seats, 0) <> coalesce(f.seats, 0)
   ORDER BY f.n`,
);
