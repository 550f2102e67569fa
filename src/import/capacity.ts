import { type FileRow, nameOf, soundRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { forEachPoolTable, POOL_TABLES, type PoolTable } from './tables/pools.ts';
import { batchesOf, complain, type Importing, run } from './write-rows.ts';

const REFERENCES = { subscriptions: 'subscriptionId', orders: 'orderId' } as const;

/**
 * Lets every pool have the seats that are about to come, even beyond what was bought, so that each seat is judged
 * by itself. The pools are judged by `settlePools`; those that are not in the file are judged here.
 */
export async function makeRoom(importing: Importing, seats: FileRow[]): Promise<void> {
  const arrivals = await countArrivals(importing, seats);
  for (const table of POOL_TABLES) {
    const pools = arrivals.filter(pool => pool.table === table);
    for (const batch of batchesOf(pools)) {
      const overfull = await run<{ n: number; seats: number }>(importing, WIDEN[table], batch);
      for (const { n, seats: needed } of overfull) {
        const pool = batch[n];
        if (pool === undefined || importing.file.paths.has(pool.name)) continue;
        complain(importing, pool.firstSeat, {
          field: REFERENCES[table],
          message: `too few seats there: ${needed} would be pending or claimed`,
        });
      }
    }
  }
}

/** Gives every pool of the file the seats that the file says. One with more live seats than that is a problem. */
export async function settlePools(importing: Importing): Promise<void> {
  const { file } = importing;
  for (const row of file.rows.seats) {
    if (file.broken.has(row.name)) for (const need of row.needs) file.uncounted.add(need);
  }
  for (const table of POOL_TABLES) {
    for (const batch of batchesOf(soundRows(file, table))) {
      await run(importing, SETTLE[table], batch);
      const oversold = await run<{ n: number; used: number }>(importing, OVERSOLD[table], batch);
      for (const { n, used } of oversold) {
        const pool = batch[n];
        if (pool === undefined || file.uncounted.has(pool.name)) continue;
        complain(importing, pool, { field: 'seats', message: oversell(pool.columns.seats, used) });
      }
    }
  }
}

function oversell(bought: unknown, used: number): string {
  return typeof bought === 'number'
    ? `${bought} ${bought === 1 ? 'seat' : 'seats'}, but ${used} of them are pending or claimed`
    : `not sold by the seat, but has ${used} pending or claimed`;
}

interface Arrivals {
  table: PoolTable;
  name: string;
  firstSeat: FileRow;
  columns: { organization_id: string; id: string; arrivals: number };
}

async function countArrivals(importing: Importing, seats: FileRow[]): Promise<Arrivals[]> {
  const pools = new Map<string, Arrivals>();
  for (const batch of batchesOf(seats)) {
    for (const { table, n, ...columns } of await run<Arrived>(importing, ARRIVED, batch)) {
      const firstSeat = batch[n];
      if (firstSeat === undefined) continue;
      const name = nameOf(table, columns.id);
      const known = pools.get(name);
      if (known) known.columns.arrivals += columns.arrivals;
      else pools.set(name, { table, name, firstSeat, columns });
    }
  }
  return [...pools.values()];
}

type Arrived = Arrivals['columns'] & { table: PoolTable; n: number };

// How many rows add a live seat to each pool, once those that leave one have left.
const ARRIVED = `
  SELECT CASE WHEN f.order_id IS NULL THEN 'subscriptions' ELSE 'orders' END AS "table",
         f.organization_id, coalesce(f.subscription_id, f.order_id) AS id,
         count(*)::integer AS arrivals, min(f.n) AS n
    FROM ${fileRows(TABLES.seats.columns)}
    LEFT JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
   WHERE f.status <> 'revoked' AND (old.id IS NULL OR old.status = 'revoked')
   GROUP BY 1, 2, 3`;

const WIDEN = forEachPoolTable(
  table => `
  UPDATE ${table} AS old SET seats = old.seats_used + f.arrivals
    FROM ${fileRows({ organization_id: 'uuid', id: 'uuid', arrivals: 'integer' })}
   WHERE ${sameKey(TABLES[table])} AND old.seats_used + f.arrivals > coalesce(old.seats, 0)
  RETURNING f.n, old.seats`,
);

const SETTLE = forEachPoolTable(
  table => `
  UPDATE ${table} AS old SET seats = f.seats, modified_at = clock.now
    FROM ${fileRows(TABLES[table].columns)}
   WHERE ${sameKey(TABLES[table])}
     AND old.seats IS DISTINCT FROM f.seats AND old.seats_used <= coalesce(f.seats, 0)`,
);

const OVERSOLD = forEachPoolTable(
  table => `
  SELECT f.n, old.seats_used AS used
    FROM ${fileRows(TABLES[table].columns)} JOIN ${table} AS old ON ${sameKey(TABLES[table])}
   WHERE old.seats_used > coalesce(f.seats, 0)
   ORDER BY f.n`,
);
