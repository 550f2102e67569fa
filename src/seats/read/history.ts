import type { RecordedActor } from '../../auth/recorded-actor.ts';
import type { Sql, Statement } from '../../db/sql.ts';
import type { SeatEventType } from '../rules/changes.ts';
import type { representSeat } from '../view.ts';
import type { ListPart } from './page.ts';

/** An event of a seat, from the outbox or the archive. */
export interface SeatEvent {
  id: string;
  organizationId: string;
  /** The position of the event among those of its seat. */
  sequence: string;
  /** The transaction that wrote the event. With the sequence, it gives the event's position among all events. */
  transactionId: string;
  createdAt: Date;
  type: SeatEventType;
  seatId: string;
  /** The seat immediately after the event. */
  payload: ReturnType<typeof representSeat>;
  actor: RecordedActor;
}

/** The columns of the event `e` that both the outbox and the archive have. */
export const COLUMNS = `e.id, e.organization_id, e.sequence, e.transaction_id, e.created_at, e.type, e.seat_id, e.payload,
          e.actor_kind, e.actor_id, e.actor_label, e.actor_channel`;

/** The select list for the event `e`. */
export const EVENT = `
  e.id, e.organization_id AS "organizationId", e.sequence::text, e.transaction_id::text AS "transactionId",
  e.created_at AS "createdAt", e.type, e.seat_id AS "seatId", e.payload,
  json_build_object('kind', e.actor_kind, 'id', e.actor_id, 'label', e.actor_label, 'channel', e.actor_channel) AS actor`;

const eventsOf = (table: string, direction: 'asc' | 'desc') => `
  (SELECT ${COLUMNS}
     FROM ${table} e
    WHERE e.organization_id = $1::uuid AND e.seat_id = $2::uuid
      AND ($4::bigint IS NULL OR e.sequence > $4::bigint) AND ($5::bigint IS NULL OR e.sequence < $5::bigint)
    ORDER BY e.sequence ${direction}
    LIMIT $3)`;

const statementFor = (direction: 'asc' | 'desc'): Statement => ({
  name: `seat_history_${direction}`,
  text: `
    SELECT ${EVENT}
      FROM (${eventsOf('outbox_events', direction)} UNION ALL ${eventsOf('archived_events', direction)}) AS e
     ORDER BY e.sequence ${direction}
     LIMIT $3`,
});

const STATEMENTS = { asc: statementFor('asc'), desc: statementFor('desc') };

interface SeatKey {
  organizationId: string;
  id: string;
}

/** Returns a page of a seat's events, unscoped. Writers hold the seat's lock, so the sequence is the order of the events. */
export async function readHistory(
  sql: Sql,
  { organizationId, id }: SeatKey,
  { after, before, direction, take }: ListPart<string>,
): Promise<SeatEvent[]> {
  const values = [organizationId, id, take, after ?? null, before ?? null];
  return await sql.rows<SeatEvent>(STATEMENTS[direction], values);
}

const LENGTH: Statement = {
  name: 'seat_history_length',
  text: `
    SELECT ((SELECT count(*) FROM outbox_events WHERE organization_id = $1::uuid AND seat_id = $2::uuid)
          + (SELECT count(*) FROM archived_events WHERE organization_id = $1::uuid AND seat_id = $2::uuid))::integer AS n`,
};

/** Returns the number of a seat's events, unscoped. */
export async function historyLength(sql: Sql, { organizationId, id }: SeatKey): Promise<number> {
  const [row] = await sql.rows<{ n: number }>(LENGTH, [organizationId, id]);
  return row?.n ?? 0;
}
