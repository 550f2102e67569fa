import type { Db } from '../../src/db/client.ts';
import type { SeatForm } from './seat-form.ts';

/** What was written to a seat's row, and in which transaction: what the database itself knows, whatever usher says. */
export interface SeatWrite {
  /** Its place among all writes. */
  n: bigint;
  /** The transaction, the same for what it wrote besides. */
  transaction: string;
  seatId: string;
  status: string | null;
  email: string | null;
  /** The hash of the invitation's token in hexadecimal. */
  tokenHash: string | null;
  /** When it was written, in milliseconds since 1970. */
  at: number;
}

/** An event as it stands in the database. */
export interface RecordedEvent {
  id: string;
  organizationId: string;
  seatId: string;
  sequence: bigint;
  type: string;
  createdAt: Date;
  payload: SeatForm;
  /** The transaction that wrote it. */
  transaction: string;
}

/** Makes the database keep note of every write to a seat, in the transaction that writes it, from now on. */
export async function installAudit(db: Db): Promise<void> {
  const statements = [
    'CREATE SCHEMA audit',
    `CREATE TABLE audit.seat_writes (
       n bigserial PRIMARY KEY, transaction text NOT NULL, seat_id uuid NOT NULL,
       status text, email text, token_hash text, at timestamptz NOT NULL)`,
    'CREATE TABLE audit.event_writes (event_id uuid PRIMARY KEY, transaction text NOT NULL)',
    `CREATE FUNCTION audit.note_seat() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO audit.seat_writes (transaction, seat_id, status, email, token_hash, at)
       VALUES (pg_current_xact_id()::text, coalesce(NEW.id, OLD.id), NEW.status::text, NEW.email,
               encode(NEW.invitation_token_hash, 'hex'), clock_timestamp());
       RETURN NULL;
     END $$`,
    `CREATE FUNCTION audit.note_event() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO audit.event_writes VALUES (NEW.id, pg_current_xact_id()::text);
       RETURN NULL;
     END $$`,
    `CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customer_seats
       FOR EACH ROW EXECUTE FUNCTION audit.note_seat()`,
    `CREATE TRIGGER audit AFTER INSERT ON outbox_events
       FOR EACH ROW EXECUTE FUNCTION audit.note_event()`,
  ];
  for (const statement of statements) await db.$executeRawUnsafe(statement);
}

/** The writes to seats after the n-th, in order. */
export async function readSeatWrites(db: Db, n: bigint): Promise<SeatWrite[]> {
  return await db.$queryRaw<SeatWrite[]>`
    SELECT n, transaction, seat_id AS "seatId", status, email, token_hash AS "tokenHash",
           extract(epoch FROM at)::float8 * 1000 AS at
      FROM audit.seat_writes
     WHERE n > ${n}
     ORDER BY n`;
}

/** The events after `sequence`, in order. */
export async function readEvents(db: Db, sequence: bigint): Promise<RecordedEvent[]> {
  return await db.$queryRaw<RecordedEvent[]>`
    SELECT event.id, organization_id AS "organizationId", seat_id AS "seatId", sequence, type,
           created_at AS "createdAt", payload, transaction
      FROM outbox_events AS event
      LEFT JOIN audit.event_writes AS written ON written.event_id = event.id
     WHERE sequence > ${sequence}
     ORDER BY sequence`;
}

/** Waits until every transaction that runs now has ended: what a dead process had begun is then done, or undone. */
export async function untilIdle(db: Db): Promise<void> {
  const [begun] = await db.$queryRaw<{ next: string }[]>`
    SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next`;
  for (;;) {
    const [now] = await db.$queryRaw<{ oldest: string }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest`;
    if (BigInt(now?.oldest ?? 0) >= BigInt(begun?.next ?? 0)) return;
  }
}
