import { randomUUID } from 'node:crypto';
import { actorColumns } from '../../auth/recorded-actor.ts';
import type { Tx } from '../../db/client.ts';
import { type Columns, columnsOf } from '../../db/columns.ts';
import type { Query } from '../../db/sql.ts';
import type { SeatChanges } from '../rules/changes.ts';
import { poolOfSeat } from '../source.ts';
import { representSeat } from '../view.ts';

/** A part of the statement that writes changes: the rows of one kind. */
interface Part {
  /** One letter of the statement's name. */
  name: string;
  columns: Columns<never>;
  /** The statement over the rows, as a table `r`, beside the other parts. */
  text(rows: string, others: ReadonlySet<string>): string;
  rowsOf(changes: SeatChanges, now: Date): readonly object[];
}

function part<Row>(
  name: string,
  columns: Columns<Row>,
  text: Part['text'],
  rowsOf: (changes: SeatChanges, now: Date) => readonly Row[],
): Part {
  // Each part passes only its own rows to its columns.
  return { name, columns: columns as Columns<never>, text, rowsOf: rowsOf as Part['rowsOf'] };
}

const CUSTOMERS = columnsOf({
  organizationId: 'uuid',
  id: 'uuid',
  createdAt: 'timestamptz',
  email: 'text',
});

const MEMBERS = columnsOf({
  organizationId: 'uuid',
  id: 'uuid',
  createdAt: 'timestamptz',
  modifiedAt: 'timestamptz',
  customerId: 'uuid',
  email: 'text',
  externalId: 'text',
});

const LINKED_MEMBERS = columnsOf({
  organizationId: 'uuid',
  id: 'uuid',
  externalId: 'text',
  modifiedAt: 'timestamptz',
});

const SEATS = columnsOf({
  organizationId: 'uuid',
  id: 'uuid',
  createdAt: 'timestamptz',
  assignedAt: 'timestamptz',
  modifiedAt: 'timestamptz',
  subscriptionId: 'uuid',
  orderId: 'uuid',
  status: 'seat_status',
  customerId: 'uuid',
  memberId: 'uuid',
  email: 'text',
  metadata: 'text',
  claimedAt: 'timestamptz',
  revokedAt: 'timestamptz',
  invitationNonce: 'bytea',
  invitationTokenHash: 'bytea',
  invitationTokenExpiresAt: 'timestamptz',
});

const MEMBER_SESSIONS = columnsOf({
  tokenHash: 'bytea',
  id: 'uuid',
  createdAt: 'timestamptz',
  expiresAt: 'timestamptz',
  organizationId: 'uuid',
  customerId: 'uuid',
  memberId: 'uuid',
  begunByClaim: 'boolean',
});

const CUSTOMER_SESSIONS = columnsOf({
  tokenHash: 'bytea',
  id: 'uuid',
  createdAt: 'timestamptz',
  expiresAt: 'timestamptz',
  organizationId: 'uuid',
  customerId: 'uuid',
});

const FORMER_HOLDERS = columnsOf({
  organizationId: 'uuid',
  memberId: 'uuid',
  endedAt: 'timestamptz',
});

const RESENDS = columnsOf({
  organizationId: 'uuid',
  seatId: 'uuid',
  times: 'text',
  tokenHash: 'bytea',
});

const EVENTS = columnsOf({
  organizationId: 'uuid',
  id: 'uuid',
  createdAt: 'timestamptz',
  type: 'text',
  seatId: 'uuid',
  poolId: 'uuid',
  payload: 'text',
  actorKind: 'actor_kind',
  actorId: 'uuid',
  actorLabel: 'text',
  actorChannel: 'actor_channel',
});

const insertInto = (table: string, columns: Columns<never>) => (rows: string) =>
  `
  INSERT INTO ${table} (${columns.names()})
  SELECT ${columns.names('r.').replace('r.metadata', 'r.metadata::jsonb').replace('r.payload', 'r.payload::json')}
    FROM ${rows}
   ORDER BY r.n`;

/** A PostgreSQL array literal: an array of arrays of different lengths cannot be sent as one parameter. */
const timestampArray = (dates: readonly Date[]) =>
  `{${dates.map(date => `"${date.toISOString()}"`).join()}}`;

const seatRows = (seats: SeatChanges['newSeats']) =>
  seats.map(seat => ({ ...seat, metadata: JSON.stringify(seat.metadata) }));

