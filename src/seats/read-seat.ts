import { hashToken } from '../auth/token.ts';
import type { Sql, Statement } from '../db/sql.ts';
import type { KnownActor } from './access.ts';
import type { FoundSeat } from './find.ts';
import { reachable, SOURCE_COLUMNS, SOURCE_WIDTH, type SourceRow, sourceOf } from './read-pool.ts';
import { SEAT_COLUMNS, SEAT_WIDTH, type SeatRow, toSeat, WITH_MEMBER } from './seat-row.ts';

/** A seat with its pool, as `findSeat` has them, and what else the verbs decide by. */
export interface ReadSeat extends FoundSeat {
  /** Whether the seat has a customer, and the customer is live. */
  hasLiveCustomer: boolean;
  product: { name: string } | null;
  organization: { name: string; slug: string; isLive: boolean };
}

const statement = (name: string, condition: string): Statement => ({
  name,
  text: `
    SELECT ${SEAT_COLUMNS}, ${SOURCE_COLUMNS},
           EXISTS (SELECT FROM customers c
                    WHERE c.organization_id = s.organization_id AND c.id = s.customer_id AND c.deleted_at IS NULL),
           t.name, o.name, o.slug, o.deleted_at IS NULL AND o.status <> 'blocked'
      FROM customer_seats s
      ${WITH_MEMBER}
      JOIN organizations o ON o.id = s.organization_id
     CROSS JOIN LATERAL (
       SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats
         FROM subscriptions p WHERE p.organization_id = s.organization_id AND p.id = s.subscription_id
        UNION ALL
       SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats
         FROM orders p WHERE p.organization_id = s.organization_id AND p.id = s.order_id) AS p
      LEFT JOIN products t ON t.organization_id = p.organization_id AND t.id = p.product_id
     WHERE ${condition}`,
});

const BY_ID = statement(
  'seat_with_pool',
  `s.organization_id = ANY($1::uuid[]) AND s.id = $2::uuid AND ($3::uuid IS NULL OR p.customer_id = $3)`,
);

const BY_INVITATION = statement(
  'seat_by_invitation',
  `s.invitation_token_hash = $1::bytea AND s.status = 'pending'`,
);

/** The seat with this id under the tenant rule, with one statement; undefined where there is none. */
export async function readSeat(
  sql: Sql,
  actor: KnownActor,
  id: string,
): Promise<ReadSeat | undefined> {
  return await read(sql, BY_ID, reachable(actor, id));
}

/** The pending seat that an invitation's token belongs to, with one statement; undefined where there is none. */
export async function readInvited(sql: Sql, token: string): Promise<ReadSeat | undefined> {
  return await read(sql, BY_INVITATION, [hashToken(token)]);
}

type Row = readonly [
  ...SeatRow,
  ...SourceRow,
  hasLiveCustomer: boolean,
  productName: string | null,
  organizationName: string,
  organizationSlug: string,
  isLive: boolean,
];

async function read(
  sql: Sql,
  statement: Statement,
  values: readonly unknown[],
): Promise<ReadSeat | undefined> {
  const [row] = await sql.tuples<Row>(statement, values);
  if (row === undefined) return undefined;
  const seat = toSeat(row as unknown as SeatRow);
  const kind = seat.subscriptionId === null ? 'order' : 'subscription';
  const source = sourceOf(kind, row.slice(SEAT_WIDTH) as unknown as SourceRow);
  const [hasLiveCustomer, product, name, slug, isLive] = row.slice(SEAT_WIDTH + SOURCE_WIDTH) as [
    boolean,
    string | null,
    string,
    string,
    boolean,
  ];
  return {
    seat,
    source,
    hasLiveCustomer,
    product: product === null ? null : { name: product },
    organization: { name, slug, isLive },
  };
}
