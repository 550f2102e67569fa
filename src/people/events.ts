import { Prisma, type Tx } from '../db/client.ts';
import { type Person, withoutOthers } from './person.ts';
import { addressesIn, isHolder, type Payload, withoutHolder, withoutTexts } from './redact.ts';
import { type Place, rowsNaming } from './rows-naming.ts';

/** The tables of seat events, in the order in which an event moves. */
type EventTable = 'outbox_events' | 'archived_events';
const EVENT_TABLES: readonly EventTable[] = ['outbox_events', 'archived_events'];

/** A stored event of a seat. */
export interface StoredEvent {
  id: string;
  seatId: string;
  createdAt: Date;
  type: string;
  payload: Payload;
  actorId: string | null;
  actorLabel: string | null;
  /** The deliveries of an archived event; null for an event in the outbox. */
  deliveries: { response_body?: string | null; error?: string | null }[] | null;
}

const BATCH = 500;

/**
 * Finds all events of the organization that may name a person. Returns their ids, and the person with the former addresses
 * from the events, except for addresses that somebody else currently has.
 */
export async function findEvents(
  tx: Tx,
  person: Person,
): Promise<{ person: Person; ids: string[] }> {
  const ids = await idsOf(tx, person);
  const held: string[] = [];
  await eachEvent(tx, person, ids, events => {
    held.push(...events.filter(({ payload }) => isHolder(person, payload)).flatMap(addressesOf));
  });
  const former = new Set(held.filter(address => !person.addresses.includes(address)));
  const more = former.size === 0 ? [] : await withoutOthers(tx, person, [...former]);
  if (more.length === 0) return { person, ids };
  const whole = { ...person, addresses: [...person.addresses, ...more] };
  return { person: whole, ids: await idsOf(tx, whole) };
}

const addressesOf = ({ payload }: StoredEvent) => addressesIn(payload);

/** Returns the ids of the events that may name a person, and that were not committed at the time of `snapshot`. */
export async function findLaterEvents(tx: Tx, person: Person, snapshot: string): Promise<string[]> {
  const since = Prisma.sql`transaction_id >= pg_snapshot_xmin(${snapshot}::pg_snapshot)`;
  return await idsOf(tx, person, since);
}

async function idsOf(tx: Tx, person: Person, and?: Prisma.Sql): Promise<string[]> {
  const found = new Set<string>();
  for (const table of EVENT_TABLES) {
    const place = { ...placeOf(table, person), ...(and && { and }) };
    const ids = await rowsNaming(tx, person.organizationId, textsOf(person), place);
    for (const id of ids) found.add(id);
  }
  return [...found];
}

/** Returns the current snapshot, for `findLaterEvents`. */
export async function takeSnapshot(tx: Tx): Promise<string> {
  const [row] = await tx.$queryRaw<{ snapshot: string }[]>`
    SELECT pg_current_snapshot()::text AS snapshot`;
  return row?.snapshot ?? '';
}

function textsOf({ hasMembers, addresses, memberIds, customerIds }: Person): string[] {
  return [...addresses, ...memberIds, ...(hasMembers ? [] : customerIds)];
}

function placeOf(table: EventTable, { memberIds, customerIds }: Person): Place {
  const deliveries = table === 'archived_events' ? ['deliveries'] : [];
  return {
    table,
    columns: ['payload', 'actor_label', ...deliveries],
    or: Prisma.sql`coalesce(actor_id = ANY(${[...memberIds, ...customerIds]}::uuid[]), false)`,
  };
}

/** Calls `work` with the events with these ids, in batches, in no particular order. Misses an event that moves meanwhile. */
export async function eachEvent(
  tx: Tx,
  { organizationId }: Person,
  ids: readonly string[],
  work: (events: StoredEvent[]) => void,
): Promise<void> {
  for (const batch of batchesOf(ids)) {
    for (const table of EVENT_TABLES) work(await readEvents(tx, table, organizationId, batch));
  }
}

function* batchesOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}

