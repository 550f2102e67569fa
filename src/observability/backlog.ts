import type { Sql } from '../db/sql.ts';

/** The pending work in the database. Counts stop at 100,000. Ages are in seconds; 0 if nothing is pending. */
export interface Backlog {
  /** Events whose deliveries and mails do not exist yet. */
  events: number;
  oldestEventSeconds: number;
  /** Mails that are due or were attempted. Reminders that are not due yet do not count. */
  mails: number;
  /** How long ago the oldest of these mails first became due. */
  oldestMailSeconds: number;
  /** Deliveries that are pending, due or not. */
  deliveries: number;
  /** How long the most overdue delivery has been due. Receivers that asked for a pause do not count. */
  oldestDeliverySeconds: number;
  /** Endpoints that are disabled, by their organization or because of failures. */
  disabledEndpoints: number;
}

const MOST = 100_000;

/** Failed mails are retried within five minutes, so an index on the next attempt finds all attempted mails. */
const LONGEST_MAIL_PAUSE = '6 minutes';

/** The statement that reads the backlog. */
export const READ_BACKLOG = {
  name: 'backlog',
  text: `
    WITH clock AS MATERIALIZED (
      SELECT clock_timestamp() AS now
    ), waiting_mails AS MATERIALIZED (
      SELECT CASE
               WHEN mail.kind <> 'reminder' THEN mail.created_at
               WHEN mail.attempts = 0 THEN mail.next_attempt_at
               -- Its time is known no more. It is due for as long as its invitation has been on its way to the end.
               ELSE greatest(mail.created_at, coalesce(
                      seat.invitation_token_expires_at - make_interval(hours => organization.reminder_hours),
                      mail.created_at))
             END AS due_since
        FROM (
          SELECT organization_id, seat_id, kind, attempts, created_at, next_attempt_at
            FROM mails
           WHERE status = 'pending' AND next_attempt_at <= (SELECT now + interval '${LONGEST_MAIL_PAUSE}' FROM clock)
             AND (attempts > 0 OR next_attempt_at <= (SELECT now FROM clock))
           ORDER BY next_attempt_at
           LIMIT ${MOST}
        ) AS mail
        LEFT JOIN organizations AS organization ON organization.id = mail.organization_id AND mail.kind = 'reminder'
        LEFT JOIN customer_seats AS seat
          ON seat.organization_id = mail.organization_id AND seat.id = mail.seat_id AND mail.kind = 'reminder'
    ), late_deliveries AS MATERIALIZED (
      SELECT first.next_attempt_at
        FROM webhook_endpoints AS endpoint
       CROSS JOIN LATERAL (
         SELECT next_attempt_at FROM webhook_deliveries AS delivery
          WHERE delivery.organization_id = endpoint.organization_id AND delivery.endpoint_id = endpoint.id
            AND delivery.status = 'pending' AND delivery.next_attempt_at <= (SELECT now FROM clock)
          ORDER BY next_attempt_at, sequence
          LIMIT 1
       ) AS first
       WHERE endpoint.deleted_at IS NULL AND endpoint.disabled_at IS NULL
         -- A lease without an owner is a pause that the receiver asked for.
         AND NOT (endpoint.leased_by IS NULL AND coalesce(endpoint.leased_until > (SELECT now FROM clock), false))
    ), oldest_event AS MATERIALIZED (
      SELECT created_at FROM outbox_events WHERE dispatched_at IS NULL ORDER BY sequence LIMIT 1
    )
    SELECT (SELECT count(*) FROM (SELECT FROM outbox_events WHERE dispatched_at IS NULL LIMIT ${MOST}) AS event)::int
             AS "events",
           (SELECT extract(epoch FROM now - created_at) FROM oldest_event)::float8 AS "oldestEventSeconds",
           (SELECT count(*) FROM waiting_mails)::int AS "mails",
           (SELECT extract(epoch FROM now - min(due_since)) FROM waiting_mails)::float8 AS "oldestMailSeconds",
           (SELECT count(*) FROM (
              SELECT FROM webhook_deliveries WHERE status = 'pending' LIMIT ${MOST}) AS delivery)::int AS "deliveries",
           (SELECT extract(epoch FROM now - min(next_attempt_at)) FROM late_deliveries)::float8
             AS "oldestDeliverySeconds",
           (SELECT count(*) FROM webhook_endpoints WHERE disabled_at IS NOT NULL AND deleted_at IS NULL)::int
             AS "disabledEndpoints"
      FROM clock`,
};

/** Reads the backlog by the database's clock. */
export async function readBacklog(sql: Pick<Sql, 'rows'>): Promise<Backlog> {
  const [row] = await sql.rows<{ [Key in keyof Backlog]: number | null }>(READ_BACKLOG, []);
  const at = (value: number | null | undefined) => Math.max(value ?? 0, 0);
  return {
    events: at(row?.events),
    oldestEventSeconds: at(row?.oldestEventSeconds),
    mails: at(row?.mails),
    oldestMailSeconds: at(row?.oldestMailSeconds),
    deliveries: at(row?.deliveries),
    oldestDeliverySeconds: at(row?.oldestDeliverySeconds),
    disabledEndpoints: at(row?.disabledEndpoints),
  };
}

export interface BacklogCacheOptions {
  /** How long a backlog is kept. */
  keepMs?: number;
  /** How long a scrape waits for the database. */
  patienceMs?: number;
}

/**
 * Returns a function that reads the backlog at most once every ten seconds. It resolves to undefined if the database fails
 * or does not answer within three seconds, and never rejects.
 */
export function createBacklogCache(
  read: () => Promise<Backlog>,
  { keepMs = 10_000, patienceMs = 3_000 }: BacklogCacheOptions = {},
): () => Promise<Backlog | undefined> {
  let reading: Promise<Backlog | undefined> | undefined;
  let startedAt = 0;
  let isUnderWay = false;

  function start(): Promise<Backlog | undefined> {
    startedAt = performance.now();
    isUnderWay = true;
    const answer = read()
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false;
      });
    const late = new Promise<undefined>(resolve => {
      const timer = setTimeout(() => resolve(undefined), patienceMs);
      void answer.then(() => clearTimeout(timer));
    });
    return Promise.race([answer, late]);
  }

  return () => {
    // Starts no second read while the last one still waits for the database.
    const isOld = performance.now() - startedAt >= keepMs && !isUnderWay;
    if (reading === undefined || isOld) reading = start();
    return reading;
  };
}
