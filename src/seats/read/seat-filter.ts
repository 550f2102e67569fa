import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import type { Parameters } from '../../db/parameters.ts';
import { CUSTOMER_TEXT, MEMBER_TEXT, patternOf } from '../../db/search-text.ts';

/** A time range: `since` is included, `before` is not. */
interface DateTimeRange {
  since?: Date | null | undefined;
  before?: Date | null | undefined;
}

/** Conditions on seats. A seat must meet all that are given. */
export interface SeatFilter {
  ids?: readonly string[] | null | undefined;
  status?: readonly SeatStatus[] | null | undefined;
  invitationState?: readonly ('open' | 'expired' | 'closed')[] | null | undefined;
  /** A part of the holder's address, name or external id, at least three characters long. */
  search?: string | null | undefined;
  /** The holder's address. */
  email?: string | null | undefined;
  memberIds?: readonly string[] | null | undefined;
  poolIds?: readonly string[] | null | undefined;
  productIds?: readonly string[] | null | undefined;
  metadata?: readonly { key: string; value: string }[] | null | undefined;
  assignedAt?: DateTimeRange | null | undefined;
  claimedAt?: DateTimeRange | null | undefined;
  invitationExpiresAt?: DateTimeRange | null | undefined;
}

/** The id of a seat's pool, as the indexes have it. */
export const POOL_ID = 'coalesce(s.subscription_id, s.order_id)';

const INVITATION_STATES = {
  open: "s.status = 'pending' AND (s.invitation_token_expires_at IS NULL OR s.invitation_token_expires_at >= $now)",
  expired: "s.status = 'pending' AND s.invitation_token_expires_at < $now",
  closed: "s.status <> 'pending'",
};

/**
 * Returns a filter's conditions on the seat `s`, except for those on metadata, and those on the holder's texts and the
 * pool's product, which are in other rows.
 */
export function conditionsOf(filter: SeatFilter, now: Date, parameters: Parameters): string[] {
  const conditions: string[] = [];
  const isOneOf = (column: string, values: readonly string[] | null | undefined, type: string) => {
    if (values) conditions.push(`${column} = ANY(${parameters.add(values, type)})`);
  };
  const isIn = (column: string, range: DateTimeRange | null | undefined) => {
    if (range?.since) conditions.push(`${column} >= ${parameters.add(range.since, 'timestamptz')}`);
    if (range?.before)
      conditions.push(`${column} < ${parameters.add(range.before, 'timestamptz')}`);
  };
  isOneOf('s.id', filter.ids, 'uuid[]');
  isOneOf('s.status', filter.status, 'seat_status[]');
  isOneOf('s.member_id', filter.memberIds, 'uuid[]');
  isOneOf(POOL_ID, filter.poolIds, 'uuid[]');
  isIn('s.assigned_at', filter.assignedAt);
  isIn('s.claimed_at', filter.claimedAt);
  isIn('s.invitation_token_expires_at', filter.invitationExpiresAt);
  if (filter.invitationState) {
    const states = filter.invitationState.map(state => {
      const condition = INVITATION_STATES[state];
      return condition.includes('$now')
        ? condition.replace('$now', parameters.add(now, 'timestamptz'))
        : condition;
    });
    conditions.push(`s.invitation_token_hash IS NOT NULL AND ((${states.join(') OR (')}))`);
  }
  return conditions;
}

/** Returns a filter's condition on the metadata of the seat `s`; undefined if it has none. */
export function metadataConditionOf(
  { metadata }: SeatFilter,
  parameters: Parameters,
): string | undefined {
  const conditions = metadata?.map(({ key, value }) => {
    const facts = jsonOf(value).map(json => `{${JSON.stringify(key)}:${json}}`);
    const contains = facts.map(fact => `s.metadata @> ${parameters.add(fact, 'jsonb')}`);
    return `s.metadata <> '{}' AND (${contains.join(' OR ')})`;
  });
  return conditions?.join(' AND ');
}

/** Returns the JSON values that are shown as this text. */
function jsonOf(text: string): string[] {
  const isOther = /^(?:true|false|-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?)$/.test(text);
  return [JSON.stringify(text), ...(isOther ? [text] : [])];
}

