import { randomUUID } from 'node:crypto';
import { type AuditRecord, recordAudits } from '../auth/audit.ts';
import type { RecordedActor } from '../auth/recorded-actor.ts';
import { Prisma, type Tx } from '../db/client.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import type { ErasedEvents } from './events.ts';
import type { Person } from './person.ts';
import { pseudonymOf } from './pseudonym.ts';
import { withoutTexts } from './redact.ts';
import { rowsNaming } from './rows-naming.ts';

/** The number of rows of each table that an erasure changed or deleted. */
export interface ErasedRows {
  members: number;
  customers: number;
  seats: number;
  sessions: number;
  events: number;
  archivedEvents: number;
  deliveries: number;
  mails: number;
  optOuts: number;
  auditEvents: number;
  importedRows: number;
  idempotencyKeys: number;
}

/**
 * Erases a person, whose seats are already revoked, from all tables except the event tables. Returns the counts of all
 * tables.
 */
export async function eraseRows(
  tx: Tx,
  person: Person,
  events: ErasedEvents,
  revokedSeats: number,
  by: RecordedActor,
  now: Date,
): Promise<{ rows: ErasedRows; customerIds: string[] }> {
  const externalIds = await externalIdsOf(tx, person);
  const members = await eraseMembers(tx, person, now);
  const customers = await eraseCustomers(tx, person, now);
  const rows = {
    members: members.length,
    customers: customers.length,
    seats: revokedSeats + (await eraseSeats(tx, person, events, now)),
    sessions: await endSessions(tx, person, now),
    events: events.counts.outbox_events,
    archivedEvents: events.counts.archived_events,
    deliveries: await eraseDeliveries(tx, person, events),
    mails: await eraseMails(tx, person, now),
    optOuts: await eraseOptOuts(tx, person),
    auditEvents: await eraseAuditEvents(tx, person),
    importedRows: await eraseImportedRows(tx, person),
    idempotencyKeys: await eraseOutcomes(tx, person, events, externalIds),
  };
  const { organizationId } = person;
  const changed = [...members, ...customers];
  await recordAudits(
    tx,
    changed.map(({ type, subjectId, changes }) => ({
      organizationId,
      type,
      subjectId,
      changes,
      by,
    })),
    now,
  );
  const customerIds = [...person.customerIds, ...members.map(({ customerId }) => customerId)];
  return { rows, customerIds: [...new Set(customerIds)] };
}

const VALUES = ['email', 'externalId', 'name'] as const;

type Change = Pick<AuditRecord, 'type' | 'subjectId' | 'changes'>;

/** Removes the members and replaces their personal data. */
async function eraseMembers(
  tx: Tx,
  { organizationId, memberIds }: Person,
  now: Date,
): Promise<(Change & { customerId: string })[]> {
  const members = await tx.member.findMany({
    where: { organizationId, id: { in: memberIds } },
    orderBy: { id: 'asc' },
  });
  const changed = [];
  for (const member of members) {
    const { id, customerId, deletedAt } = member;
    const erased = { email: pseudonymOf(id), name: null, externalId: null };
    const changes = VALUES.filter(name => member[name] !== erased[name]);
    if (changes.length === 0 && deletedAt !== null) continue;
    await tx.member.update({
      where: { organizationId_id: { organizationId, id } },
      data: { ...erased, deletedAt: deletedAt ?? now, modifiedAt: now },
    });
    const type = deletedAt === null ? 'member_removed' : 'member_updated';
    changed.push({ type, subjectId: id, changes, customerId } as const);
  }
  return changed;
}

/** Erases the data of customers, whose rows stay because they own purchases. A team loses only the address. */
async function eraseCustomers(
  tx: Tx,
  { organizationId, customerIds, individualIds }: Person,
  now: Date,
): Promise<Change[]> {
  const customers = await tx.customer.findMany({
    where: { organizationId, id: { in: customerIds } },
    orderBy: { id: 'asc' },
  });
  const changed: Change[] = [];
  for (const customer of customers) {
    const { id } = customer;
    const names = individualIds.includes(id) ? VALUES : (['email'] as const);
    const changes = names.filter(name => customer[name] !== null);
    if (changes.length === 0) continue;
    await tx.customer.update({
      where: { organizationId_id: { organizationId, id } },
      data: { ...Object.fromEntries(changes.map(name => [name, null])), modifiedAt: now },
    });
    changed.push({ type: 'customer_updated', subjectId: id, changes });
  }
  return changed;
}

