import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { assignSeats, previewAssignSeats } from '../../src/seats/assign.ts';
import type { AssignSeatInput } from '../../src/seats/inputs.ts';
import type { AssignmentOutcome } from '../../src/seats/rules/assign.ts';
import { createAssignments } from '../../src/seats/store/assignments.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Many requests of one caller: the same three steps, with an outcome for each.

let usher: TestUsher;
let database: Database;
beforeAll(async () => {
  usher = await startUsher();
  database = openDatabase(usher.databaseUrl);
});
afterAll(async () => {
  await database.close();
  await usher.close();
});

function ctxOf(fixture: Fixture): Ctx {
  const options = { secretKey: 'a key for tests, thirty-two bytes or more', now: () => new Date() };
  const ctx: Partial<Ctx> = {
    actor: {
      kind: 'organization',
      tokenId: randomUUID(),
      label: 'a token',
      organizationId: fixture.ids.organization,
      scopes: ['customer_seats:write'],
    },
    channel: 'graphql',
    assignments: createAssignments(database.sql, options),
    changes: { announce: () => undefined, onChange: () => () => undefined },
  };
  // All that the verbs under test read.
  return ctx as Ctx;
}

const inputs = (
  fixture: Fixture,
  ...recipients: AssignSeatInput['recipient'][]
): AssignSeatInput[] =>
  recipients.map(recipient => ({
    source: { kind: 'subscription', id: fixture.ids.subscription },
    recipient,
    immediateClaim: false,
  }));

const byEmail = (name: string) => ({ kind: 'email', email: `${name}@globex.example` }) as const;
const nobody = { kind: 'externalMember', externalMemberId: 'usr_nobody' } as const;

const words = (outcomes: readonly AssignmentOutcome[]) =>
  outcomes.map(outcome => (outcome.kind === 'refused' ? outcome.error.name : outcome.kind));

const stateOf = async (fixture: Fixture) => ({
  seats: await usher.db.customerSeat.count({ where: { organizationId: fixture.ids.organization } }),
  members: await usher.db.member.count({ where: { organizationId: fixture.ids.organization } }),
  events: await usher.db.outboxEvent.count({ where: { organizationId: fixture.ids.organization } }),
  sequence: await usher.db
    .$queryRaw`SELECT last_value::text, is_called FROM outbox_events_sequence_seq`,
});

const MIXED = [
  byEmail('a'),
  nobody,
  byEmail('b'),
  byEmail('A'),
  { kind: 'externalMember', externalMemberId: 'usr_mia' },
  byEmail('c'),
  byEmail('d'),
] as const;
const EXPECTED = [
  'assigned',
  'MemberNotFound',
  'assigned',
  'SeatAlreadyAssigned',
  'assigned',
  'assigned',
  'SeatNotAvailable',
];

test('best effort assigns whatever it can, in order, with an event each', async () => {
  const fixture = await usher.addFixture({ seats: 4 });
  const outcomes = await assignSeats(ctxOf(fixture), inputs(fixture, ...MIXED), 'best-effort');
  expect(words(outcomes)).toEqual(EXPECTED);
  await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  for (const outcome of outcomes) {
    if (outcome.kind !== 'assigned') continue;
    expect(await historyOf(usher, outcome.seat.id)).toEqual(['assigned']);
  }
});

test('all or nothing leaves everything as it was where one request is refused', async () => {
  const fixture = await usher.addFixture({ seats: 4 });
  const before = await stateOf(fixture);
  const refused = await assignSeats(ctxOf(fixture), inputs(fixture, ...MIXED), 'all-or-nothing');
  const voided = EXPECTED.map(word => (word === 'assigned' ? 'voided' : word));
  expect(words(refused)).toEqual(voided);
  expect(await stateOf(fixture)).toEqual(before);
  const three = inputs(fixture, byEmail('a'), byEmail('b'), byEmail('c'));
  const assigned = await assignSeats(ctxOf(fixture), three, 'all-or-nothing');
  expect(words(assigned)).toEqual(['assigned', 'assigned', 'assigned']);
  expect((await stateOf(fixture)).seats).toBe(3);
});

test('revoked seats are given again, the oldest first, before new ones are made', async () => {
  const fixture = await usher.addFixture({ seats: 5 });
  const token = fixture.tokens.organization;
  const given = [];
  for (const name of ['x', 'y']) given.push(await givenSeat(usher, fixture, byEmail(name)));
  for (const { id } of given) await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
  const three = inputs(fixture, byEmail('a'), byEmail('b'), byEmail('c'));
  const outcomes = await assignSeats(ctxOf(fixture), three, 'best-effort');
  const ids = outcomes.map(outcome => (outcome.kind === 'assigned' ? outcome.seat.id : undefined));
  expect(ids.slice(0, 2)).toEqual(given.map(({ id }) => id));
  await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
});

