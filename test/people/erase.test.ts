import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { update } from '../members/calls.ts';
import { startDelivering } from '../support/deliveries.ts';
import { createFixture, type Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { addToken, eventsOf, givenSeat } from '../support/seats.ts';
import { placesOf } from '../support/stored-text.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { createdEndpoint } from '../support/webhooks.ts';
import { dataOf, erase } from './calls.ts';

let usher: TestUsher;
let receiver: Receiver;
beforeEach(async () => {
  usher = await startUsher({ webhookPrivateAddresses: true });
  receiver = await startReceiver();
  // An answer that repeats what it received.
  receiver.behave(
    ({ body }) =>
      response =>
        response.end(body.slice(-2_000)),
  );
});
afterEach(async () => {
  await receiver.close();
  await usher.close();
});

const SAM = {
  email: 'Sam.Archer@globex.example',
  formerEmail: 'sam.newman@globex.example',
  name: 'Samuel Q. Archer',
  externalId: 'hr-4711-sam',
  phone: '+1 555 0147 22',
};
const TEXTS = Object.values(SAM);
const NOTHING = {
  members: 0,
  customers: 0,
  seats: 0,
  sessions: 0,
  events: 0,
  archivedEvents: 0,
  deliveries: 0,
  mails: 0,
  optOuts: 0,
  auditEvents: 0,
  importedRows: 0,
  idempotencyKeys: 0,
};
const { signal } = new AbortController();

/** Imports a fixture in which Sam is a billing manager of Globex. */
async function withSam(options = {}): Promise<{ fixture: Fixture; memberId: string }> {
  const fixture = createFixture(options);
  const memberId = randomUUID();
  const [organization] = fixture.document.organizations;
  const [globex] = organization?.customers ?? [];
  const { formerEmail: email, name, externalId } = SAM;
  const sam = { id: memberId, email, name, externalId, role: 'billing_manager' };
  globex?.members.push(sam as never);
  await usher.load(fixture.document);
  return { fixture, memberId };
}

async function deliverAll(): Promise<void> {
  const worker = await startDelivering(usher);
  const waiting = () =>
    usher.db.outboxEvent.count({
      where: { OR: [{ dispatchedAt: null }, { deliveries: { some: { status: 'pending' } } }] },
    });
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await worker.close();
}

async function archiveAll(): Promise<void> {
  const { db, now } = usher;
  const later = () => new Date(now().getTime() + 60_000);
  const job = createArchiveJob({ db, now: later, retentionDays: 0 });
  while (await job.run(signal));
}

/** Lets Sam do and get everything that leaves something of him. */
async function letSamLeaveTraces(fixture: Fixture, memberId: string) {
  const { ids, tokens } = fixture;
  const { organization: token } = tokens;
  const metadata = { phone: SAM.phone };
  const own = { member_id: memberId, metadata };
  const headers = { 'Idempotency-Key': randomUUID() };
  await createdEndpoint(usher, fixture, {
    url: receiver.url,
    events: ['CUSTOMER_SEAT_ASSIGNED', 'CUSTOMER_SEAT_CLAIMED', 'CUSTOMER_SEAT_REVOKED'],
  });
  // A life that ends in the archive, under the former address.
  const gone = await givenSeat(usher, fixture, own);
  await usher.rest('DELETE', `/v1/customer-seats/${gone.id}`, { token, headers });
  await deliverAll();
  await archiveAll();
  expect((await update(usher, token, { memberId, email: SAM.email })).word).toBe('ok');
  // Live seats, one of them with a session. The last event waits for its delivery.
  const order = { order_id: ids.order, immediate_claim: true };
  const claimed = await givenSeat(usher, fixture, { ...own, ...order });
  await deliverAll();
  receiver.behave(() => 503);
  const pending = await givenSeat(usher, fixture, own);
  // A second attempt, whose error names him, is kept for a retry.
  const again = { subscription_id: ids.subscription, external_member_id: SAM.externalId };
  const retry = { 'Idempotency-Key': randomUUID() };
  await usher.rest('POST', '/v1/customer-seats', { token, body: again, headers: retry });
  // What he does himself.
  const session = await usher.rest('POST', '/v1/customer-sessions/', {
    token,
    body: { customer_id: ids.customer, member_id: memberId },
  });
  const bo = await usher.rest('POST', '/v1/customer-portal/seats', {
    token: session.body.token,
    body: {
      subscription_id: ids.subscription,
      email: 'bo@globex.example',
      metadata: { by: `asked by ${SAM.email.toUpperCase()}` },
    },
  });
  expect(bo.status).toBe(200);
  const renamed = { memberId: ids.member, name: 'Mia' };
  expect((await update(usher, session.body.token, renamed)).word).toBe('ok');
  while (await createFanOutJob({ db: usher.db, now: usher.now }).run(signal));
  const organizationId = ids.organization;
  await usher.db.mail.updateMany({
    where: { seatId: pending.id },
    data: { recipient: SAM.email, error: `550 <${SAM.email}> unknown` },
  });
  await usher.db.mailOptOut.create({ data: { organizationId, email: SAM.email.toLowerCase() } });
  await usher.db.customer.create({
    data: {
      ...{ id: randomUUID(), organizationId, email: SAM.email },
      ...{ name: SAM.name, externalId: SAM.externalId },
    },
  });
  return { gone, claimed, pending, bo: bo.body, session: session.body.token as string };
}

test('nothing of a person is left in any column of any table', async () => {
  const { fixture, memberId } = await withSam();
  const seats = await letSamLeaveTraces(fixture, memberId);
  const found = await Promise.all(TEXTS.map(text => placesOf(usher, text)));
  expect(new Set(found.flat())).toEqual(
    new Set([
      'archived_events.deliveries',
      'archived_events.payload',
      'audit_events.actor_label',
      'audit_events.subject_label',
      'customer_seats.email',
      'customer_seats.metadata',
      'customers.email',
      'customers.external_id',
      'customers.name',
      'idempotency_keys.outcome',
      'mail_opt_outs.email',
      'mails.error',
      'mails.recipient',
      'members.email',
      'members.external_id',
      'members.name',
      'outbox_events.actor_label',
      'outbox_events.payload',
      'webhook_deliveries.response_body',
    ]),
  );

  const { erasedRows, revokedSeats } = await erase(usher, fixture.tokens.organization, {
    email: SAM.email,
  });
  for (const text of TEXTS) expect(await placesOf(usher, text), text).toEqual([]);
  expect(revokedSeats.map(({ id, status }) => [id, status]).toSorted()).toEqual(
    [seats.claimed, seats.pending].map(({ id }) => [id, 'REVOKED']).toSorted(),
  );
  for (const [name, count] of Object.entries(erasedRows)) {
    if (name !== '__typename') expect(count, name).toBeGreaterThan(0);
  }
  expect(await dataOf(usher, fixture.tokens.organization, { email: SAM.email })).toBeNull();
});

test('the seats are free, the counters are right, and the events tell it without the person', async () => {
  const { fixture, memberId } = await withSam();
  const { ids, tokens } = fixture;
  const { claimed, pending, bo, session } = await letSamLeaveTraces(fixture, memberId);
  receiver.received.length = 0;
  await erase(usher, tokens.organization, { memberId });
  await checkPool(usher, { kind: 'order', id: ids.order });
  const rows = await checkPool(usher, { kind: 'subscription', id: ids.subscription });
  // What Sam wrote on another seat is gone, and the seat is not.
  expect(rows.find(({ id }) => id === bo.id)).toMatchObject({
    status: 'pending',
    metadata: { by: 'asked by erased' },
  });
  const { status } = await usher.rest('GET', '/v1/customer-portal/seats', { token: session });
  expect(status).toBe(401);
  const revoked = (await eventsOf(usher, pending.id)).at(-1);
  expect(revoked).toMatchObject({
    type: 'customer_seat.revoked',
    payload: {
      id: pending.id,
      status: 'revoked',
      email: null,
      customer_email: `erased-${memberId}@erased.invalid`,
      member: { id: memberId, email: `erased-${memberId}@erased.invalid`, name: null },
      seat_metadata: {},
    },
  });
  // Deliveries that waited, and those of the revocations, name nobody.
  receiver.behave(() => 200);
  await deliverAll();
  const sent = receiver.received.map(({ body }) => body);
  expect(sent.map(body => JSON.parse(body).data.id)).toEqual(
    expect.arrayContaining([pending.id, claimed.id]),
  );
  for (const text of TEXTS) expect(sent.join('\n').toLowerCase()).not.toContain(text.toLowerCase());
  // The address is anybody's: a new person.
  const next = await givenSeat(usher, fixture, { email: SAM.email });
  expect(next.member_id).not.toBe(memberId);
});

test.each([
  ['the address', () => ({ email: SAM.email.toUpperCase() })],
  ['the member', (memberId: string) => ({ memberId })],
])('repeating it by %s changes nothing', async (_name, personOf) => {
  const { fixture, memberId } = await withSam();
  await letSamLeaveTraces(fixture, memberId);
  await erase(usher, fixture.tokens.organization, personOf(memberId));
  const audits = await usher.db.auditEvent.count();
  const members = await usher.db.member.findMany();
  const { erasedRows, revokedSeats } = await erase(
    usher,
    fixture.tokens.organization,
    personOf(memberId),
  );
  expect(erasedRows).toMatchObject(NOTHING);
  expect(revokedSeats).toEqual([]);
  expect(await usher.db.auditEvent.count()).toBe(audits);
  expect(await usher.db.member.findMany()).toEqual(members);
});

test('a person of the same address in another organization stays', async () => {
  const [one, other] = [await withSam(), await withSam()];
  await givenSeat(usher, one.fixture, { member_id: one.memberId, metadata: { phone: SAM.phone } });
  await letSamLeaveTraces(other.fixture, other.memberId);
  const { organization: token } = other.fixture.tokens;
  const before = await dataOf(usher, token, { email: SAM.email });
  await erase(usher, one.fixture.tokens.organization, { email: SAM.email });
  await erase(usher, one.fixture.tokens.organization, { email: SAM.formerEmail });
  expect(await dataOf(usher, token, { email: SAM.email })).toEqual(before);
  // A token of one organization names no member of another.
  const answer = await usher.graphql<{ erasePerson: object }, object>(
    'mutation ($id: ID!) { erasePerson(input: { person: { memberId: $id } }) { __typename } }',
    { id: other.memberId },
    one.fixture.tokens.organization,
  );
  expect(answer.data?.erasePerson).toEqual({ __typename: 'ResourceNotFoundError' });
});

test('others whose address contains the address, and other data, stay', async () => {
  const { fixture, memberId } = await withSam();
  const { organization: token } = fixture.tokens;
  await update(usher, token, { memberId, email: 'am@globex.example' });
  const sam = await givenSeat(usher, fixture, {
    email: 'sam@globex.example',
    metadata: { note: 'sam@globex.example, am@globex.example.org' },
  });
  const mia = await usher.db.member.findFirstOrThrow({ where: { id: fixture.ids.member } });
  const before = await usher.db.customerSeat.findFirstOrThrow({ where: { id: sam.id } });
  const events = await eventsOf(usher, sam.id);
  await erase(usher, token, { email: 'am@globex.example' });
  expect(await eventsOf(usher, sam.id)).toEqual(events);
  expect(await usher.db.customerSeat.findFirst({ where: { id: sam.id } })).toEqual(before);
  expect(await usher.db.member.findFirstOrThrow({ where: { id: mia.id } })).toEqual(mia);
});

test('a team keeps its name and external id, and loses the address', async () => {
  const fixture = await usher.addFixture();
  const { customer } = fixture.ids;
  const { erasedRows } = await erase(usher, fixture.tokens.organization, {
    email: 'billing@globex.example',
  });
  expect(erasedRows).toMatchObject({ customers: 1, members: 0 });
  expect(await usher.db.customer.findFirst({ where: { id: customer } })).toMatchObject({
    ...{ email: null, name: 'Globex', externalId: 'globex', deletedAt: null },
  });
});

test('without the member model, a customer who holds a seat loses it, and is erased', async () => {
  const fixture = await usher.addFixture({ memberModelEnabled: false });
  const { organization: token } = fixture.tokens;
  const seat = await givenSeat(usher, fixture, {
    email: SAM.email,
    metadata: { phone: SAM.phone },
  });
  await usher.db.customer.updateMany({
    where: { id: seat.customer_id },
    data: { name: SAM.name, externalId: SAM.externalId },
  });
  const { erasedRows } = await erase(usher, token, { customerId: seat.customer_id });
  expect(erasedRows).toMatchObject({ customers: 1, seats: 1 });
  for (const text of TEXTS) expect(await placesOf(usher, text), text).toEqual([]);
  await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
});

test('an import of the same file does not bring the person back', async () => {
  const { fixture, memberId } = await withSam();
  await letSamLeaveTraces(fixture, memberId);
  await erase(usher, fixture.tokens.organization, { memberId });
  await usher.load(fixture.document);
  for (const text of TEXTS) expect(await placesOf(usher, text), text).toEqual([]);
});

test('it is recorded who erased whom, by ids', async () => {
  const { fixture, memberId } = await withSam();
  await erase(usher, fixture.tokens.personal, { memberId });
  const [event] = await usher.db.auditEvent.findMany({
    where: { type: 'member_removed', subjectId: memberId },
  });
  expect(event).toMatchObject({
    subjectLabel: null,
    changes: ['email', 'externalId', 'name'],
    actorId: fixture.ids.user,
    actorLabel: 'ada@acme.example',
  });
});

test('the scope of reading does not erase', async () => {
  const { fixture, memberId } = await withSam();
  const reader = await addToken(usher, fixture, ['personal_data:read', 'members:write']);
  expect(await dataOf(usher, reader, { memberId })).not.toBeNull();
  await expect(erase(usher, reader, { memberId })).rejects.toThrow('personal_data:write');
  expect(await placesOf(usher, SAM.name)).toEqual(['members.name']);
});
