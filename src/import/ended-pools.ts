import type { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';
import { revokeAllSeats } from '../seats/revoke-all.ts';
import type { SeatPool } from '../seats/source.ts';
import { type FileRow, type FileRows, nameOf, soundRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { forEachPoolTable, POOL_TABLES, type PoolTable } from './tables/pools.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

const ENDED = {
  subscriptions: ['canceled', 'unpaid', 'incomplete_expired'] satisfies SubscriptionStatus[],
  orders: ['refunded', 'void'] satisfies OrderStatus[],
};

const KIND = { subscriptions: 'subscription', orders: 'order' } as const;

/** The pools that the file ends, each locked: from here on a running server gives no seat of them. */
export async function lockEndingPools(importing: Importing): Promise<SeatPool[]> {
  const pools: SeatPool[] = [];
  for (const table of POOL_TABLES) {
    const rows = soundRows(importing.file, table).filter(row => endsAs(table, row));
    for (const batch of batchesOf(rows.toSorted(byKey))) {
      for (const pool of await run<Omit<SeatPool, 'kind'>>(importing, ENDING[table], batch)) {
        pools.push({ kind: KIND[table], ...pool });
      }
    }
  }
  return pools;
}

/**
 * Revokes the live seats of pools that end, before the file's are written, and returns how many there were. A seat
 * that the file gives to another pool goes there instead.
 */
export async function revokeSeatsOf(importing: Importing, pools: SeatPool[]): Promise<number> {
  if (pools.length === 0) return 0;
  const destinations = new Map(
    liveRows(importing.file).map(row => [row.columns.id, poolOf(row)] as const),
  );
  return await revokeEach(importing, pools, (pool, seatId) => {
    const destination = destinations.get(seatId);
    return destination !== undefined && destination !== nameOfPool(pool);
  });
}

/** Revokes what the file has brought to pools that end. */
export async function revokeArrivalsOf(importing: Importing, pools: SeatPool[]): Promise<number> {
  if (pools.length === 0) return 0;
  const reached = new Set(liveRows(importing.file).map(poolOf));
  return await revokeEach(
    importing,
    pools.filter(pool => reached.has(nameOfPool(pool))),
    () => false,
  );
}

/**
 * Takes those rows out of the file that would bring a revoked seat of an ended pool back to life: they were written
 * before it ended, and the seat stays as it is.
 */
export async function leaveRevokedSeats(importing: Importing): Promise<void> {
  const { file, onDone } = importing;
  const open = new Set(
    POOL_TABLES.flatMap(table =>
      file.rows[table].filter(row => !endsAs(table, row)).map(({ name }) => name),
    ),
  );
  const left = new Set<FileRow>();
  for (const batch of batchesOf(liveRows(file).filter(row => !open.has(poolOf(row))))) {
    for (const { n } of await run<{ n: number }>(importing, REVOKED, batch)) {
      const row = batch[n];
      if (row) left.add(row);
    }
  }
  if (left.size === 0) return;
  file.rows.seats = file.rows.seats.filter(row => !left.has(row));
  onDone(left.size);
}

async function revokeEach(
  { prisma, now }: Importing,
  pools: SeatPool[],
  staysLive: (pool: SeatPool, seatId: string) => boolean,
): Promise<number> {
  let count = 0;
  for (const pool of pools) {
    count += await revokeAllSeats(prisma(), pool, now, seatId => staysLive(pool, seatId));
  }
  return count;
}

function endsAs(table: PoolTable, { columns }: FileRow): boolean {
  return ENDED[table].some(status => status === columns.status);
}

function liveRows(file: FileRows): FileRow[] {
  return soundRows(file, 'seats').filter(({ columns }) => columns.status !== 'revoked');
}

/** What the file calls the pool that a seat is of. */
function poolOf({ columns }: FileRow): string {
  return typeof columns.subscription_id === 'string'
    ? nameOf('subscriptions', columns.subscription_id)
    : nameOf('orders', String(columns.order_id));
}

function nameOfPool({ kind, id }: SeatPool): string {
  return nameOf(kind === 'order' ? 'orders' : 'subscriptions', id);
}

function byKey(a: FileRow, b: FileRow): number {
  const key = ({ columns }: FileRow) => `${columns.organization_id} ${columns.id}`;
  return key(a) < key(b) ? -1 : 1;
}

const hasEnded = (pool: string, table: PoolTable) =>
  `${pool}.status IN (${ENDED[table].map(status => `'${status}'`)})`;

const ENDING = forEachPoolTable(
  table => `
  SELECT old.organization_id AS "organizationId", old.id
    FROM ${fileRows(TABLES[table].columns)} JOIN ${table} AS old ON ${sameKey(TABLES[table])}
   WHERE NOT ${hasEnded('old', table)}
   ORDER BY old.organization_id, old.id
     FOR NO KEY UPDATE OF old`,
);

const REVOKED = `
  SELECT f.n
    FROM ${fileRows(TABLES.seats.columns)} JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
    LEFT JOIN subscriptions AS s ON s.organization_id = old.organization_id AND s.id = old.subscription_id
    LEFT JOIN orders AS o ON o.organization_id = old.organization_id AND o.id = old.order_id
   WHERE old.status = 'revoked' AND (${hasEnded('s', 'subscriptions')} OR ${hasEnded('o', 'orders')})`;
