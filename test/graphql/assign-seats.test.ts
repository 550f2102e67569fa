import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpOf } from '../support/database-dump.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import {
  AssignSeatsDocument,
  type AssignSeatsInput,
  PreviewAssignSeatsDocument,
} from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { eventsOf, givenSeat, switchOff } from '../support/seats.ts';
import { roundTripsOf, statementsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Item = AssignSeatsInput['seats'][number];

const byEmail = (email: string): Item => ({ recipient: { email } });
const crowd = (count: number, name = 'person') =>
  range(count).map(i => byEmail(`${name}-${i}@globex.example`));

function inputOf(
  fixture: Fixture,
  seats: Item[],
  change: Partial<AssignSeatsInput> = {},
): AssignSeatsInput {
  return { source: { subscriptionId: fixture.ids.subscription }, seats, ...change };
}

async function assign(fixture: Fixture, input: AssignSeatsInput, token?: string) {
  const answer = await usher.graphql(
    AssignSeatsDocument,
    { input },
    token ?? fixture.tokens.organization,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data?.assignSeats;
}

async function preview(fixture: Fixture, input: AssignSeatsInput) {
  const token = fixture.tokens.organization;
  const answer = await usher.graphql(PreviewAssignSeatsDocument, { input }, token);
  expect(answer.errors).toBeUndefined();
  return answer.data?.previewAssignSeats;
}

/** The answer of a batch that was processed. */
async function processed(fixture: Fixture, input: AssignSeatsInput) {
  const answer = await assign(fixture, input);
  if (answer?.__typename !== 'AssignSeatsSuccess') throw new Error(`${answer?.__typename}`);
  return answer;
}

const kindsOf = (results: readonly { __typename: string }[]) =>
  results.map(({ __typename }) => __typename);

const BAD = [
  byEmail('not an address'),
  { recipient: { memberId: 'malformed' } },
  byEmail('PERSON-0@globex.example'),
];

describe('1,000 people, three of whom are bad, and 600 free seats', () => {
  const people = () => {
    const items = crowd(997);
    items.splice(500, 0, ...BAD);
    return items;
  };

  test('best effort: 600 get one, in order, with an event each', async () => {
    const fixture = await usher.addFixture({ seats: 600 });
    const { subscription: id } = fixture.ids;
    const answer = await processed(fixture, inputOf(fixture, people(), { mode: 'BEST_EFFORT' }));
    expect(answer).toMatchObject({
      isCommitted: true,
      assignedCount: 600,
      refusedCount: 400,
      pool: { id, totalSeats: 600, availableSeats: 0 },
    });
    expect(kindsOf(answer.results)).toEqual([
      ...Array(500).fill('AssignSeatSuccess'),
      'InvalidInputError',
      'MemberNotFoundError',
      'SeatAlreadyAssignedError',
      ...Array(100).fill('AssignSeatSuccess'),
      ...Array(397).fill('SeatNotAvailableError'),
    ]);
    const rows = await checkPool(usher, { kind: 'subscription', id });
    expect(rows).toHaveLength(600);
    const answered = answer.results.flatMap(result =>
      result.__typename === 'AssignSeatSuccess' ? [result.seat.email] : [],
    );
    expect(new Set(rows.map(({ email }) => email))).toEqual(new Set(answered));
    const events = await usher.db.outboxEvent.findMany({
      where: { organizationId: fixture.ids.organization },
      orderBy: { sequence: 'asc' },
    });
    expect(events.map(({ seatId }) => seatId)).toEqual(
      answer.results.flatMap(result =>
        result.__typename === 'AssignSeatSuccess' ? [result.seat.id] : [],
      ),
    );
  });

  test('all or nothing: nobody gets one, and each valid person is told so', async () => {
    const fixture = await usher.addFixture({ seats: 600 });
    const before = await dumpOf(usher);
    const answer = await processed(fixture, inputOf(fixture, people()));
    expect(answer).toMatchObject({
      isCommitted: false,
      assignedCount: 0,
      refusedCount: 400,
      pool: { availableSeats: 600 },
    });
    expect(kindsOf(answer.results)).toEqual([
      ...Array(500).fill('ItemNotAttempted'),
      'InvalidInputError',
      'MemberNotFoundError',
      'SeatAlreadyAssignedError',
      ...Array(100).fill('ItemNotAttempted'),
      ...Array(397).fill('SeatNotAvailableError'),
    ]);
    expect(answer.results[7]).toEqual({ __typename: 'ItemNotAttempted', index: 7 });
    expect(await dumpOf(usher)).toEqual(before);
  });

  test('takes as many statements as one person', async () => {
    const [one, many] = [await usher.addFixture(), await usher.addFixture({ seats: 600 })];
    const mode = 'BEST_EFFORT' as const;
    // The first of each looks up the token.
    for (const fixture of [one, many]) await preview(fixture, inputOf(fixture, crowd(1)));
    const ofOne = await statementsOf(() => assign(one, inputOf(one, crowd(1), { mode })));
    const ofMany = await statementsOf(() => assign(many, inputOf(many, people(), { mode })));
    expect(ofMany.length).toBe(ofOne.length);
    expect(ofMany.length).toBeLessThanOrEqual(7);
    const trips = await roundTripsOf(() => assign(many, inputOf(many, people(), { mode })));
    expect(trips).toBeLessThanOrEqual(4);
  });
});

describe('an operation costs as much as its batch is large', () => {
  const people = '{ id email member { seats(first: 30) { nodes { id } } } }';
  const text = `mutation ($input: AssignSeatsInput!) { assignSeats(input: $input) { __typename
    ... on AssignSeatsSuccess { results { ... on AssignSeatSuccess { seat ${people} } } } } }`;

  test.each([
    [1_000, 'QUERY_TOO_COMPLEX'],
    [100, undefined],
  ])('of %s people', async (count, code) => {
    const fixture = await usher.addFixture({ seats: 100 });
    const input = inputOf(fixture, crowd(count));
    const { errors, data } = await usher.graphql(text, { input }, fixture.tokens.organization);
    expect(errors?.[0]?.extensions?.code).toBe(code);
    const assigned = code === undefined ? { __typename: 'AssignSeatsSuccess' } : undefined;
    expect((data as { assignSeats: object } | undefined)?.assignSeats).toEqual(
      assigned && expect.objectContaining(assigned),
    );
    const seats = await usher.db.customerSeat.count({
      where: { organizationId: fixture.ids.organization },
    });
    expect(seats).toBe(code === undefined ? count : 0);
  });

  test('batches under aliases, taken together', async () => {
    const fixture = await usher.addFixture();
    const input = inputOf(fixture, crowd(600));
    const { errors } = await usher.graphql(
      'query ($input: AssignSeatsInput!) { a: previewAssignSeats(input: $input) { __typename } ...B } fragment B on Query { b: previewAssignSeats(input: $input) { __typename } }',
      { input },
      fixture.tokens.organization,
    );
    expect(errors?.[0]?.extensions?.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('nobody without a token has a batch looked at', async () => {
    const fixture = await usher.addFixture();
    const input = inputOf(fixture, [byEmail('not an address')]);
    for (const root of ['query { previewAssignSeats', 'mutation { assignSeats']) {
      const text = root.replace('{', '($input: AssignSeatsInput!) {');
      const { status, errors } = await usher.graphql(`${text}(input: $input) { __typename } }`, {
        input,
      });
      expect([status, errors?.[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('1,000 people with metadata of 1 KB each fit', async () => {
    const fixture = await usher.addFixture({ seats: 1_000 });
    const seats = crowd(1_000).map(item => ({ ...item, metadata: { note: 'x'.repeat(1_000) } }));
    expect(await processed(fixture, inputOf(fixture, seats))).toMatchObject({
      assignedCount: 1_000,
    });
  });
});

test('what cannot be read in an item is its own error, with the path to it', async () => {
  const fixture = await usher.addFixture();
  const seats: Item[] = [
    byEmail('sam@globex.example'),
    byEmail('sam@'),
    { ...byEmail('kim@globex.example'), metadata: { a: 'x'.repeat(2000) } },
    { recipient: { externalMember: { externalId: 'usr_1', email: 'nobody' } } },
  ];
  const { results } = await processed(fixture, inputOf(fixture, seats, { mode: 'BEST_EFFORT' }));
  const paths = results.map(result =>
    result.__typename === 'InvalidInputError' ? result.issues.map(({ path }) => path) : [],
  );
  expect(paths).toEqual([
    [],
    [['seats', '1', 'recipient', 'email']],
    [['seats', '2', 'metadata']],
    [['seats', '3', 'recipient', 'externalMember', 'email']],
  ]);
});

test('each person is assigned with their own metadata, and claims immediately if asked', async () => {
  const fixture = await usher.addFixture();
  const seats: Item[] = [
    { ...byEmail('sam@globex.example'), metadata: { team: 'red' } },
    { ...byEmail('kim@globex.example'), immediateClaim: true },
  ];
  const { results } = await processed(fixture, inputOf(fixture, seats));
  const given = results.flatMap(result =>
    result.__typename === 'AssignSeatSuccess' ? [result.seat] : [],
  );
  expect(given.map(({ status }) => status)).toEqual(['PENDING', 'CLAIMED']);
  const events = await Promise.all(given.map(({ id }) => eventsOf(usher, id)));
  expect(events.flat().map(({ type }) => type)).toEqual([
    'customer_seat.assigned',
    'customer_seat.claimed',
  ]);
  expect(events[0]?.[0]?.payload).toMatchObject({ seat_metadata: { team: 'red' } });
});

describe('a batch is refused as a whole', () => {
  test.each([
    ['without anybody', 0, 'REQUIRED'],
    ['with more than 1,000 people', 1001, 'TOO_MANY'],
  ])('%s', async (_, count, code) => {
    const fixture = await usher.addFixture();
    expect(await assign(fixture, inputOf(fixture, crowd(count)))).toMatchObject({
      __typename: 'InvalidInputError',
    });
    const text = `query ($input: AssignSeatsInput!) { previewAssignSeats(input: $input) {
      ... on InvalidInputError { issues { path code } } } }`;
    const { data } = await usher.graphql(
      text,
      { input: inputOf(fixture, crowd(count)) },
      fixture.tokens.organization,
    );
    expect(data).toEqual({ previewAssignSeats: { issues: [{ path: ['seats'], code }] } });
  });

  test('whose pool does not exist, is closed, or sells no seats', async () => {
    const closed = await usher.addFixture({ subscriptionStatus: 'canceled' });
    const off = await usher.addFixture();
    await switchOff(usher, off);
    const other = await usher.addFixture();
    const unknown = { source: { subscriptionId: other.ids.subscription } };
    const answers = [
      await assign(closed, inputOf(closed, crowd(2))),
      await assign(off, inputOf(off, crowd(2), { mode: 'BEST_EFFORT' })),
      await assign(closed, inputOf(closed, crowd(2), unknown)),
      await assign(closed, inputOf(closed, [byEmail('bad')], unknown)),
    ];
    expect(answers.map(answer => answer?.__typename)).toEqual([
      'SeatNotAvailableError',
      'FeatureNotEnabledError',
      'ResourceNotFoundError',
      'ResourceNotFoundError',
    ]);
  });
});

test('concurrent batches and singles never oversell a pool, nor give a person two seats', async () => {
  const fixture = await usher.addFixture({ seats: 300 });
  const input = (i: number) =>
    inputOf(fixture, [...crowd(50, `team-${i % 4}`), ...crowd(30, 'all')], { mode: 'BEST_EFFORT' });
  const [batches] = await Promise.all([
    Promise.all(range(8).map(i => processed(fixture, input(i)))),
    ...range(40).map(i =>
      givenSeat(usher, fixture, { email: `all-${i}@globex.example` }).catch(() => undefined),
    ),
  ]);
  const rows = await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  // 4 teams of 50, and 40 whom all name.
  expect(rows).toHaveLength(240);
  const counts = batches.map(({ assignedCount, refusedCount }) => assignedCount + refusedCount);
  expect(counts).toEqual(range(8).map(() => 80));
});

describe('a preview', () => {
  const item: fc.Arbitrary<Item> = fc.oneof(
    fc.constantFrom('a', 'A', 'b', 'c', 'd', 'raj').map(name => byEmail(`${name}@globex.example`)),
    fc.constantFrom(byEmail('bad'), byEmail('bill@initech.example')),
    fc.constantFrom('usr_mia', 'usr_jane', 'usr_nobody').map(externalId => ({
      recipient: { externalMember: { externalId } },
    })),
    fc.constantFrom('a', 'raj').map(name => ({
      recipient: { externalMember: { externalId: 'usr_new', email: `${name}@globex.example` } },
    })),
  );
  const drawn = fc.record({
    items: fc.array(
      fc.tuple(item, fc.boolean()).map(([who, immediateClaim]) => ({ ...who, immediateClaim })),
      { minLength: 1, maxLength: 8 },
    ),
    seats: fc.integer({ min: 1, max: 6 }),
    memberModelEnabled: fc.boolean(),
    mode: fc.constantFrom('ALL_OR_NOTHING' as const, 'BEST_EFFORT' as const),
  });

  test('says item by item what the batch then does, and writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ items, mode, ...options }) => {
        const fixture = await usher.addFixture(options);
        const before = await dumpOf(usher);
        const said = await preview(fixture, inputOf(fixture, items, { mode }));
        expect(await dumpOf(usher)).toEqual(before);
        const done = await processed(fixture, inputOf(fixture, items, { mode }));
        if (said?.__typename !== 'PreviewAssignSeatsSuccess') throw new Error(said?.__typename);
        const { usageAfter } = said;
        expect({
          isCommitted: said.wouldCommit,
          assignedCount: said.assignedCount,
          refusedCount: said.refusedCount,
          available: usageAfter.available,
          live: usageAfter.pending + usageAfter.claimed,
        }).toEqual({
          isCommitted: done.isCommitted,
          assignedCount: done.assignedCount,
          refusedCount: done.refusedCount,
          available: done.pool.availableSeats,
          live: done.pool.totalSeats - done.pool.availableSeats,
        });
        expect(said.results).toHaveLength(done.results.length);
        for (const [index, result] of done.results.entries()) {
          const expected = said.results[index];
          if (result.__typename !== 'AssignSeatSuccess') {
            expect(result).toMatchObject(expected ?? {});
            continue;
          }
          expect(expected).toMatchObject({
            __typename: 'WouldAssignSeat',
            recipient: { email: result.seat.email },
            sendsInvitation: result.seat.status === 'PENDING',
          });
          if (expected?.__typename !== 'WouldAssignSeat' || expected.createsMember) continue;
          expect(expected.recipient.memberId).toBe(result.seat.memberId);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('tells who would get no invitation by e-mail', async () => {
    const fixture = await usher.addFixture();
    const organizationId = fixture.ids.organization;
    await usher.db.mailOptOut.create({
      data: {
        organizationId,
        email: 'sam@globex.example',
        createdAt: new Date(),
        mailId: organizationId,
      },
    });
    const input = inputOf(fixture, [byEmail('Sam@globex.example'), byEmail('kim@globex.example')]);
    const sends = async () => {
      const said = await preview(fixture, input);
      if (said?.__typename !== 'PreviewAssignSeatsSuccess') throw new Error(said?.__typename);
      return said.results.map(result =>
        result.__typename === 'WouldAssignSeat' ? result.sendsInvitation : undefined,
      );
    };
    expect(await sends()).toEqual([false, true]);
    await usher.db.organization.update({
      where: { id: organizationId },
      data: { sendsInvitations: false },
    });
    expect(await sends()).toEqual([false, false]);
  });
});