// Foreign keys are checked when the statement ends, so one statement can hold all parts.
const PARTS: readonly Part[] = [
  part('c', CUSTOMERS, insertInto('customers', CUSTOMERS), ({ customers }) => customers),
  part('m', MEMBERS, insertInto('members', MEMBERS), ({ members }) => members),
  part(
    'l',
    LINKED_MEMBERS,
    rows => `
      UPDATE members AS m SET external_id = r.external_id, modified_at = r.modified_at
        FROM ${rows} WHERE m.organization_id = r.organization_id AND m.id = r.id`,
    ({ linkedMembers }) => linkedMembers,
  ),
  part('n', SEATS, insertInto('customer_seats', SEATS), ({ newSeats }) => seatRows(newSeats)),
  part(
    'u',
    SEATS,
    rows => `
      UPDATE customer_seats AS s
         SET assigned_at = r.assigned_at, modified_at = r.modified_at, status = r.status, customer_id = r.customer_id, member_id = r.member_id,
             email = r.email, metadata = r.metadata::jsonb, claimed_at = r.claimed_at, revoked_at = r.revoked_at,
             invitation_nonce = r.invitation_nonce, invitation_token_hash = r.invitation_token_hash,
             invitation_token_expires_at = r.invitation_token_expires_at
        FROM ${rows}
       WHERE s.organization_id = r.organization_id AND s.id = r.id
      RETURNING 1`,
    ({ changedSeats }) => seatRows(changedSeats),
  ),
  part('s', MEMBER_SESSIONS, insertInto('member_sessions', MEMBER_SESSIONS), ({ sessions }, now) =>
    sessions.flatMap(({ memberId, ...session }) =>
      memberId === null ? [] : [{ ...session, memberId, createdAt: now, begunByClaim: true }],
    ),
  ),
  part(
    't',
    CUSTOMER_SESSIONS,
    insertInto('customer_sessions', CUSTOMER_SESSIONS),
    ({ sessions }, now) =>
      sessions.flatMap(({ memberId, ...session }) =>
        memberId === null ? [{ ...session, createdAt: now }] : [],
      ),
  ),
  part(
    'f',
    FORMER_HOLDERS,
    // The function looks for the holder's other seats after these have changed.
    (rows, others) => `
      SELECT end_sessions_without_seat(r.organization_id, r.member_id, r.ended_at)
        FROM ${rows} ${others.has('u') ? 'WHERE (SELECT count(*) FROM u) > 0' : ''}`,
    ({ formerHolders }, now) => formerHolders.map(holder => ({ ...holder, endedAt: now })),
  ),
  part(
    'd',
    RESENDS,
    rows => `
      INSERT INTO recent_resends (organization_id, seat_id, times, token_hash)
      SELECT r.organization_id, r.seat_id, r.times::timestamptz[], r.token_hash FROM ${rows}
      ON CONFLICT (organization_id, seat_id) DO UPDATE SET times = excluded.times, token_hash = excluded.token_hash`,
    ({ resends }) => resends.map(resend => ({ ...resend, times: timestampArray(resend.times) })),
  ),
  part('e', EVENTS, insertInto('outbox_events', EVENTS), ({ events }, now) =>
    events.map(({ type, seat, by }) => ({
      organizationId: seat.organizationId,
      id: randomUUID(),
      createdAt: now,
      type,
      seatId: seat.id,
      poolId: poolOfSeat(seat).id,
      payload: JSON.stringify(representSeat(seat)),
      ...actorColumns(by),
    })),
  ),
];

/** Returns the one statement that writes everything a decision changes; undefined if it changes nothing. */
export function writeQuery(changes: SeatChanges, now: Date): Query | undefined {
  const written = PARTS.map(each => ({ part: each, rows: each.rowsOf(changes, now) })).filter(
    ({ rows }) => rows.length > 0,
  );
  if (written.length === 0) return undefined;
  return {
    statement: statementOf(written.map(({ part }) => part)),
    values: written.flatMap(({ part, rows }) => part.columns.values(rows as readonly never[])),
  };
}

/** Writes changes within a Prisma transaction, for verbs that also change other rows. */
export async function writeWithin(tx: Tx, changes: SeatChanges, now: Date): Promise<void> {
  const query = writeQuery(changes, now);
  if (query === undefined) return;
  const { statement, values } = query;
  await tx.$queryRawUnsafe(statement.text, ...values.map(asText));
}

/** Returns a parameter as the text of its type: Prisma sends no arrays of dates or bytes. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (value instanceof Date) return value.toISOString();
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
}

/** Builds a statement for each set of parts, so that what is not written costs nothing. */
function statementOf(parts: readonly Part[]) {
  let first = 1;
  const names = new Set(parts.map(each => each.name));
  const texts = parts.map(({ name, columns, text }) => {
    const rows = columns.unnest(first, 'r');
    first += columns.parameterCount;
    return `${name} AS (${text(rows, names)})`;
  });
  const name = `write_seats_${[...names].join('')}`;
  // PostgreSQL evaluates a SELECT in WITH only if something reads from it.
  const last = names.has('f') ? 'SELECT count(*) FROM f' : 'SELECT 1';
  return { name, text: `WITH ${texts.join(', ')} ${last}` };
}
