/** RFC 3339 as `timestamp` writes it. */
const timestamp = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', ${column}) = ${column}
     THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)`;

/** `representSeat` in SQL, for a statement that changes a seat and records it at once: `s` is the seat, `m` its member or nobody. */
const REPRESENTED_SEAT = `
  (SELECT row_to_json(seat) FROM (SELECT
    ${timestamp('s.created_at')} AS created_at,
    ${timestamp('s.modified_at')} AS modified_at,
    s.id, s.subscription_id, s.order_id, s.status, s.customer_id, s.member_id,
    CASE WHEN m.id IS NOT NULL THEN
      (SELECT row_to_json(member) FROM (SELECT
        m.id,
        ${timestamp('m.created_at')} AS created_at,
        ${timestamp('m.modified_at')} AS modified_at,
        m.customer_id, m.email, m.name, m.external_id, m.role) AS member)
    END AS member,
    s.email, coalesce(s.email, m.email) AS customer_email,
    ${timestamp('s.invitation_token_expires_at')} AS invitation_token_expires_at,
    ${timestamp('s.claimed_at')} AS claimed_at,
    ${timestamp('s.revoked_at')} AS revoked_at,
    s.metadata AS seat_metadata) AS seat)`;

/**
 * `recordEvent` as a part of a statement: an INSERT for each row of `from`, which has a seat as `s` and its member, or
 * nobody, as `m`. The rest are expressions over these.
 */
export function insertEvent(
  from: string,
  { type, id, now }: { type: string; id: string; now: string },
): string {
  return `
    INSERT INTO outbox_events (organization_id, id, created_at, type, seat_id, payload)
    SELECT s.organization_id, ${id}, ${now}, ${type}, s.id, ${REPRESENTED_SEAT}
      FROM ${from}`;
}