/** Erases the data of revoked seats whose last holder was the person, and addresses in the data of all seats. */
async function eraseSeats(
  tx: Tx,
  { organizationId, addresses }: Person,
  { heldIds, seatIds }: ErasedEvents,
  now: Date,
): Promise<number> {
  const emptied = await tx.$executeRaw`
    UPDATE customer_seats AS seat SET metadata = '{}', modified_at = ${now}
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${seatIds}::uuid[])
       AND status = 'revoked' AND metadata <> '{}'
       AND (SELECT event.id FROM (
              SELECT id, sequence FROM outbox_events WHERE organization_id = ${organizationId}::uuid AND seat_id = seat.id
              UNION ALL
              SELECT id, sequence FROM archived_events WHERE organization_id = ${organizationId}::uuid AND seat_id = seat.id
            ) AS event ORDER BY sequence DESC LIMIT 1) = ANY(${heldIds}::uuid[])`;
  const place = {
    table: 'customer_seats',
    columns: ['metadata'],
    and: Prisma.sql`metadata <> '{}'`,
  } as const;
  const ids = await rowsNaming(tx, organizationId, addresses, place);
  let changed = 0;
  for (const id of ids) {
    const where = { organizationId_id: { organizationId, id } };
    const { metadata } = await tx.customerSeat.findUniqueOrThrow({ where });
    const erased = withoutTexts(metadata, addresses) as Prisma.InputJsonObject;
    if (JSON.stringify(erased) === JSON.stringify(metadata)) continue;
    await tx.customerSeat.update({ where, data: { metadata: erased, modifiedAt: now } });
    changed += 1;
  }
  return emptied + changed;
}

/** Ends the sessions in every process. Includes expired ones, since an import could extend them. */
async function endSessions(
  tx: Tx,
  { organizationId, memberIds, individualIds }: Person,
  now: Date,
): Promise<number> {
  const data = { endedAt: now };
  const ofMembers = await tx.memberSession.updateMany({
    where: {
      organizationId,
      endedAt: null,
      OR: [{ memberId: { in: memberIds } }, { customerId: { in: individualIds } }],
    },
    data,
  });
  const ofCustomers = await tx.customerSession.updateMany({
    where: { organizationId, endedAt: null, customerId: { in: individualIds } },
    data,
  });
  await announceTokenChange(tx);
  return ofMembers.count + ofCustomers.count;
}

/** Erases the responses of receivers to events of the person's seats, and responses that contain an address. */
async function eraseDeliveries(
  tx: Tx,
  { organizationId, addresses }: Person,
  { heldIds }: ErasedEvents,
): Promise<number> {
  const place = {
    table: 'webhook_deliveries',
    columns: ['response_body', 'error'],
    or: Prisma.sql`event_id = ANY(${heldIds}::uuid[])`,
    and: Prisma.sql`(response_body IS NOT NULL OR error IS NOT NULL)`,
  } as const;
  const ids = await rowsNaming(tx, organizationId, addresses, place);
  return await tx.$executeRaw`
    UPDATE webhook_deliveries SET response_body = NULL, error = NULL
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${ids}::uuid[])`;
}

/** Erases the recipient and the errors of mails. A pending mail is not sent. */
async function eraseMails(
  tx: Tx,
  { organizationId, addresses }: Person,
  now: Date,
): Promise<number> {
  return await tx.$executeRaw`
    UPDATE mails
       SET recipient = NULL, error = NULL,
           status = CASE WHEN status = 'pending' THEN 'skipped' ELSE status END,
           finished_at = coalesce(finished_at, ${now})
     WHERE organization_id = ${organizationId}::uuid
       AND (lower(recipient) = ANY(${addresses}::text[])
         OR EXISTS (SELECT 1 FROM unnest(${addresses}::text[]) AS address WHERE strpos(lower(error), address) > 0))`;
}

async function eraseOptOuts(tx: Tx, { organizationId, addresses }: Person): Promise<number> {
  return await tx.$executeRaw`
    DELETE FROM mail_opt_outs
     WHERE organization_id = ${organizationId}::uuid AND lower(email) = ANY(${addresses}::text[])`;
}