async function readEvents(
  tx: Tx,
  table: EventTable,
  organizationId: string,
  ids: readonly string[],
  lock = Prisma.empty,
): Promise<StoredEvent[]> {
  const deliveries = table === 'archived_events' ? Prisma.sql`deliveries` : Prisma.sql`NULL::json`;
  return await tx.$queryRaw<StoredEvent[]>`
    SELECT id, seat_id AS "seatId", type, created_at AS "createdAt", payload, actor_id AS "actorId",
           actor_label AS "actorLabel", ${deliveries} AS deliveries
      FROM ${Prisma.raw(table)}
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${ids}::uuid[])
     ORDER BY id
     ${lock}`;
}

/** The result of erasing a person from events. */
export interface ErasedEvents {
  counts: Record<EventTable, number>;
  /** The events of seats that the person held. */
  heldIds: string[];
  /** The seats that the person held. */
  seatIds: string[];
}

/** Erases a person from the events with these ids. If an event is archived meanwhile, changes it in the archive. */
export async function eraseEvents(
  tx: Tx,
  person: Person,
  ids: readonly string[],
): Promise<ErasedEvents> {
  const counts = { outbox_events: 0, archived_events: 0 };
  const heldIds: string[] = [];
  const seatIds = new Set<string>();
  for (const batch of batchesOf(ids)) {
    for (const table of EVENT_TABLES) {
      // The archive job skips events of the outbox that are locked.
      const events = await readEvents(tx, table, person.organizationId, batch, FOR_UPDATE);
      for (const { id, seatId, payload } of events) {
        if (!isHolder(person, payload)) continue;
        heldIds.push(id);
        seatIds.add(seatId);
      }
      counts[table] += await writeErased(tx, table, person, events);
    }
  }
  return { counts, heldIds, seatIds: [...seatIds] };
}

const FOR_UPDATE = Prisma.sql`FOR NO KEY UPDATE`;

/** Writes the events that change once the person is removed from them, and returns their number. */
async function writeErased(
  tx: Tx,
  table: EventTable,
  person: Person,
  events: readonly StoredEvent[],
): Promise<number> {
  const changed = events.flatMap(event => {
    const erased = withoutPerson(person, event);
    return JSON.stringify(erased) === JSON.stringify(partsOf(event))
      ? []
      : [{ id: event.id, ...erased }];
  });
  if (changed.length === 0) return 0;
  const deliveries =
    table === 'archived_events' ? Prisma.sql`, deliveries = erased.deliveries` : Prisma.empty;
  return await tx.$executeRaw`
    UPDATE ${Prisma.raw(table)} AS event
       SET payload = erased.payload, actor_label = erased."actorLabel" ${deliveries}
      FROM json_to_recordset(${JSON.stringify(changed)}::json)
           AS erased (id uuid, payload json, "actorLabel" text, deliveries json)
     WHERE event.organization_id = ${person.organizationId}::uuid AND event.id = erased.id`;
}

const partsOf = ({ payload, actorLabel, deliveries }: StoredEvent) => ({
  payload,
  actorLabel,
  deliveries,
});

/** Returns the parts of an event that can name people, with the person removed. */
function withoutPerson(person: Person, { payload, actorId, actorLabel, deliveries }: StoredEvent) {
  const { addresses, memberIds, customerIds } = person;
  const isHeld = isHolder(person, payload);
  const isCaused =
    addresses.includes(actorLabel?.toLowerCase() ?? '') ||
    [...memberIds, ...customerIds].includes(actorId ?? '');
  const answers = isHeld ? deliveries?.map(withoutAnswer) : deliveries;
  return {
    payload: withoutTexts(isHeld ? withoutHolder(payload) : payload, addresses),
    actorLabel: isCaused ? null : actorLabel,
    deliveries: withoutTexts(answers ?? null, addresses),
  };
}

/** Returns a delivery without the receiver's response, which may repeat what the receiver got. */
function withoutAnswer<Delivery extends object>(delivery: Delivery): Delivery {
  return { ...delivery, response_body: null, error: null };
}
