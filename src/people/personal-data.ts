import { organizationOf } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import { type Db, Prisma, type Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { requirePersonalDataReader } from './access.ts';
import { eachEvent, findEvents, type StoredEvent } from './events.ts';
import { findPerson, isSeatOf, type Person, type PersonSelector } from './person.ts';
import { isHolder } from './redact.ts';

/** The time for reading all events of the organization. */
const TIMEOUT_MS = 10 * 60_000;

/** All data about a person in an organization, as JSON: rows by kind. */
export type PersonalData = Record<string, unknown>;

/**
 * Returns all data about a person in an organization; null if there is none. Throws Unauthenticated, NotPermitted,
 * InvalidInput, and ResourceNotFound for another organization, or a member or customer that does not exist.
 */
export async function readPersonalData(
  ctx: Ctx,
  organizationId: string | null | undefined,
  selector: PersonSelector,
): Promise<PersonalData | null> {
  const actor = requirePersonalDataReader(ctx.actor);
  return await readFrom(ctx.db, organizationOf(actor, organizationId), selector);
}

/** Does the same as `readPersonalData` in a given organization, without checking the actor. Throws ResourceNotFound. */
export async function readFrom(
  db: Db,
  organizationId: string,
  selector: PersonSelector,
): Promise<PersonalData | null> {
  return await transaction(
    db,
    async tx => {
      return await collect(tx, await findPerson(tx, organizationId, selector));
    },
    { timeout: TIMEOUT_MS },
  );
}

async function collect(tx: Tx, named: Person): Promise<PersonalData | null> {
  const { person, ids } = await findEvents(tx, named);
  const { organizationId, memberIds, customerIds, individualIds, addresses } = person;
  const events: StoredEvent[] = [];
  await eachEvent(tx, person, ids, batch => events.push(...batch));
  events.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  const seatEvents = events.filter(({ payload }) => isHolder(person, payload));
  const otherEvents = events.filter(event => !seatEvents.includes(event) && names(person, event));
  const seatIds = [...new Set(seatEvents.map(({ seatId }) => seatId))];
  const of = { organizationId };
  const ofSessions = {
    select: { id: true, createdAt: true, expiresAt: true, endedAt: true },
    orderBy: { createdAt: 'asc' },
  } as const;
  const data = {
    members: await tx.member.findMany({ where: { ...of, id: { in: memberIds } } }),
    customers: await tx.customer.findMany({ where: { ...of, id: { in: customerIds } } }),
    seats: await liveSeats(tx, person),
    memberSessions: await tx.memberSession.findMany({
      where: { ...of, memberId: { in: memberIds } },
      ...ofSessions,
    }),
    customerSessions: await tx.customerSession.findMany({
      where: { ...of, customerId: { in: individualIds } },
      ...ofSessions,
    }),
    events: seatEvents.map(withoutDeliveries),
    otherEvents: otherEvents.map(withoutDeliveries),
    mails: await mailsTo(tx, person, seatIds),
    mailOptOuts: await tx.mailOptOut.findMany({ where: { ...of, email: { in: addresses } } }),
    auditEvents: await auditEventsOf(tx, person),
  };
  if (Object.values(data).every(rows => rows.length === 0)) return null;
  const inLowerCase = new Set(addresses.map(address => address.toLowerCase()));
  return asJson({ organizationId, addresses: [...inLowerCase], ...data });
}

/** Returns whether an event of another seat was caused by the person, or contains one of the person's addresses. */
function names({ memberIds, customerIds, addresses }: Person, event: StoredEvent): boolean {
  const text = JSON.stringify([event.payload, event.actorLabel]).toLowerCase();
  const isCaused = [...memberIds, ...customerIds].includes(event.actorId ?? '');
  return isCaused || addresses.some(address => text.includes(address));
}

const withoutDeliveries = ({ deliveries: _, ...event }: StoredEvent) => event;

async function liveSeats(tx: Tx, person: Person): Promise<object[]> {
  return await tx.$queryRaw<object[]>`
    SELECT id, status::text, subscription_id AS "subscriptionId", order_id AS "orderId", customer_id AS "customerId",
           member_id AS "memberId", email, metadata, assigned_at AS "assignedAt", claimed_at AS "claimedAt",
           invitation_token_expires_at AS "invitationTokenExpiresAt"
      FROM customer_seats AS seat
     WHERE organization_id = ${person.organizationId}::uuid AND status <> 'revoked' AND ${isSeatOf(person)}
     ORDER BY assigned_at, id`;
}

async function mailsTo(
  tx: Tx,
  { organizationId, addresses }: Person,
  seatIds: readonly string[],
): Promise<object[]> {
  return await tx.$queryRaw<object[]>`
    SELECT id, created_at AS "createdAt", kind::text, seat_id AS "seatId", recipient, status::text, error,
           finished_at AS "finishedAt"
      FROM mails
     WHERE organization_id = ${organizationId}::uuid
       AND (lower(recipient) = ANY(${addresses}::text[]) OR (recipient IS NULL AND seat_id = ANY(${seatIds}::uuid[])))
     ORDER BY created_at, id`;
}

async function auditEventsOf(
  tx: Tx,
  { organizationId, memberIds, customerIds, addresses }: Person,
): Promise<object[]> {
  const ids = Prisma.sql`${[...memberIds, ...customerIds]}::uuid[]`;
  const labels = Prisma.sql`${addresses}::text[]`;
  return await tx.$queryRaw<object[]>`
    SELECT id, created_at AS "createdAt", type::text, subject_id AS "subjectId", subject_label AS "subjectLabel", changes,
           actor_id AS "actorId", actor_label AS "actorLabel"
      FROM audit_events
     WHERE organization_id = ${organizationId}::uuid
       AND (subject_id = ANY(${ids}) OR actor_id = ANY(${ids})
         OR lower(subject_label) = ANY(${labels}) OR lower(actor_label) = ANY(${labels}))
     ORDER BY created_at, id`;
}

/** Returns the JSON form of a value, with times as text. */
function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
