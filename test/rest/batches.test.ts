import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { dumpOf } from '../support/database-dump.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { AssignSeatsDocument } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { addToken, givenSeat, SEAT_KEYS } from '../support/seats.ts';
import { statementsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const ASSIGN = '/v1/customer-seats/batch';
const REVOKE = '/v1/customer-seats/revoke-batch';

const post = (fixture: Fixture, path: string, body: unknown, token = fixture.tokens.organization) =>
  usher.rest('POST', path, { token, body });

const assign = (fixture: Fixture, seats: unknown, others: object = {}) =>
  post(fixture, ASSIGN, { subscription_id: fixture.ids.subscription, seats, ...others });

/** The results in short: the error's name, or else the status. */
const words = (results: { status: string; error?: string }[]) =>
  results.map(({ status, error }) => error ?? status);

/** The numbers of seats, events and invitations of an organization, once its events are handled. */
async function countsOf({ ids: { organization } }: Fixture) {
  const job = createFanOutJob({ db: usher.db, now: usher.now });
  const { signal } = new AbortController();
  while (await job.run(signal));
  const where = { organizationId: organization };
  return {
    seats: await usher.db.customerSeat.count({ where }),
    events: await usher.db.outboxEvent.count({
      where: { ...where, type: 'customer_seat.assigned' },
    }),
    mails: await usher.db.mail.count({ where: { ...where, kind: 'invitation' } }),
  };
}

/** The addresses of the seats that were assigned. */
const holdersOf = (results: { seat?: { email: string } }[]) =>
  results.flatMap(({ seat }) => (seat ? [seat.email] : []));

describe('1,000 people, three of whom are bad, and 600 free seats', () => {
  const addresses = range(997).map(i => `person-${i}@globex.example`);
  const people = addresses.map(email => ({ email }) as Record<string, string>);
  people.splice(
    500,
    0,
    { email: 'not an address' },
    { member_id: randomUUID() },
    { email: 'PERSON-0@globex.example' },
  );

  test.each([
    ['best_effort', 600],
    ['all_or_nothing', 0],
  ] as const)(
    '%s: both APIs agree on results, totals, rows, events and mails',
    async (mode, count) => {
      const [ofRest, ofGraphQL] = [
        await usher.addFixture({ seats: 600 }),
        await usher.addFixture({ seats: 600 }),
      ];
      const rest = await assign(ofRest, people, { mode });
      expect(rest.status).toBe(200);
      const { data } = await usher.graphql(
        AssignSeatsDocument,
        {
          input: {
            source: { subscriptionId: ofGraphQL.ids.subscription },
            mode: mode === 'best_effort' ? ('BEST_EFFORT' as const) : ('ALL_OR_NOTHING' as const),
            seats: people.map(({ email, member_id = '' }) => ({
              recipient: email === undefined ? { memberId: member_id } : { email },
            })),
          },
        },
        ofGraphQL.tokens.organization,
      );
      const graphql = data?.assignSeats;
      if (graphql?.__typename !== 'AssignSeatsSuccess') throw new Error(graphql?.__typename);
      expect(words(rest.body.results)).toEqual(
        graphql.results.map(({ __typename }) => WORD_OF[__typename] ?? __typename),
      );
      expect(rest.body).toMatchObject({
        is_committed: graphql.isCommitted,
        assigned_count: graphql.assignedCount,
        refused_count: graphql.refusedCount,
        available_seats: graphql.pool.availableSeats,
        total_seats: graphql.pool.totalSeats,
      });
      expect(rest.body).toMatchObject({ assigned_count: count, available_seats: 600 - count });
      for (const fixture of [ofRest, ofGraphQL]) {
        expect(await countsOf(fixture)).toEqual({ seats: count, events: count, mails: count });
        const { organization: organizationId, subscription: id } = fixture.ids;
        const rows = await usher.db.customerSeat.findMany({ where: { organizationId } });
        expect(new Set(rows.map(({ email }) => email))).toEqual(
          new Set(holdersOf(rest.body.results)),
        );
        expect(await usher.db.subscription.findFirst({ where: { id } })).toMatchObject({
          seatsUsed: count,
        });
      }
    },
  );

  const WORD_OF: Record<string, string> = {
    AssignSeatSuccess: 'assigned',
    ItemNotAttempted: 'not_attempted',
    InvalidInputError: 'RequestValidationError',
    MemberNotFoundError: 'MemberNotFound',
    SeatAlreadyAssignedError: 'SeatAlreadyAssigned',
    SeatNotAvailableError: 'SeatNotAvailable',
  };

  test('take as many statements as one person', async () => {
    const fixture = await usher.addFixture({ seats: 700 });
    // The first looks up the token.
    await assign(fixture, [{ email: 'first@globex.example' }]);
    const one = await statementsOf(() => assign(fixture, [{ email: 'one@globex.example' }]));
    const many = await statementsOf(() => assign(fixture, people, { mode: 'best_effort' }));
    expect(many.length).toBe(one.length);
    expect(many.length).toBeLessThanOrEqual(7);
  });
});

describe('each person is answered as the endpoint for one seat answers', () => {
  test('with the seat of 15 keys, pending or claimed, with its metadata', async () => {
    const fixture = await usher.addFixture({ seats: 3 });
    const { body } = await assign(fixture, [
      { email: 'sam@globex.example', metadata: { team: 'red' } },
      { external_member_id: 'usr_mia', immediate_claim: true },
    ]);
    const [{ seat }, { seat: claimed }] = body.results;
    expect(Object.keys(seat)).toEqual(SEAT_KEYS);
    expect(seat).toMatchObject({ status: 'pending', seat_metadata: { team: 'red' } });
    expect(claimed).toMatchObject({ status: 'claimed', email: 'Mia@globex.example' });
    expect(body).toMatchObject({ is_committed: true, available_seats: 1, total_seats: 3 });
  });

  test('with the error, its message, and the path of what cannot be parsed', async () => {
    const fixture = await usher.addFixture();
    const seats = [
      { email: 'sam@globex.example' },
      { email: 'sam@' },
      'sam',
      { email: 'kim@globex.example', metadata: { a: 'x'.repeat(2000) } },
      { email: 'kim@globex.example', member_id: randomUUID() },
      { external_customer_id: 'nobody' },
    ];
    const { body } = await assign(fixture, seats, { mode: 'best_effort' });
    expect(body).toMatchObject({ assigned_count: 1, refused_count: 5 });
    const problems = body.results
      .slice(1, 5)
      .map(({ detail: [item] }: { detail: object[] }) => item);
    expect(problems).toMatchObject([
      { type: 'value_error', loc: ['body', 'seats', 1, 'email'], input: 'sam@' },
      { type: 'model_attributes_type', loc: ['body', 'seats', 2] },
      {
        loc: ['body', 'seats', 3, 'metadata'],
        msg: 'Value error, Metadata size cannot exceed 1KB',
      },
      { loc: ['body', 'seats', 4], msg: 'Value error, Cannot combine member_id with email' },
    ]);
    const single = await post(fixture, '/v1/customer-seats', {
      subscription_id: fixture.ids.subscription,
      external_customer_id: 'nobody',
    });
    expect(body.results[5]).toEqual({ status: 'refused', ...single.body });
  });

  test('all or nothing is the default, and changes nothing if one is refused', async () => {
    const fixture = await usher.addFixture();
    const before = await dumpOf(usher);
    const { body } = await assign(fixture, [{ email: 'sam@globex.example' }, { email: 'sam@' }]);
    expect(words(body.results)).toEqual(['not_attempted', 'RequestValidationError']);
    expect(body).toMatchObject({ is_committed: false, assigned_count: 0, available_seats: 5 });
    expect(await dumpOf(usher)).toEqual(before);
  });
});

describe('a batch is refused as a whole', () => {
  test.each([
    ['without anybody', [], ['body', 'seats']],
    ['with more than 1,000 people', range(1_001).map(() => ({})), ['body', 'seats']],
    ['that is no list', { email: 'sam@globex.example' }, ['body', 'seats']],
  ])('%s', async (_, seats, loc) => {
    const fixture = await usher.addFixture();
    const { status, body } = await assign(fixture, seats);
    expect([status, body.detail[0].loc]).toEqual([422, loc]);
  });

  test('of an unknown mode, of two pools, of none', async () => {
    const fixture = await usher.addFixture();
    const seats = [{ email: 'sam@globex.example' }];
    const { order, subscription } = fixture.ids;
    for (const body of [
      { subscription_id: subscription, seats, mode: 'some' },
      { subscription_id: subscription, order_id: order, seats },
      { seats },
      undefined,
    ]) {
      expect((await post(fixture, ASSIGN, body)).status).toBe(422);
    }
  });

  test('whose pool is unknown, closed or sells no seats', async () => {
    const [closed, off, other] = [
      await usher.addFixture({ subscriptionStatus: 'canceled' }),
      await usher.addFixture({ seatBasedPricingEnabled: false }),
      await usher.addFixture(),
    ];
    const seats = [{ email: 'bad' }, { email: 'sam@globex.example' }];
    const mode = 'best_effort';
    const answers = [
      await assign(closed, seats, { mode }),
      await assign(off, seats, { mode }),
      await assign(other, seats, { mode, subscription_id: closed.ids.subscription }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
      [400, 'SeatNotAvailable'],
      [403, 'FeatureNotEnabled'],
      [404, 'ResourceNotFound'],
    ]);
  });
});

describe('revocations', () => {
  const given = async (fixture: Fixture, ...names: string[]) => {
    const seats = names.map(name => ({ email: `${name}@globex.example` }));
    const { body } = await assign(fixture, seats);
    return body.results.map(({ seat }: { seat: { id: string } }) => seat.id) as string[];
  };

  test('answer each seat with its former holder, and the free seats of each pool', async () => {
    const fixture = await usher.addFixture();
    const [a, b] = await given(fixture, 'a', 'b');
    const { subscription, order } = fixture.ids;
    const ofOrder = await givenSeat(usher, fixture, { order_id: order, email: 'c@globex.example' });
    const seat_ids = [a, a, ofOrder.id, randomUUID(), 'x', 7];
    const { body } = await post(fixture, REVOKE, { seat_ids, mode: 'best_effort' });
    expect(words(body.results)).toEqual([
      'revoked',
      'revoked',
      'revoked',
      'ResourceNotFound',
      'RequestValidationError',
      'RequestValidationError',
    ]);
    expect(body.results[0].seat).toMatchObject({ id: a, status: 'revoked', email: null });
    expect(body.results[0].seat.member.email).toBe('a@globex.example');
    expect(body.results[4].detail[0]).toMatchObject({
      type: 'uuid_parsing',
      loc: ['body', 'seat_ids', 4],
      input: 'x',
    });
    expect(body).toMatchObject({ is_committed: true, revoked_count: 2, refused_count: 3 });
    expect(body.pools).toEqual([
      { subscription_id: subscription, order_id: null, available_seats: 4, total_seats: 5 },
      { subscription_id: null, order_id: order, available_seats: 5, total_seats: 5 },
    ]);
    const rows = await checkPool(usher, { kind: 'subscription', id: subscription });
    expect(rows.filter(({ status }) => status === 'pending').map(({ id }) => id)).toEqual([b]);
  });

  test('all or nothing is the default', async () => {
    const fixture = await usher.addFixture();
    const [a] = await given(fixture, 'a');
    const { body } = await post(fixture, REVOKE, { seat_ids: [a, 'x'] });
    expect(words(body.results)).toEqual(['not_attempted', 'RequestValidationError']);
    expect(body).toMatchObject({ is_committed: false, revoked_count: 0, pools: [] });
    for (const seat_ids of [[], range(1_001).map(String), 'x']) {
      expect((await post(fixture, REVOKE, { seat_ids })).status).toBe(422);
    }
  });
});

describe('who may send a batch', () => {
  test('a token with the scope, and nobody whose body was read', async () => {
    const fixture = await usher.addFixture();
    const { reader, customer, manager } = fixture.tokens;
    for (const path of [ASSIGN, REVOKE]) {
      expect((await usher.rest('POST', path, { body: '{' })).status).toBe(401);
      expect((await post(fixture, path, '{', reader)).status).toBe(403);
      expect((await post(fixture, path, '{', customer)).status).toBe(401);
      expect((await post(fixture, path, '{', manager)).status).toBe(401);
      const writer = await addToken(usher, fixture, ['customer_seats:write']);
      expect((await post(fixture, path, '{', writer)).status).toBe(422);
    }
  });

  test('a body may have 2 MiB, and is not read without a token', async () => {
    const fixture = await usher.addFixture({ seats: 1_000 });
    const note = 'x'.repeat(1_000);
    const seats = range(1_000).map(i => ({ email: `p-${i}@globex.example`, metadata: { note } }));
    expect((await assign(fixture, seats)).body).toMatchObject({ assigned_count: 1_000 });
    const large = ' '.repeat(2_097_153);
    const { status, body } = await post(fixture, ASSIGN, large);
    expect([status, body.error]).toEqual([413, 'RequestBodyTooLarge']);
    const stranger = await usher.rest('POST', ASSIGN, { body: ' '.repeat(100_000) });
    expect(stranger.status).toBe(401);
  });
});
