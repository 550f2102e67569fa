import { type KnownActor, organizationsInReach } from '../../auth/access.ts';
import { createBatch } from '../../db/batch.ts';
import type { Sql, Statement } from '../../db/sql.ts';
import type { SeatPool, SeatSource } from '../source.ts';
import type { SeatView } from '../view.ts';
import {
  countFormOf,
  countSeats,
  formOf,
  isFirstPage,
  type PageRequest,
  readFirstPages,
  readSeatPage,
  type SeatListKey,
} from './page.ts';
import {
  countPending,
  type PoolCounts,
  type PoolKind,
  type PoolRequest,
  type PoolRow,
  readOrganizations,
  readPools,
  readSources,
  TABLE,
} from './read-pool.ts';
import { projectionOf, type SeatProjection, type SeatSelection } from './seat-projection.ts';
import { type InvitationKey, readLastSent } from './sent-invitations.ts';
import { readUsages, type SeatUsage, type UsageScope } from './usage.ts';

/**
 * Reads what is requested most often. Concurrent requests share statements: reads made at the same moment are batched,
 * whether they come from different requests or from different fields of one.
 */
export interface SeatReader {
  /** A seat by its id under the tenant rule: only from a pool that the actor can reach. */
  seatOf(
    actor: KnownActor,
    id: string,
    selection: SeatSelection | 'everything',
  ): Promise<SeatView | undefined>;
  /** A live pool by its id under the tenant rule, with its seat counts if wanted. */
  poolOf<Kind extends PoolKind>(
    actor: KnownActor,
    kind: Kind,
    wanted: { id: string; withCounts: boolean },
  ): Promise<PoolRow<Kind> | undefined>;
  /** A live pool by its id under the tenant rule, with what an assignment needs. */
  sourceOf(actor: KnownActor, kind: PoolKind, id: string): Promise<SeatSource | undefined>;
  /** A seat by its key, unscoped. */
  seat(request: SeatRequest): Promise<SeatView | undefined>;
  /** The number of a pool's seats in each state, unscoped. */
  counts(pool: Key & { kind: PoolKind }): Promise<PoolCounts>;
  /** A page of a list, unscoped. */
  page(request: PageRequest): Promise<SeatView[]>;
  /** A live pool by its key, unscoped. */
  pool(pool: SeatPool): Promise<PoolRow<PoolKind> | undefined>;
  /** The facts about a pool's organization that decide on its seats, unscoped. */
  organization(id: string): Promise<SeatSource['organization']>;
  /** When usher last mailed an invitation, unscoped; null if it has not. */
  lastSent(invitation: InvitationKey): Promise<Date | null>;
  /** The usage of the seats of a pool, a customer or an organization at a time, unscoped. */
  usage(scope: UsageScope, now: Date): Promise<SeatUsage>;
  /** The number of seats of a whole list, unscoped. */
  length(list: SeatListKey): Promise<number>;
}

interface Key {
  organizationId: string;
  id: string;
}

/** A seat by its key, and the columns to read. */
interface SeatRequest extends Key {
  selection: SeatSelection | 'everything';
}

/** A seat of one of the customer's own pools. */
interface OwnSeatRequest extends SeatRequest {
  customerId: string;
}

const seatsBy = ({ name, columns, join }: SeatProjection): Statement => ({
  name: `seats_by_key_${name}`,
  text: `
    SELECT wanted.n::integer, ${columns}
      FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
      JOIN customer_seats s ON s.organization_id = wanted.organization_id AND s.id = wanted.id
      ${join}`,
});

const ownSeatsBy = ({ name, columns, join }: SeatProjection): Statement => ({
  name: `own_seats_by_key_${name}`,
  text: `
    SELECT wanted.n::integer, ${columns}
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, customer_id, n)
      JOIN customer_seats s ON s.organization_id = wanted.organization_id AND s.id = wanted.id
      LEFT JOIN subscriptions p ON p.organization_id = s.organization_id AND p.id = s.subscription_id
      LEFT JOIN orders o ON o.organization_id = s.organization_id AND o.id = s.order_id
      ${join}
     WHERE coalesce(p.customer_id, o.customer_id) = wanted.customer_id`,
});

const countsOf = (kind: PoolKind): Statement => ({
  name: `counts_by_${kind}`,
  text: `
    SELECT p.organization_id AS "organizationId", p.id, waiting.n AS "pendingSeats",
           p.seats_used - waiting.n AS "claimedSeats"
      FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, id)
      JOIN ${TABLE[kind]} p ON p.organization_id = wanted.organization_id AND p.id = wanted.id
     CROSS JOIN LATERAL (${countPending(kind)}) AS waiting`,
});

const COUNTS = { subscription: countsOf('subscription'), order: countsOf('order') };

const NO_SEATS: PoolCounts = { pendingSeats: 0, claimedSeats: 0 };

const nameOf = (organizationId: string, id: string) => organizationId + id;

// One batch in the database, one on its way there: more would only make the batches smaller.
const TOGETHER = { inFlight: 2, most: 1_000 } as const;
// A count or a scan of a list can take long, so these reads are batched per organization, and no other organization waits.
const APART = { inFlight: 2, inFlightOfAll: 4, most: 100 } as const;

// Each selection reads different columns.
const BY_SELECTION = {
  ...TOGETHER,
  inFlightOfAll: 4,
  groupOf: ({ selection }: SeatRequest) => projectionOf(selection).name,
};
const BY_ORGANIZATION = { ...APART, groupOf: ({ organizationId }: Key) => organizationId };