/** Erases the person's labels as subject and as actor. The ids stay. */
async function eraseAuditEvents(
  tx: Tx,
  { organizationId, memberIds, customerIds, addresses }: Person,
): Promise<number> {
  const ids = [...memberIds, ...customerIds];
  const isPerson = (id: string, label: string) => Prisma.sql`
    (${Prisma.raw(label)} IS NOT NULL AND (${Prisma.raw(id)} = ANY(${ids}::uuid[])
      OR lower(${Prisma.raw(label)}) = ANY(${addresses}::text[])))`;
  const isActor = isPerson('actor_id', 'actor_label');
  const isSubject = isPerson('subject_id', 'subject_label');
  return await tx.$executeRaw`
    UPDATE audit_events
       SET actor_label = CASE WHEN ${isActor} THEN NULL ELSE actor_label END,
           subject_label = CASE WHEN ${isSubject} THEN NULL ELSE subject_label END
     WHERE organization_id = ${organizationId}::uuid AND (${isActor} OR ${isSubject})`;
}

/** Erases the hashes of the members' values. The rows stay, so that no import restores the members. */
async function eraseImportedRows(tx: Tx, { organizationId, memberIds }: Person): Promise<number> {
  return await tx.$executeRaw`
    UPDATE imported_rows SET content = '{}'
     WHERE organization_id = ${organizationId}::uuid AND kind = 'members' AND id = ANY(${memberIds}::uuid[])
       AND content <> '{}'`;
}

async function externalIdsOf(
  tx: Tx,
  { organizationId, memberIds, individualIds }: Person,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ externalId: string }[]>`
    SELECT external_id AS "externalId" FROM members
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${memberIds}::uuid[]) AND external_id IS NOT NULL
    UNION
    SELECT external_id FROM customers
     WHERE organization_id = ${organizationId}::uuid AND id = ANY(${individualIds}::uuid[]) AND external_id IS NOT NULL`;
  return rows.map(({ externalId }) => externalId);
}

/**
 * Erases the person from stored outcomes for retries: keys that clients derived from an address, former holders, and errors
 * that name the person.
 */
async function eraseOutcomes(
  tx: Tx,
  { organizationId, memberIds, customerIds, addresses }: Person,
  { seatIds }: ErasedEvents,
  externalIds: readonly string[],
): Promise<number> {
  const ids = [...memberIds, ...customerIds];
  const texts = [...addresses, ...externalIds];
  const wanted = [...texts.map(text => text.toLowerCase()), ...ids];
  // The outcome of a user's request does not name its organization. The ids in it do.
  const kept = await tx.$queryRaw<{ place: string; key: string; outcome: unknown }[]>`
    SELECT ctid::text AS place, key, outcome FROM idempotency_keys AS kept
     WHERE EXISTS (SELECT 1 FROM unnest(${wanted}::text[]) AS wanted
                    WHERE strpos(lower(concat_ws(' ', kept.key, kept.outcome::text)), wanted) > 0)
       AND (scope_id = ${organizationId}::uuid
         OR EXISTS (SELECT 1 FROM unnest(${[...ids, ...seatIds]}::text[]) AS own
                     WHERE strpos(kept.outcome::text, own) > 0))
       FOR UPDATE`;
  let changed = 0;
  for (const { place, key, outcome } of kept) {
    const erased = withoutNames(withoutTexts(outcome, addresses), ids, texts);
    const isNamed = withoutTexts(key, texts) !== key;
    if (!isNamed && JSON.stringify(erased) === JSON.stringify(outcome)) continue;
    changed += await tx.$executeRaw`
      UPDATE idempotency_keys SET outcome = ${JSON.stringify(erased)}::json, key = ${isNamed ? randomUUID() : key}
       WHERE ctid = ${place}::tid`;
  }
  return changed;
}

/** Returns an outcome without the names of holders with these ids, and without these texts in errors. */
function withoutNames(value: unknown, ids: readonly string[], texts: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(item => withoutNames(item, ids, texts));
  if (typeof value !== 'object' || value === null) return value;
  const isPerson = ['memberId', 'customerId'].some(key => ids.includes(Reflect.get(value, key)));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (isPerson && key === 'name') return [key, null];
      if (key === '$error') return [key, withoutTexts(item, texts)];
      return [key, withoutNames(item, ids, texts)];
    }),
  );
}
