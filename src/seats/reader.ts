import { createBatch } from '../db/batch.ts';
import type { Sql, Statement } from '../db/sql.ts';
import { type KnownActor, organizationsOf } from './access.ts';
import { countPending, type PoolCounts, type PoolKind, TABLE } from './read-pool.ts';
import { SEAT_COLUMNS, type SeatRow, toSeat, WITH_MEMBER } from './seat-row.ts';
import type { SeatView } from './view.ts';

/** Reads what is asked for most, each with as few statements as can be, which concurrent requests share. */
export interface SeatReader {
  /** A seat by its id under the tenant rule: that of a pool which the actor can reach. */
  seatOf(actor: KnownActor, id: string): Promise<SeatView | undefined>;
  /** A seat by its key, whoever asks. */
  seat(key: SeatKey): Promise<SeatView | undefined>;
  /** How many of a pool's seats are in which state, whoever asks. */
  counts(pool: PoolKey): Promise<PoolCounts>;
}

interface SeatKey {
  organizationId: string;
  id: string;
}

interface PoolKey extends SeatKey {
  kind: PoolKind;
}

/** A seat of one of the customer's own pools. */
interface OwnSeatKey extends SeatKey {
  customerId: string;
}

const SEATS: Statement = {
  name: 'seats_by_key',
  text: `
    SELECT ${SEAT_COLUMNS}
      FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, id)
      JOIN customer_seats s ON s.organization_id = wanted.organization_id AND s.id = wanted.id
      ${WITH_MEMBER}`,
};

const OWN_SEATS: Statement = {
  name: 'own_seats_by_key',
  text: `
    SELECT ${SEAT_COLUMNS}, wanted.customer_id
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wanted (organization_id, id, customer_id)
      JOIN customer_seats s ON s.organization_id = wanted.organization_id AND s.id = wanted.id
      LEFT JOIN subscriptions p ON p.organization_id = s.organization_id AND p.id = s.subscription_id
      LEFT JOIN orders o ON o.organization_id = s.organization_id AND o.id = s.order_id
      ${WITH_MEMBER}
     WHERE coalesce(p.customer_id, o.customer_id) = wanted.customer_id`,
};

const COUNTS = Object.fromEntries(
  (['subscription', 'order'] as const).map(kind => [
    kind,
    {
      name: `counts_by_${kind}`,
      text: `
        SELECT p.organization_id, p.id, waiting.n, p.seats_used - waiting.n
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, id)
          JOIN ${TABLE[kind]} p ON p.organization_id = wanted.organization_id AND p.id = wanted.id
         CROSS JOIN LATERAL (${countPending(kind)}) AS waiting`,
    },
  ]),
) as Record<PoolKey['kind'], Statement>;

type CountRow = readonly [organizationId: string, id: string, pending: number, claimed: number];

// One at the database, one on its way there: more would only make the batches smaller.
const TOGETHER = { inFlight: 2, most: 1_000 } as const;

const NO_SEATS: PoolCounts = { pendingSeats: 0, claimedSeats: 0 };

const nameOf = (organizationId: string, id: string, customerId = '') =>
  organizationId + id + customerId;

/** Opens one; it keeps nothing that it has read. */
export function createSeatReader(sql: Sql): SeatReader {
  const seat = createBatch(async (keys: readonly SeatKey[]) => {
    const rows = await sql.tuples<SeatRow>(SEATS, columnsOf(keys));
    const byName = new Map(rows.map(row => [nameOf(row[0], row[1]), row]));
    return keys.map(({ organizationId, id }) => {
      const row = byName.get(nameOf(organizationId, id));
      return row && toSeat(row);
    });
  }, TOGETHER);

  const ownSeat = createBatch(async (keys: readonly OwnSeatKey[]) => {
    const rows = await sql.tuples<[...SeatRow, string]>(OWN_SEATS, [
      ...columnsOf(keys),
      keys.map(({ customerId }) => customerId),
    ]);
    const byName = new Map(rows.map(row => [nameOf(row[0], row[1], row.at(-1) as string), row]));
    return keys.map(({ organizationId, id, customerId }) => {
      const row = byName.get(nameOf(organizationId, id, customerId));
      return row && toSeat(row);
    });
  }, TOGETHER);

  const countsOf = (kind: PoolKey['kind']) =>
    createBatch(async (keys: readonly SeatKey[]) => {
      const wanted = new Map(keys.map(key => [nameOf(key.organizationId, key.id), key]));
      const rows = await sql.tuples<CountRow>(COUNTS[kind], columnsOf([...wanted.values()]));
      const byName = new Map(
        rows.map(([organizationId, id, pendingSeats, claimedSeats]) => [
          nameOf(organizationId, id),
          { pendingSeats, claimedSeats },
        ]),
      );
      return keys.map(
        ({ organizationId, id }) => byName.get(nameOf(organizationId, id)) ?? NO_SEATS,
      );
    }, TOGETHER);
  const counts = { subscription: countsOf('subscription'), order: countsOf('order') };

  return {
    seat,
    async seatOf(actor, id) {
      if ('customerId' in actor) {
        const { organizationId, customerId } = actor;
        return await ownSeat({ organizationId, id, customerId });
      }
      const [only, ...others] = organizationsOf(actor);
      if (only === undefined) return undefined;
      if (others.length === 0) return await seat({ organizationId: only, id });
      const found = await Promise.all(
        [only, ...others].map(organizationId => seat({ organizationId, id })),
      );
      return found.find(row => row !== undefined);
    },
    counts: pool => counts[pool.kind](pool),
  };
}

function columnsOf(keys: readonly SeatKey[]): [string[], string[]] {
  return [keys.map(({ organizationId }) => organizationId), keys.map(({ id }) => id)];
}