/** The condition on the holders of seats, as parts of statements. */
export interface HolderCondition {
  /** Whether the holder of the seat `s` meets it. Looks up its member or customer. */
  matches: string;
  /**
   * Selects by index the ids of the organization's seats whose holders meet the condition; with both an address and a
   * search, those with the address. The limit applies to each way in which a holder can meet the condition.
   */
  found: (limit: string) => string;
}

/**
 * Returns a filter's condition on a seat's holder; undefined if it has none. The holder is the member, if there is one, and
 * the seat's own address goes before the member's; without the member model, the customer is the holder too. `seesCustomers`
 * says whether the caller may know more of that customer than the address.
 */
export function holderConditionOf(
  { search, email }: SeatFilter,
  organization: string,
  parameters: Parameters,
  { seesCustomers }: { seesCustomers: boolean },
): HolderCondition | undefined {
  const pattern = (text: string) => `lower(${parameters.add(patternOf(text), 'text')})`;
  const conditions = [
    ...(email ? [addressCondition(`lower(${parameters.add(email, 'text')})`, pattern(email))] : []),
    ...(search ? [textCondition(pattern(search), seesCustomers)] : []),
  ];
  const [first] = conditions;
  if (first === undefined) return undefined;
  return {
    matches: conditions
      .map(
        each => `(coalesce(${each.seat}, false)
          OR coalesce((SELECT ${each.member} FROM members m
                        WHERE m.organization_id = s.organization_id AND m.id = s.member_id), false)
          OR ((SELECT NOT o.member_model_enabled FROM organizations o WHERE o.id = ${organization})
              AND coalesce((SELECT ${each.customer} FROM customers c
                             WHERE c.organization_id = s.organization_id AND c.id = s.customer_id), false)))`,
      )
      .join(' AND '),
    found: limit => `
      SELECT DISTINCT id FROM (
        (SELECT s.id FROM customer_seats s WHERE s.organization_id = ${organization} AND ${first.seat} ${limit})
        UNION ALL
        (SELECT s.id FROM members m CROSS JOIN LATERAL (${seatsBy('s.member_id = m.id', 'm')}) AS s
          WHERE m.organization_id = ${organization} AND ${first.member} ${limit})
        UNION ALL
        (SELECT s.id FROM organizations o
           JOIN customers c ON c.organization_id = o.id
          CROSS JOIN LATERAL (${seatsBy('s.customer_id = c.id', 'c')}) AS s
          WHERE o.id = ${organization} AND NOT o.member_model_enabled AND ${first.customer} ${limit})) AS found`,
  };
}

/**
 * Selects the seats of a holder. `OFFSET` makes PostgreSQL find the holders first: without statistics, it would scan all
 * holders for each seat.
 */
const seatsBy = (condition: string, holder: string) => `
  SELECT s.id, s.email, s.member_id FROM customer_seats s
   WHERE s.organization_id = ${holder}.organization_id AND ${condition} OFFSET 0`;

// Callers who do not see other customers find a customer only by the address that the seat shows.
const textCondition = (pattern: string, seesCustomers: boolean) => ({
  seat: `lower(s.email) LIKE ${pattern}`,
  member: `${MEMBER_TEXT} LIKE ${pattern}`,
  customer: seesCustomers
    ? `${CUSTOMER_TEXT} LIKE ${pattern}`
    : `s.email IS NULL AND s.member_id IS NULL AND ${CUSTOMER_TEXT} LIKE ${pattern} AND lower(c.email) LIKE ${pattern}`,
});

// Across a whole organization, only the index for searches finds members and customers by address.
const addressCondition = (address: string, pattern: string) => ({
  seat: `lower(s.email) = ${address}`,
  member: `s.email IS NULL AND ${MEMBER_TEXT} LIKE ${pattern} AND lower(m.email) = ${address}`,
  customer: `s.email IS NULL AND s.member_id IS NULL AND ${CUSTOMER_TEXT} LIKE ${pattern} AND lower(c.email) = ${address}`,
});
