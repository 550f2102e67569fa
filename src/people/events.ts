import { Prisma, type Tx } from '../db/client.ts';
import { type Person, withoutOthers } from './person.ts';
import { pseudonymOf } from './pseudonyms.ts';

/** The tables with events of seats, in the order in which an event moves. */
export type EventTable = 'outbox_events' | 'archived_events';
export const EVENT_TABLES: readonly EventTable[] = ['outbox_events', 'archived_events'];

/** What the payload of an event says of the holder; the rest of it is of no person. */
interface Payload {
  customer_id?: string | null;
  member_id?: string | null;
  member?: { id: string; email: string; name: string | null; external_id: string | null } | null;
  email?: string | null;
  customer_email?: string | null;
  seat_metadata?: Record<string, unknown>;
}

/** An event of a seat, as it is stored. */
export interface StoredEvent {
  table: EventTable;
  id: string;
  seatId: string;
  transactionId: string;
  type: string;
  createdAt: Date;
  payload: Payload;
  actorId: string | null;
  actorLabel: string | null;
  /** The deliveries of an archived event. */
  deliveries: { response_body?: string | null; error?: string | null }[] | null;
}

/** The events that a person is in. */
export interface PersonalEvents {
  /** The events of seats that the person held. */
  held: StoredEvent[];
  /** The events of other seats that the person caused. */
  caused: StoredEvent[];
  /** The events as they are without the person: those of `held` and `caused`, and those with data that a transfer passed on. */
  erased: StoredEvent[];
  /** By seat, the keys and values of its data that are the person's, where the seat has them still; `all`: all of it. */
  metadata: Map<string, 'all' | ReadonlyMap<string, string>>;
  /** The seats that the person held. */
  seatIds: string[];
}

const PAGE = 5_000;
const SEATS = 200;

/**
 * Reads all events of the organization for those that a person is in, and adds the person's former addresses, as the events
 * have them, to `addresses`, unless somebody else has them at present.
 */
export async function findEvents(
  tx: Tx,
  person: Person,
): Promise<{ person: Person; events: PersonalEvents }> {
  const found = await readEvents(tx, person);
  const known = new Set(person.addresses);
  const former = [...new Set(found.held.flatMap(addressesIn))].filter(each => !known.has(each));
  const more = former.length > 0 ? await withoutOthers(tx, person, former) : [];
  if (more.length === 0) return { person, events: found };
  const whole = { ...person, addresses: [...person.addresses, ...more] };
  return { person: whole, events: await readEvents(tx, whole) };
}

async function readEvents(tx: Tx, person: Person): Promise<PersonalEvents> {
  const seatIds = new Set<string>();
  for (const table of EVENT_TABLES) await addSeats(tx, table, person, seatIds);
  const events: PersonalEvents = {
    held: [],
    caused: [],
    erased: [],
    metadata: new Map(),
    seatIds: [],
  };
  const all = [...seatIds];
  for (let start = 0; start < all.length; start += SEATS) {
    const histories = await readHistories(tx, person, all.slice(start, start + SEATS));
    for (const [seatId, history] of histories) addHistory(events, person, seatId, history);
  }
  return events;
}

/** Adds the seats of the events that name the person, reading page by page, so that no statement takes long. */
async function addSeats(
  tx: Tx,
  table: EventTable,
  { organizationId, memberIds, customerIds, addresses }: Person,
  seatIds: Set<string>,
): Promise<void> {
  const ids = [...memberIds, ...customerIds];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const [page] = await tx.$queryRaw<{ last: string | null; count: number; seats: string[] }[]>`
      WITH page AS MATERIALIZED (
        SELECT id, seat_id, payload, actor_id, actor_label FROM ${Prisma.raw(table)}
         WHERE organization_id = ${organizationId}::uuid AND id > ${after}::uuid
         ORDER BY id
         LIMIT ${PAGE}
      )
      SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last,
             (SELECT count(*)::integer FROM page) AS count,
             (SELECT coalesce(json_agg(DISTINCT seat_id), '[]') FROM page
               WHERE payload->>'member_id' = ANY(${ids}::text[]) OR payload->>'customer_id' = ANY(${ids}::text[])
                  OR payload->'member'->>'id' = ANY(${ids}::text[]) OR actor_id::text = ANY(${ids}::text[])
                  OR lower(payload->>'email') = ANY(${addresses}::text[])
                  OR lower(payload->>'customer_email') = ANY(${addresses}::text[])
                  OR lower(payload->'member'->>'email') = ANY(${addresses}::text[])
                  OR lower(actor_label) = ANY(${addresses}::text[])) AS seats`;
    for (const seatId of page?.seats ?? []) seatIds.add(seatId);
    if (page === undefined || page.last === null || page.count < PAGE) return;
    after = page.last;
  }
}

/** Returns all events of the seats, by seat, oldest first. */
async function readHistories(
  tx: Tx,
  { organizationId }: Person,
  seatIds: readonly string[],
): Promise<Map<string, StoredEvent[]>> {
  const rows = await tx.$queryRaw<StoredEvent[]>`
    SELECT 'outbox_events' AS table, id, seat_id AS "seatId", sequence, transaction_id::text AS "transactionId", type,
           created_at AS "createdAt", payload, actor_id AS "actorId", actor_label AS "actorLabel", NULL::json AS deliveries
      FROM outbox_events
     WHERE organization_id = ${organizationId}::uuid AND seat_id = ANY(${seatIds}::uuid[])
    UNION ALL
    SELECT 'archived_events', id, seat_id, sequence, transaction_id::text, type,
           created_at, payload, actor_id, actor_label, deliveries
      FROM archived_events
     WHERE organization_id = ${organizationId}::uuid AND seat_id = ANY(${seatIds}::uuid[])
     ORDER BY sequence`;
  return Map.groupBy(rows, ({ seatId }) => seatId);
}

