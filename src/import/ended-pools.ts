import { revokeAllSeats } from '../seats/revoke-all.ts';
import { ENDED } from '../seats/rules/pool.ts';
import type { SeatPool } from '../seats/source.ts';
import { type FileRow, type FileRows, nameOf, poolOf, soundRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { forEachPoolTable, POOL_TABLES, type PoolTable } from './tables/pools.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

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
  importing: Importing,
  pools: SeatPool[],
  staysLive: (pool: SeatPool, seatId: string) => boolean,
): Promise<number> {
  const { prisma, now } = importing;
  let count = 0;
  for (const pool of pools) {
    const stays = (seatId: string) => staysLive(pool, seatId);
    count +=
      importing.changes === undefined
        ? await revokeAllSeats(prisma(), pool, now, stays)
        : await pretendToRevoke(importing, pool, stays);
    await markEnded(importing, pool);
  }
  return count;
}

/** What a dry run does instead: without events, whose numbers would be used up. */
async function pretendToRevoke(
  { client, now }: Importing,
  { kind, organizationId, id }: SeatPool,
  staysLive: (seatId: string) => boolean,
): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM customer_seats
      WHERE organization_id = $1 AND ${kind}_id = $2 AND status <> 'revoked'`,
    [organizationId, id],
  );
  const ids = rows.map(row => row.id).filter(seatId => !staysLive(seatId));
  await client.query(
    `UPDATE customer_seats
        SET status = 'revoked', revoked_at = $3, modified_at = $3, customer_id = NULL, member_id = NULL, email = NULL
      WHERE organization_id = $1 AND id = ANY($2)`,
    [organizationId, ids, now],
  );
  return ids.length;
}

/** Marks the seats that were revoked with their pool as the import's doing: see seat-rules.ts. */
async function markEnded(
  { client, now }: Importing,
  { kind, organizationId, id }: SeatPool,
): Promise<void> {
  await client.query(
    `INSERT INTO imported_seats (organization_id, id, modified_at)
     SELECT organization_id, id, modified_at FROM customer_seats
      WHERE organization_id = $1 AND ${kind}_id = $2 AND status = 'revoked'
        AND revoked_at = $3 AND modified_at = $3
     ON CONFLICT (organization_id, id) DO UPDATE SET modified_at = excluded.modified_at`,
    [organizationId, id, now],
  );
}

function endsAs(table: PoolTable, { columns }: FileRow): boolean {
  return ENDED[KIND[table]].some(status => status === columns.status);
}

function liveRows(file: FileRows): FileRow[] {
  return soundRows(file, 'seats').filter(({ columns }) => columns.status !== 'revoked');
}

function nameOfPool({ kind, id }: SeatPool): string {
  return nameOf(kind === 'order' ? 'orders' : 'subscriptions', id);
}

function byKey(a: FileRow, b: FileRow): number {
  const key = ({ columns }: FileRow) => `${columns.organization_id} ${columns.id}`;
  return key(a) < key(b) ? -1 : 1;
}

const hasEnded = (pool: string, table: PoolTable) =>
  `${pool}.status IN (${ENDED[KIND[table]].map(status => `'${status}'`)})`;

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
