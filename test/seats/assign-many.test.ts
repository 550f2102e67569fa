import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { assignSeats, previewAssignSeats } from '../../src/seats/assign.ts';
import type { AssignSeatInput } from '../../src/seats/inputs.ts';
import type { AssignmentOutcome } from '../../src/seats/rules/assign.ts';
import { createAssignments } from '../../src/seats/store/assignments.ts';
import { checkPool } from '../support/invariants.ts';
import { givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

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

function ctxOf(world: World): Ctx {
  const options = { secretKey: 'a key for tests, thirty-two bytes or more', now: () => new Date() };
  const ctx: Partial<Ctx> = {
    actor: {
      kind: 'organization',
      organizationId: world.ids.organization,
      scopes: ['customer_seats:write'],
    },
    assignments: createAssignments(database.sql, options),
    changes: { announce: () => undefined, onChange: () => () => undefined },
  };
  // All that the verbs under test read.
  return ctx as Ctx;
}

const inputs = (world: World, ...recipients: AssignSeatInput['recipient'][]): AssignSeatInput[] =>
  recipients.map(recipient => ({
    source: { kind: 'subscription', id: world.ids.subscription },
    recipient,
    immediateClaim: false,
  }));

const byEmail = (name: string) => ({ kind: 'email', email: `${name}@globex.example` }) as const;
const nobody = { kind: 'externalMember', externalMemberId: 'usr_nobody' } as const;

const words = (outcomes: readonly AssignmentOutcome[]) =>
  outcomes.map(outcome => (outcome.kind === 'assigned' ? 'assigned' : outcome.error.name));

const stateOf = async (world: World) => ({
  seats: await usher.db.customerSeat.count({ where: { organizationId: world.ids.organization } }),
  members: await usher.db.member.count({ where: { organizationId: world.ids.organization } }),
  events: await usher.db.outboxEvent.count({ where: { organizationId: world.ids.organization } }),
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
  const world = await usher.addWorld({ seats: 4 });
  const outcomes = await assignSeats(ctxOf(world), inputs(world, ...MIXED), 'best-effort');
  expect(words(outcomes)).toEqual(EXPECTED);
  await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  for (const outcome of outcomes) {
    if (outcome.kind !== 'assigned') continue;
    expect(await historyOf(usher, outcome.seat.id)).toEqual(['assigned']);
  }
});

test('all or nothing leaves everything as it was where one request is refused', async () => {
  const world = await usher.addWorld({ seats: 4 });
  const before = await stateOf(world);
  const refused = await assignSeats(ctxOf(world), inputs(world, ...MIXED), 'all-or-nothing');
  expect(words(refused)).toEqual(EXPECTED);
  expect(await stateOf(world)).toEqual(before);
  const three = inputs(world, byEmail('a'), byEmail('b'), byEmail('c'));
  const assigned = await assignSeats(ctxOf(world), three, 'all-or-nothing');
  expect(words(assigned)).toEqual(['assigned', 'assigned', 'assigned']);
  expect((await stateOf(world)).seats).toBe(3);
});

test('revoked seats are given again, the oldest first, before new ones are made', async () => {
  const world = await usher.addWorld({ seats: 5 });
  const token = world.tokens.organization;
  const given = [];
  for (const name of ['x', 'y']) given.push(await givenSeat(usher, world, byEmail(name)));
  for (const { id } of given) await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
  const three = inputs(world, byEmail('a'), byEmail('b'), byEmail('c'));
  const outcomes = await assignSeats(ctxOf(world), three, 'best-effort');
  const ids = outcomes.map(outcome => (outcome.kind === 'assigned' ? outcome.seat.id : undefined));
  expect(ids.slice(0, 2)).toEqual(given.map(({ id }) => id));
  await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
});

test('1,000 people get their seats in one transaction, beside others who assign', async () => {
  const world = await usher.addWorld({ seats: 1_005 });
  const people = Array.from({ length: 1_000 }, (_, i) => byEmail(`person-${i}`));
  const [outcomes] = await Promise.all([
    assignSeats(ctxOf(world), inputs(world, ...people), 'best-effort'),
    ...Array.from({ length: 10 }, (_, i) => givenOrRefused(world, `other-${i}`)),
  ]);
  expect(new Set(words(outcomes)).size).toBeLessThanOrEqual(2);
  await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  const pool = await usher.db.subscription.findFirstOrThrow({
    where: { id: world.ids.subscription },
  });
  expect(pool.seatsUsed).toBe(1_005);
});

async function givenOrRefused(world: World, name: string): Promise<number> {
  const body = { subscription_id: world.ids.subscription, ...byEmail(name), kind: undefined };
  const token = world.tokens.organization;
  return (await usher.rest('POST', '/v1/customer-seats', { token, body })).status;
}

describe('a preview', () => {
  test('answers what the assignment answers, and changes nothing', async () => {
    const world = await usher.addWorld({ seats: 4 });
    const before = await stateOf(world);
    const previewed = await previewAssignSeats(ctxOf(world), inputs(world, ...MIXED));
    expect(await stateOf(world)).toEqual(before);
    const assigned = await assignSeats(ctxOf(world), inputs(world, ...MIXED), 'best-effort');
    expect(words(previewed)).toEqual(words(assigned));
  });

  test('waits for no lock, and takes none', async () => {
    const world = await usher.addWorld();
    await usher.db.$transaction(async tx => {
      await tx.$queryRaw`SELECT 1 FROM subscriptions WHERE id = ${world.ids.subscription}::uuid FOR UPDATE`;
      await tx.$queryRaw`SELECT 1 FROM members WHERE id = ${world.ids.member}::uuid FOR UPDATE`;
      const mia = { kind: 'member', memberId: world.ids.member } as const;
      const outcomes = await previewAssignSeats(ctxOf(world), inputs(world, mia));
      expect(words(outcomes)).toEqual(['assigned']);
    });
  });
});

describe('what an earlier request of the batch changes', () => {
  const raj = { kind: 'email', email: 'raj@globex.example' } as const;
  const linked = { kind: 'externalMember', externalMemberId: 'usr_raj' } as const;

  test('a member who is linked by one is known by the external id to the next, with the seats they have', async () => {
    const world = await usher.addWorld();
    await givenSeat(usher, world, { order_id: world.ids.order, email: raj.email });
    const [link, first] = inputs(world, { ...linked, email: raj.email }, linked);
    const ofOrder = { kind: 'order', id: world.ids.order } as const;
    const requests = [link, { ...first, source: ofOrder }, first] as AssignSeatInput[];
    expect(words(await assignSeats(ctxOf(world), requests, 'best-effort'))).toEqual([
      'assigned',
      'SeatAlreadyAssigned',
      'SeatAlreadyAssigned',
    ]);
  });

  test('a revoked seat is given once, whether its pool is named by id or by checkout', async () => {
    const world = await usher.addWorld({ seats: 5 });
    const token = world.tokens.organization;
    const revoked = [];
    for (const name of ['p', 'q', 'r', 's', 't']) {
      const { id } = await givenSeat(usher, world, byEmail(name));
      revoked.push(id);
    }
    for (const id of revoked) await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    const byCheckout = { kind: 'checkout', id: world.ids.subscriptionCheckout } as const;
    const requests = inputs(world, ...['a', 'b', 'c', 'd', 'e'].map(byEmail)).map((input, i) =>
      i < 3 ? input : { ...input, source: byCheckout },
    );
    const outcomes = await assignSeats(ctxOf(world), requests, 'best-effort');
    const ids = outcomes.map(outcome => (outcome.kind === 'assigned' ? outcome.seat.id : outcome));
    expect(ids).toEqual(revoked);
    await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  });
});

test('a batch may be empty, and is of 1,000 requests at most', async () => {
  const world = await usher.addWorld();
  const ctx = ctxOf(world);
  expect(await assignSeats(ctx, [], 'all-or-nothing')).toEqual([]);
  expect(await previewAssignSeats(ctx, [])).toEqual([]);
  const tooMany = inputs(world, ...Array.from({ length: 1_001 }, (_, i) => byEmail(`q${i}`)));
  await expect(assignSeats(ctx, tooMany, 'best-effort')).rejects.toThrow(RangeError);
  await expect(previewAssignSeats(ctx, tooMany)).rejects.toThrow(RangeError);
  expect((await stateOf(world)).seats).toBe(0);
});

test('a caller without the right is refused', async () => {
  const world = await usher.addWorld();
  const ctx = { ...ctxOf(world), actor: { kind: 'anonymous' } as const };
  await expect(assignSeats(ctx, [], 'best-effort')).rejects.toThrow();
  await expect(previewAssignSeats(ctx, [])).rejects.toThrow();
});
