import { organizationOf } from '../auth/access.ts';
import { type RecordedActor, recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Db, Tx } from '../db/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { transaction } from '../db/transaction.ts';
import { revokeLocked } from '../seats/revoke.ts';
import { lockPoolsOf, poolOfSeat } from '../seats/source.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import { requirePersonalDataManager } from './access.ts';
import { type ErasedRows, eraseRows } from './erase-rows.ts';
import { eraseEvents, findEvents, findLaterEvents, takeSnapshot } from './events.ts';
import { findPerson, isSeatOf, type Person, type PersonSelector } from './person.ts';
import { pseudonymOf } from './pseudonym.ts';

/** The result of an erasure. */
export interface ErasedPerson {
  /** The number of rows that were changed or deleted, by table. */
  rows: ErasedRows;
  /** The seats that the person held, after their revocation. */
  revokedSeats: SeatView[];
  /** The customers of the members and sessions that were changed. */
  customerIds: string[];
}

/** An erasure reads all events of the organization. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * Erases a person from all data of an organization: address, name, external id, and the data of their seats. First revokes
 * the person's live seats, with one event each. Events stay, with ids instead of personal data, and seat counts stay. Atomic
 * and idempotent.
 * Throws Unauthenticated, NotPermitted, InvalidInput, and ResourceNotFound for a member or a customer that does not exist.
 */
export async function erasePerson(
  ctx: Ctx,
  organizationId: string | null | undefined,
  selector: PersonSelector,
): Promise<ErasedPerson> {
  const actor = requirePersonalDataManager(ctx.actor);
  const owner = organizationOf(actor, organizationId);
  const by = recordActor(actor, ctx.channel);
  const erased = await eraseFrom(ctx.db, owner, selector, by, ctx.now());
  for (const customerId of erased.customerIds) {
    ctx.actors.forgetMembers({ organizationId: owner, customerId });
  }
  for (const { id } of erased.revokedSeats) ctx.changes.announce(id);
  return erased;
}

/** Does the same as `erasePerson` in a given organization, without checking the actor. Throws ResourceNotFound. */
export async function eraseFrom(
  db: Db,
  organizationId: string,
  selector: PersonSelector,
  by: RecordedActor,
  now: Date,
): Promise<ErasedPerson> {
  return await optimistic(() =>
    transaction(db, tx => attempt(tx, organizationId, selector, by, now), { timeout: TIMEOUT_MS }),
  );
}

/** Erases the person. Returns undefined if the person got a seat, a member or a customer in the meantime. */
async function attempt(
  tx: Tx,
  organizationId: string,
  selector: PersonSelector,
  by: RecordedActor,
  now: Date,
): Promise<ErasedPerson | undefined> {
  // The slow reads come first, without locks.
  const snapshot = await takeSnapshot(tx);
  const named = await findPerson(tx, organizationId, selector);
  const { person, ids } = await findEvents(tx, named);
  const found = await liveSeats(tx, person);
  await lock(tx, person, found);
  const again = await findPerson(tx, organizationId, selector);
  const seats = await liveSeats(tx, person);
  if (!isLocked(person, found, again, seats)) return undefined;

  const isOwn = person.addresses.includes(by.label?.toLowerCase() ?? '');
  const actor = isOwn ? { ...by, label: null } : by;
  const revokedSeats = await revokeLocked(tx, seats.map(withoutPerson), actor, now);
  const later = await findLaterEvents(tx, person, snapshot);
  const events = await eraseEvents(tx, person, [...new Set([...ids, ...later])]);
  const { rows, customerIds } = await eraseRows(
    tx,
    person,
    events,
    revokedSeats.length,
    actor,
    now,
  );
  return { rows, revokedSeats, customerIds };
}

async function liveSeats(tx: Tx, person: Person): Promise<SeatView[]> {
  const { organizationId } = person;
  const live = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM customer_seats AS seat
     WHERE organization_id = ${organizationId}::uuid AND status <> 'revoked' AND ${isSeatOf(person)}`;
  return await tx.customerSeat.findMany({
    where: { organizationId, id: { in: live.map(({ id }) => id) } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: WITH_HOLDER,
  });
}

/** Locks rows in the same order as every verb: pools, members, seats. */
async function lock(tx: Tx, person: Person, seats: readonly SeatView[]): Promise<void> {
  const { organizationId, memberIds } = person;
  await lockPoolsOf(tx, seats);
  await tx.$queryRaw`
    SELECT 1 FROM members
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${memberIds}::uuid[])
     ORDER BY organization_id, id
       FOR NO KEY UPDATE`;
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${seats.map(({ id }) => id)}::uuid[])
     ORDER BY organization_id, id
       FOR NO KEY UPDATE`;
}

/** Returns whether all of the person's current rows are locked. */
function isLocked(
  person: Person,
  locked: readonly SeatView[],
  again: Person,
  seats: readonly SeatView[],
): boolean {
  const ids = new Set([...person.memberIds, ...person.customerIds]);
  const pools = new Set(locked.map(seat => poolOfSeat(seat).id));
  const known = new Set(locked.map(({ id }) => id));
  return (
    [...again.memberIds, ...again.customerIds].every(id => ids.has(id)) &&
    seats.every(seat => known.has(seat.id) && pools.has(poolOfSeat(seat).id))
  );
}

/** Returns a seat without personal data, for its revocation. */
function withoutPerson(seat: SeatView): SeatView {
  const { member } = seat;
  return {
    ...seat,
    email: null,
    metadata: {},
    customer: seat.customer && { email: null },
    member: member && { ...member, email: pseudonymOf(member.id), name: null, externalId: null },
  };
}
