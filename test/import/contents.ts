import type { Db } from '../../src/db/client.ts';

/** Returns every row that an import can change, with the transaction that wrote it. */
export async function contentsOf(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ row: string }[]>`
    SELECT 'subscription ' || xmin || ' ' || t::text AS row FROM subscriptions AS t
    UNION ALL SELECT 'order ' || xmin || ' ' || t::text FROM orders AS t
    UNION ALL SELECT 'member ' || xmin || ' ' || t::text FROM members AS t
    UNION ALL SELECT 'seat ' || xmin || ' ' || t::text FROM customer_seats AS t
    UNION ALL SELECT 'event ' || xmin || ' ' || t::text FROM outbox_events AS t
    ORDER BY 1`;
  return rows.map(({ row }) => row);
}