test('1,000 people get their seats in one transaction, beside others who assign', async () => {
  const fixture = await usher.addFixture({ seats: 1_005 });
  const people = Array.from({ length: 1_000 }, (_, i) => byEmail(`person-${i}`));
  const [outcomes] = await Promise.all([
    assignSeats(ctxOf(fixture), inputs(fixture, ...people), 'best-effort'),
    ...Array.from({ length: 10 }, (_, i) => givenOrRefused(fixture, `other-${i}`)),
  ]);
  expect(new Set(words(outcomes)).size).toBeLessThanOrEqual(2);
  await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  const pool = await usher.db.subscription.findFirstOrThrow({
    where: { id: fixture.ids.subscription },
  });
  expect(pool.seatsUsed).toBe(1_005);
});

async function givenOrRefused(fixture: Fixture, name: string): Promise<number> {
  const body = { subscription_id: fixture.ids.subscription, ...byEmail(name), kind: undefined };
  const token = fixture.tokens.organization;
  return (await usher.rest('POST', '/v1/customer-seats', { token, body })).status;
}

describe('a preview', () => {
  test('answers what the assignment answers, and changes nothing', async () => {
    const fixture = await usher.addFixture({ seats: 4 });
    const before = await stateOf(fixture);
    const previewed = await previewAssignSeats(
      ctxOf(fixture),
      inputs(fixture, ...MIXED),
      'best-effort',
    );
    expect(await stateOf(fixture)).toEqual(before);
    const assigned = await assignSeats(ctxOf(fixture), inputs(fixture, ...MIXED), 'best-effort');
    expect(words(previewed)).toEqual(words(assigned));
  });

  test('waits for no lock, and takes none', async () => {
    const fixture = await usher.addFixture();
    await usher.db.$transaction(async tx => {
      await tx.$queryRaw`SELECT 1 FROM subscriptions WHERE id = ${fixture.ids.subscription}::uuid FOR UPDATE`;
      await tx.$queryRaw`SELECT 1 FROM members WHERE id = ${fixture.ids.member}::uuid FOR UPDATE`;
      const mia = { kind: 'member', memberId: fixture.ids.member } as const;
      const outcomes = await previewAssignSeats(
        ctxOf(fixture),
        inputs(fixture, mia),
        'best-effort',
      );
      expect(words(outcomes)).toEqual(['assigned']);
    });
  });
});

describe('what an earlier request of the batch changes', () => {
  const raj = { kind: 'email', email: 'raj@globex.example' } as const;
  const linked = { kind: 'externalMember', externalMemberId: 'usr_raj' } as const;

  test('a member who is linked by one is known by the external id to the next, with the seats they have', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { order_id: fixture.ids.order, email: raj.email });
    const [link, first] = inputs(fixture, { ...linked, email: raj.email }, linked);
    const ofOrder = { kind: 'order', id: fixture.ids.order } as const;
    const requests = [link, { ...first, source: ofOrder }, first] as AssignSeatInput[];
    expect(words(await assignSeats(ctxOf(fixture), requests, 'best-effort'))).toEqual([
      'assigned',
      'SeatAlreadyAssigned',
      'SeatAlreadyAssigned',
    ]);
  });

  test('a revoked seat is given once, whether its pool is named by id or by checkout', async () => {
    const fixture = await usher.addFixture({ seats: 5 });
    const token = fixture.tokens.organization;
    const revoked = [];
    for (const name of ['p', 'q', 'r', 's', 't']) {
      const { id } = await givenSeat(usher, fixture, byEmail(name));
      revoked.push(id);
    }
    for (const id of revoked) await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    const byCheckout = { kind: 'checkout', id: fixture.ids.subscriptionCheckout } as const;
    const requests = inputs(fixture, ...['a', 'b', 'c', 'd', 'e'].map(byEmail)).map((input, i) =>
      i < 3 ? input : { ...input, source: byCheckout },
    );
    const outcomes = await assignSeats(ctxOf(fixture), requests, 'best-effort');
    const ids = outcomes.map(outcome => (outcome.kind === 'assigned' ? outcome.seat.id : outcome));
    expect(ids).toEqual(revoked);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });
});

test('a batch may be empty, and is of 1,000 requests at most', async () => {
  const fixture = await usher.addFixture();
  const ctx = ctxOf(fixture);
  expect(await assignSeats(ctx, [], 'all-or-nothing')).toEqual([]);
  expect(await previewAssignSeats(ctx, [], 'best-effort')).toEqual([]);
  const tooMany = inputs(fixture, ...Array.from({ length: 1_001 }, (_, i) => byEmail(`q${i}`)));
  await expect(assignSeats(ctx, tooMany, 'best-effort')).rejects.toThrow(RangeError);
  await expect(previewAssignSeats(ctx, tooMany, 'best-effort')).rejects.toThrow(RangeError);
  expect((await stateOf(fixture)).seats).toBe(0);
});

test('a caller without the right is refused', async () => {
  const fixture = await usher.addFixture();
  const ctx = { ...ctxOf(fixture), actor: { kind: 'anonymous' } as const };
  await expect(assignSeats(ctx, [], 'best-effort')).rejects.toThrow();
  await expect(previewAssignSeats(ctx, [], 'best-effort')).rejects.toThrow();
});
