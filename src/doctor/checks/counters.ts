import { type Check, counted, type Finding, ok, problem, warning } from '../check.ts';

const TIMEOUT_MS = 120_000;
const SHOWN = 3;

interface Counted {
  organization: string;
  id: string;
  used: number;
  live: number;
  revoked: number;
  rows: number;
}

/**
 * Compares each pool's counters of live and revoked seats with its seats. Reads both in one snapshot, so that concurrent
 * assignments make no difference.
 */
export const checkCounters: Check = async ({ rows }) => {
  const found: Finding[] = [];
  for (const [table, column] of POOLS) {
    const wrong = await rows<Counted>(compare(table, column), [], { timeoutMs: TIMEOUT_MS });
    if (wrong.length === 0) continue;
    const shown = wrong
      .slice(0, SHOWN)
      .map(
        ({ id, used, live, revoked, rows: ended }) =>
          `${id} (${used} used and ${revoked} revoked, and has ${live} and ${ended})`,
      );
    found.push(
      problem(
        `${counted(wrong.length, 'pool')} of ${table} with a wrong count of seats: ${shown.join(', ')}${wrong.length > SHOWN ? ', …' : ''}`,
        'As the owner of the tables, run this. Where it is refused, the pool is oversold: revoke seats, or raise its seats first',
        repair(table, column),
      ),
    );
  }
  if (found.length > 0) return found;
  const [pools] = await rows<{ count: number; oversold: number }>(
    `SELECT count(*)::integer AS count, (count(*) FILTER (WHERE seats_used > coalesce(seats, 0)))::integer AS oversold
       FROM (SELECT seats, seats_used FROM subscriptions UNION ALL SELECT seats, seats_used FROM orders) AS pools`,
  );
  const { count = 0, oversold = 0 } = pools ?? {};
  return oversold > 0
    ? warning(
        `${counted(oversold, 'pool')} with more live seats than were bought`,
        'Revoke seats, or sell more: docs/billing.md#pools-that-get-smaller says how this comes about',
      )
    : ok(`the seats of ${counted(count, 'pool')} are counted right`);
};

const POOLS = [
  ['subscriptions', 'subscription_id'],
  ['orders', 'order_id'],
] as const;

const seatsBy = (column: string) => `
  SELECT organization_id, ${column} AS id,
         count(*) FILTER (WHERE status <> 'revoked') AS live, count(*) FILTER (WHERE status = 'revoked') AS revoked
    FROM customer_seats WHERE ${column} IS NOT NULL GROUP BY 1, 2`;

const compare = (table: string, column: string) => `
  SELECT p.organization_id AS organization, p.id, p.seats_used AS used, p.seats_revoked AS revoked,
         coalesce(s.live, 0)::integer AS live, coalesce(s.revoked, 0)::integer AS rows
    FROM ${table} p LEFT JOIN (${seatsBy(column)}) AS s USING (organization_id, id)
   WHERE p.seats_used <> coalesce(s.live, 0) OR p.seats_revoked <> coalesce(s.revoked, 0)
   ORDER BY 1, 2`;

const repair = (table: string, column: string) => [
  'BEGIN;',
  // Prevents changes of seats between the count and the update.
  'LOCK TABLE customer_seats IN SHARE ROW EXCLUSIVE MODE;',
  `UPDATE ${table} AS p SET seats_used = coalesce(s.live, 0), seats_revoked = coalesce(s.revoked, 0) FROM ${table} AS q LEFT JOIN (${seatsBy(column).replace(/\s+/g, ' ').trim()}) AS s USING (organization_id, id) WHERE p.organization_id = q.organization_id AND p.id = q.id AND (p.seats_used <> coalesce(s.live, 0) OR p.seats_revoked <> coalesce(s.revoked, 0));`,
  'COMMIT;',
];