/** Creates a reader. It caches nothing. */
export function createSeatReader(sql: Sql): SeatReader {
  const seat = createBatch(async (requests: readonly SeatRequest[]) => {
    const projection = projectionOf(requests[0]?.selection ?? 'everything');
    const rows = await sql.tuples(seatsBy(projection), columnsOf(requests));
    return seatsOf(requests, rows, projection);
  }, BY_SELECTION);

  const ownSeat = createBatch(async (requests: readonly OwnSeatRequest[]) => {
    const projection = projectionOf(requests[0]?.selection ?? 'everything');
    const rows = await sql.tuples(ownSeatsBy(projection), [
      ...columnsOf(requests),
      requests.map(({ customerId }) => customerId),
    ]);
    return seatsOf(requests, rows, projection);
  }, BY_SELECTION);

  const counts = (kind: PoolKind) =>
    createBatch(async (keys: readonly Key[]) => {
      const wanted = new Map(keys.map(key => [nameOf(key.organizationId, key.id), key]));
      const rows = await sql.rows<Key & PoolCounts>(COUNTS[kind], columnsOf([...wanted.values()]));
      const byName = new Map(
        rows.map(({ organizationId, id, ...counted }) => [nameOf(organizationId, id), counted]),
      );
      return keys.map(
        ({ organizationId, id }) => byName.get(nameOf(organizationId, id)) ?? NO_SEATS,
      );
    }, BY_ORGANIZATION);
  const countsBy = { subscription: counts('subscription'), order: counts('order') };

  const pools = <Kind extends PoolKind>(kind: Kind) =>
    createBatch((requests: readonly PoolRequest[]) => readPools(sql, kind, requests), {
      ...APART,
      groupOf: ({ organizationId, withCounts }) => organizationId + withCounts,
    });
  const poolsBy = { subscription: pools('subscription'), order: pools('order') };

  const sources = (kind: PoolKind) =>
    createBatch((keys: readonly Key[]) => readSources(sql, kind, keys), TOGETHER);
  const sourcesBy = { subscription: sources('subscription'), order: sources('order') };

  // Batched requests all count at the time of the first one.
  const usages = createBatch(
    (requests: readonly { scope: UsageScope; now: Date }[]) =>
      readUsages(
        sql,
        requests.map(({ scope }) => scope),
        requests[0]?.now ?? new Date(),
      ),
    { ...APART, groupOf: ({ scope }) => scope.organizationId + scope.of },
  );

  const firstPage = createBatch(
    (requests: readonly PageRequest[]) => readFirstPages(sql, requests),
    { ...APART, groupOf: formOf },
  );

  return {
    seat,
    seatOf(actor, id, selection) {
      if ('customerId' in actor) {
        const { organizationId, customerId } = actor;
        return ownSeat({ organizationId, id, customerId, selection });
      }
      return firstFound(actor, organizationId => seat({ organizationId, id, selection }));
    },
    async poolOf<Kind extends PoolKind>(
      actor: KnownActor,
      kind: Kind,
      wanted: { id: string; withCounts: boolean },
    ) {
      const find = poolsBy[kind] as (request: PoolRequest) => Promise<PoolRow<Kind> | undefined>;
      return owned(
        actor,
        await firstFound(actor, organizationId => find({ organizationId, ...wanted })),
      );
    },
    async sourceOf(actor, kind, id) {
      return owned(
        actor,
        await firstFound(actor, organizationId => sourcesBy[kind]({ organizationId, id })),
      );
    },
    counts: pool => countsBy[pool.kind](pool),
    page: request => (isFirstPage(request) ? firstPage(request) : readSeatPage(sql, request)),
    pool: ({ kind, organizationId, id }) =>
      poolsBy[kind]({ organizationId, id, withCounts: false }),
    organization: createBatch((ids: readonly string[]) => readOrganizations(sql, ids), TOGETHER),
    lastSent: createBatch(
      (invitations: readonly InvitationKey[]) => readLastSent(sql, invitations),
      {
        ...APART,
        groupOf: ({ organizationId }) => organizationId,
      },
    ),
    usage: (scope, now) => usages({ scope, now }),
    length: createBatch((lists: readonly SeatListKey[]) => countSeats(sql, lists), {
      ...APART,
      groupOf: countFormOf,
    }),
  };
}

/** Returns the seat of each request. The first column of a row is the number of its request, from 1. */
function seatsOf(
  requests: readonly unknown[],
  rows: readonly (readonly unknown[])[],
  { read }: SeatProjection,
): (SeatView | undefined)[] {
  const seats: (SeatView | undefined)[] = requests.map(() => undefined);
  for (const row of rows) seats[Number(row[0]) - 1] = read(row, 1);
  return seats;
}

/** The tenant rule for a pool of an organization within reach: a session reaches only its own customer's pools. */
function owned<Pool extends { customerId: string }>(
  actor: KnownActor,
  pool: Pool | undefined,
): Pool | undefined {
  return 'customerId' in actor && pool?.customerId !== actor.customerId ? undefined : pool;
}

/** Returns the first value found in an organization that the actor can reach. */
async function firstFound<Value>(
  actor: KnownActor,
  find: (organizationId: string) => Promise<Value | undefined>,
): Promise<Value | undefined> {
  const reachable = organizationsInReach(actor);
  const [only, ...others] = reachable;
  if (only === undefined) return undefined;
  if (others.length === 0) return await find(only);
  const found = await Promise.all(reachable.map(find));
  return found.find(value => value !== undefined);
}

function columnsOf(keys: readonly Key[]): [string[], string[]] {
  return [keys.map(({ organizationId }) => organizationId), keys.map(({ id }) => id)];
}
