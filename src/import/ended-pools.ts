import { revokeAllSeats } from '../seats/revoke-all.ts';
import { ENDED } from '../seats/rules/pool.ts';
import type { SeatPool } from '../seats/source.ts';
import { type FileRow, type FileRows, poolName, rowName, validRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { forEachPoolTable, POOL_TABLES, type PoolTable } from './tables/pools.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

const KIND = { subscriptions: 'subscription', orders: 'order' } as const;

/** Locks the pools that change. */
export async function lockChangingPools(importing: Importing): Promise<void> {
  for (const table of POOL_TABLES) {
    const rows = validRows(importing.file, table).filter(
      row => importing.decisions.get(row)?.outcome === 'changed',
    );
    if (rows.length > 0) await run(importing, LOCK[table], rows);
  }
}

/** Locks and returns the pools that the file ends. From now on, no running server assigns their seats. */
export async function lockEndingPools(importing: Importing): Promise<SeatPool[]> {
  const pools: SeatPool[] = [];
  for (const table of POOL_TABLES) {
    const rows = validRows(importing.file, table).filter(row => endsAs(table, row));
    for (const batch of batchesOf(rows.toSorted(byKey))) {
      for (const pool of await run<Omit<SeatPool, 'kind'>>(importing, ENDING[table], batch)) {
        pools.push({ kind: KIND[table], ...pool });
      }
    }
  }
  return pools;
}

/**
 * Revokes the live seats of ending pools, before the file's seats are written, and returns their ids. Does not revoke a seat
 * that the file moves to another pool.
 */
export async function revokeLiveSeats(importing: Importing, pools: SeatPool[]): Promise<string[]> {
  if (pools.length === 0) return [];
  const destinations = new Map(
    liveRows(importing.file).map(row => [row.columns.id, poolName(row)] as const),
  );
  return await revokeEach(importing, pools, (pool, seatId) => {
    const destination = destinations.get(seatId);
    return destination !== undefined && destination !== seatPoolName(pool);
  });
}

/** Revokes the seats that the file wrote to ending pools, and returns their ids. */
export async function revokeIncoming(importing: Importing, pools: SeatPool[]): Promise<string[]> {
  if (pools.length === 0) return [];
  const reached = new Set(liveRows(importing.file).map(poolName));
  return await revokeEach(
    importing,
    pools.filter(pool => reached.has(seatPoolName(pool))),
    () => false,
  );
}

/**
 * Removes rows from the file that would restore a revoked seat of an ended pool. Such a row predates the end of the pool, so
 * the seat stays revoked.
 */
export async function skipRevokedSeats(importing: Importing): Promise<void> {
  const { file, onDone } = importing;
  const open = new Set(
    POOL_TABLES.flatMap(table =>
      file.rows[table].filter(row => !endsAs(table, row)).map(({ name }) => name),
    ),
  );
  const skipped = new Set<FileRow>();
  for (const batch of batchesOf(liveRows(file).filter(row => !open.has(poolName(row))))) {
    for (const { n } of await run<{ n: number }>(importing, REVOKED, batch)) {
      const row = batch[n];
      if (row) skipped.add(row);
    }
  }
  if (skipped.size === 0) return;
  file.rows.seats = file.rows.seats.filter(row => !skipped.has(row));
  onDone(skipped.size);
}

async function revokeEach(
  importing: Importing,
  pools: SeatPool[],
  staysLive: (pool: SeatPool, seatId: string) => boolean,
): Promise<string[]> {
  const { prisma, by, now } = importing;
  const revoked: string[] = [];
  for (const pool of pools) {
    const stays = (seatId: string) => staysLive(pool, seatId);
    const ids =
      importing.changes === undefined
        ? await revokeAllSeats(prisma(), pool, by, now, stays)
        : await revokeInDryRun(importing, pool, stays);
    revoked.push(...ids);
    await markEnded(importing, pool);
  }
  return revoked;
}

/** Revokes seats in a dry run. Records no events, since a rollback does not return their sequence numbers. */
async function revokeInDryRun(
  { client, now }: Importing,
  { kind, organizationId, id }: SeatPool,
  staysLive: (seatId: string) => boolean,
): Promise<string[]> {
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
  return ids;
}

/** Marks the seats that were revoked because their pool ended as written by the import: see seat-rules.ts. */
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
  return validRows(file, 'seats').filter(({ columns }) => columns.status !== 'revoked');
}

function seatPoolName({ kind, id }: SeatPool): string {
  return rowName(kind === 'order' ? 'orders' : 'subscriptions', id);
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

const LOCK = forEachPoolTable(
  table => `
  SELECT old.id
    FROM ${fileRows(TABLES[table].columns)} JOIN ${table} AS old ON ${sameKey(TABLES[table])}
   ORDER BY old.organization_id, old.id
     FOR NO KEY UPDATE OF old`,
);

const REVOKED = `
  SELECT f.n
    FROM ${fileRows(TABLES.seats.columns)} JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
    LEFT JOIN subscriptions AS s ON s.organization_id = old.organization_id AND s.id = old.subscription_id
    LEFT JOIN orders AS o ON o.organization_id = old.organization_id AND o.id = old.order_id
   WHERE old.status = 'revoked' AND (${hasEnded('s', 'subscriptions')} OR ${hasEnded('o', 'orders')})`;
