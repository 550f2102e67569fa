import { afterEach, beforeEach, expect, test } from 'vitest';
import { update } from '../members/calls.ts';
import { checkPool } from '../support/invariants.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { addToken, eventsOf, givenSeat } from '../support/seats.ts';
import { placesOf } from '../support/stored-text.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { dataOf, erase } from './calls.ts';
import { deliverAll, letSamLeaveTraces, SAM, TEXTS, withSam } from './sam.ts';

let usher: TestUsher;
let receiver: Receiver;
beforeEach(async () => {
  usher = await startUsher({ webhookPrivateAddresses: true });
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await usher.close();
});

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
test('nothing of a person is left in any column of any table', async () => {
  const { fixture, memberId } = await withSam(usher);
  const seats = await letSamLeaveTraces(usher, receiver, { fixture, memberId });
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
      'idempotency_keys.key',
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
  const { fixture, memberId } = await withSam(usher);
  const { ids, tokens } = fixture;
  const { claimed, pending, bo, session } = await letSamLeaveTraces(usher, receiver, {
    fixture,
    memberId,
  });
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
  await deliverAll(usher);
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
  const { fixture, memberId } = await withSam(usher);
  await letSamLeaveTraces(usher, receiver, { fixture, memberId });
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

test.each(['İpek@globex.example', 'ΝΙΚΟΣ@globex.example'])(
  '%s is found, whose lower case PostgreSQL and JavaScript write in two ways',
  async email => {
    const { fixture } = await withSam(usher);
    const token = fixture.tokens.organization;
    const seat = await givenSeat(usher, fixture, { email, immediate_claim: true });
    await givenSeat(usher, fixture, { email: 'bo@globex.example', metadata: { deputy: email } });
    expect(await dataOf(usher, token, { email })).not.toBeNull();
    const { erasedRows, revokedSeats } = await erase(usher, token, { email });
    expect(revokedSeats.map(({ id }) => id)).toEqual([seat.id]);
    expect(erasedRows.members).toBe(1);
    expect(await placesOf(usher, email)).toEqual([]);
  },
);

test('a person of the same address in another organization stays', async () => {
  const [one, other] = [await withSam(usher), await withSam(usher)];
  await givenSeat(usher, one.fixture, { member_id: one.memberId, metadata: { phone: SAM.phone } });
  await letSamLeaveTraces(usher, receiver, other);
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
  const { fixture, memberId } = await withSam(usher);
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

test('the metadata of revoked seats is erased, unless somebody else held the seat since', async () => {
  const { fixture, memberId } = await withSam(usher);
  const { organization: token } = fixture.tokens;
  const own = { member_id: memberId, metadata: { phone: SAM.phone } };
  const revoked = await givenSeat(usher, fixture, own);
  const reused = await givenSeat(usher, fixture, { ...own, order_id: fixture.ids.order });
  for (const { id } of [revoked, reused]) {
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
  }
  const bo = { email: 'bo@globex.example', order_id: fixture.ids.order, metadata: { desk: 4 } };
  expect((await givenSeat(usher, fixture, bo)).id).toBe(reused.id);
  await usher.rest('DELETE', `/v1/customer-seats/${reused.id}`, { token });
  expect((await erase(usher, token, { memberId })).erasedRows).toMatchObject({ seats: 1 });
  const metadata = async (id: string) =>
    (await usher.db.customerSeat.findFirstOrThrow({ where: { id } })).metadata;
  expect([await metadata(revoked.id), await metadata(reused.id)]).toEqual([{}, { desk: 4 }]);
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
  const { fixture, memberId } = await withSam(usher);
  await letSamLeaveTraces(usher, receiver, { fixture, memberId });
  await erase(usher, fixture.tokens.organization, { memberId });
  await usher.load(fixture.document);
  for (const text of TEXTS) expect(await placesOf(usher, text), text).toEqual([]);
});

test('it is recorded who erased whom, by ids', async () => {
  const { fixture, memberId } = await withSam(usher);
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
  const { fixture, memberId } = await withSam(usher);
  const reader = await addToken(usher, fixture, ['personal_data:read', 'members:write']);
  expect(await dataOf(usher, reader, { memberId })).not.toBeNull();
  await expect(erase(usher, reader, { memberId })).rejects.toThrow('personal_data:write');
  expect(await placesOf(usher, SAM.name)).toEqual(['members.name']);
});