/** Adds what a seat's history has of the person. */
function addHistory(
  events: PersonalEvents,
  person: Person,
  seatId: string,
  history: readonly StoredEvent[],
): void {
  // The data that is the person's, in the events of the next holder to whom a transfer passed it on.
  let passedOn = new Map<string, string>();
  let before: StoredEvent | undefined;
  let isHeld = false;
  for (const event of history) {
    const { payload } = event;
    const isCaused = causedBy(person, event);
    isHeld = isHolder(person, payload);
    if (isHeld) {
      passedOn = new Map([...passedOn, ...pairsOf(payload.seat_metadata)]);
      events.held.push(event);
    } else {
      const isNew =
        event.type === 'customer_seat.assigned' && before?.transactionId !== event.transactionId;
      if (isNew) passedOn = new Map();
      if (isCaused) events.caused.push(event);
    }
    const metadata = isHeld ? {} : withoutPairs(payload.seat_metadata, passedOn);
    const isChanged = metadata !== payload.seat_metadata;
    if (isHeld || isCaused || isChanged) {
      events.erased.push({
        ...event,
        payload: isHeld ? withoutHolder(payload) : { ...payload, ...(isChanged && { seat_metadata: metadata }) },
        ...(isCaused && { actorLabel: null }),
        deliveries: event.deliveries?.map(withoutAnswer) ?? null,
      });
    }
    before = event;
  }
  if (events.held.some(event => event.seatId === seatId)) events.seatIds.push(seatId);
  if (isHeld) events.metadata.set(seatId, 'all');
  else if (passedOn.size > 0) events.metadata.set(seatId, passedOn);
}

/** Returns whether the payload says that the person holds or held the seat. */
function isHolder({ memberIds, customerIds, addresses }: Person, payload: Payload): boolean {
  const { member, member_id: memberId, customer_id: customerId } = payload;
  if (member) return memberIds.includes(member.id) || addresses.includes(member.email.toLowerCase());
  if (memberId != null) return memberIds.includes(memberId);
  const emails = [payload.email, payload.customer_email].flatMap(email => email?.toLowerCase() ?? []);
  if (emails.length > 0) return emails.some(email => addresses.includes(email));
  return customerId != null && customerIds.includes(customerId);
}

function causedBy({ memberIds, customerIds, addresses }: Person, event: StoredEvent): boolean {
  const { actorId, actorLabel } = event;
  if (actorLabel === null) return false;
  const isActor = actorId !== null && [...memberIds, ...customerIds].includes(actorId);
  return isActor || addresses.includes(actorLabel.toLowerCase());
}

/** Returns a payload without what it says of the holder, with the same keys in the same order. */
function withoutHolder(payload: Payload): Payload {
  const { member } = payload;
  return {
    ...payload,
    ...(member && {
      member: { ...member, email: pseudonymOf(member.id), name: null, external_id: null },
    }),
    ...('email' in payload && { email: null }),
    ...('customer_email' in payload && { customer_email: null }),
    ...('seat_metadata' in payload && { seat_metadata: {} }),
  };
}

/** The answer of a receiver may repeat what it received. */
function withoutAnswer<Delivery extends object>(delivery: Delivery): Delivery {
  return { ...delivery, response_body: null, error: null };
}

function pairsOf(metadata: Record<string, unknown> = {}): [string, string][] {
  return Object.entries(metadata).map(([key, value]) => [key, JSON.stringify(value)]);
}

/** Returns the data without these keys and values; the same object if it has none of them. */
export function withoutPairs<Metadata extends Record<string, unknown> | undefined>(
  metadata: Metadata,
  pairs: ReadonlyMap<string, string>,
): Metadata | Record<string, unknown> {
  if (metadata === undefined) return metadata;
  const kept = Object.entries(metadata).filter(
    ([key, value]) => pairs.get(key) !== JSON.stringify(value),
  );
  return kept.length === Object.keys(metadata).length ? metadata : Object.fromEntries(kept);
}

function addressesIn({ payload }: StoredEvent): string[] {
  return [payload.email, payload.customer_email, payload.member?.email].flatMap(email =>
    email == null || email === (payload.member && pseudonymOf(payload.member.id))
      ? []
      : [email.toLowerCase()],
  );
}

/** Writes the events of a table as they are without the person, and returns their number. */
export async function writeErased(
  tx: Tx,
  table: EventTable,
  { organizationId }: Person,
  erased: readonly StoredEvent[],
): Promise<number> {
  const rows = erased.map(({ id, payload, actorLabel, deliveries }) => ({
    ...{ id, payload, label: actorLabel, deliveries },
  }));
  const deliveries =
    table === 'archived_events'
      ? Prisma.sql`, deliveries = coalesce(new.deliveries, event.deliveries)`
      : Prisma.empty;
  // An event of the outbox that is archived meanwhile is written in the archive.
  return await tx.$executeRaw`
    UPDATE ${Prisma.raw(table)} AS event
       SET payload = new.payload, actor_label = new.label ${deliveries}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS new (id uuid, payload json, label text, deliveries json)
     WHERE event.organization_id = ${organizationId}::uuid AND event.id = new.id`;
}
