import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpOf } from '../support/database-dump.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import {
  AssignSeatsDocument,
  PreviewRevokeSeatsDocument,
  RevokeSeatsDocument,
  type RevokeSeatsInput,
} from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { assign, givenSeat, historyOf, switchOff } from '../support/seats.ts';
import { roundTripsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function revoke(fixture: Fixture, input: RevokeSeatsInput, token?: string) {
  const answer = await usher.graphql(
    RevokeSeatsDocument,
    { input },
    token ?? fixture.tokens.organization,
  );
  expect(answer.errors).toBeUndefined();
  const result = answer.data?.revokeSeats;
  if (result?.__typename !== 'RevokeSeatsSuccess') throw new Error(result?.__typename);
  return result;
}

async function preview(fixture: Fixture, input: RevokeSeatsInput) {
  const token = fixture.tokens.organization;
  const answer = await usher.graphql(PreviewRevokeSeatsDocument, { input }, token);
  expect(answer.errors).toBeUndefined();
  const result = answer.data?.previewRevokeSeats;
  if (result?.__typename !== 'PreviewRevokeSeatsSuccess') throw new Error(result?.__typename);
  return result;
}

const kindsOf = (results: readonly { __typename: string }[]) =>
  results.map(({ __typename }) => __typename);

/** Seats of two pools: pending, claimed and revoked; and ids of no seat, and of another tenant's. */
async function scene() {
  const fixture = await usher.addFixture();
  const { order, subscription } = fixture.ids;
  const give = (name: string, more: object = {}) =>
    givenSeat(usher, fixture, { email: `${name}@globex.example`, ...more });
  const pending = await give('sam');
  const claimed = await give('kim', {
    subscription_id: undefined,
    order_id: order,
    immediate_claim: true,
  });
  const revoked = await give('lee');
  await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, {
    token: fixture.tokens.organization,
  });
  const stranger = await usher.addFixture();
  const { id: foreign } = await givenSeat(usher, stranger, { email: 'eve@globex.example' });
  const ids = { pending: pending.id, claimed: claimed.id, revoked: revoked.id, foreign };
  return { fixture, ids, order, subscription };
}

test('best effort revokes what it can, each seat once, and answers the pools with more free seats', async () => {
  const { fixture, ids, order, subscription } = await scene();
  const seatIds = [ids.pending, ids.foreign, ids.claimed, ids.pending, ids.revoked, 'malformed'];
  const answer = await revoke(fixture, { seatIds, mode: 'BEST_EFFORT' });
  expect(answer).toMatchObject({ isCommitted: true, revokedCount: 2, refusedCount: 2 });
  expect(kindsOf(answer.results)).toEqual([
    'RevokeSeatSuccess',
    'ResourceNotFoundError',
    'RevokeSeatSuccess',
    'RevokeSeatSuccess',
    'RevokeSeatSuccess',
    'ResourceNotFoundError',
  ]);
  const holders = answer.results.map(result =>
    result.__typename === 'RevokeSeatSuccess' ? (result.formerHolder?.email ?? null) : undefined,
  );
  expect(holders).toEqual([
    'sam@globex.example',
    undefined,
    'kim@globex.example',
    null,
    null,
    undefined,
  ]);
  expect(answer.pools).toEqual([
    expect.objectContaining({ id: subscription, availableSeats: 5 }),
    expect.objectContaining({ id: order, availableSeats: 5 }),
  ]);
  expect(await historyOf(usher, ids.pending)).toEqual(['assigned', 'revoked']);
  expect(await historyOf(usher, ids.claimed)).toEqual(['claimed', 'revoked']);
  expect(await historyOf(usher, ids.foreign)).toEqual(['assigned']);
});

test('all or nothing changes nothing if one seat is refused', async () => {
  const { fixture, ids } = await scene();
  const before = await dumpOf(usher);
  const answer = await revoke(fixture, { seatIds: [ids.pending, ids.foreign, ids.claimed] });
  expect(answer).toMatchObject({ isCommitted: false, revokedCount: 0, refusedCount: 1, pools: [] });
  expect(kindsOf(answer.results)).toEqual([
    'ItemNotAttempted',
    'ResourceNotFoundError',
    'ItemNotAttempted',
  ]);
  expect(await dumpOf(usher)).toEqual(before);
  const all = await revoke(fixture, { seatIds: [ids.pending, ids.claimed] });
  expect(all).toMatchObject({ isCommitted: true, revokedCount: 2 });
});

test.each(['ALL_OR_NOTHING', 'BEST_EFFORT'] as const)(
  'a preview says item by item what the batch then does, and writes nothing (%s)',
  async mode => {
    const { fixture, ids } = await scene();
    const seatIds = [ids.claimed, ids.pending, ids.claimed, ids.foreign, ids.revoked];
    const before = await dumpOf(usher);
    const said = await preview(fixture, { seatIds, mode });
    expect(await dumpOf(usher)).toEqual(before);
    const done = await revoke(fixture, { seatIds, mode });
    expect([said.wouldCommit, said.revokedCount, said.refusedCount]).toEqual([
      done.isCommitted,
      done.revokedCount,
      done.refusedCount,
    ]);
    expect(said.results).toEqual(
      done.results.map(result =>
        result.__typename === 'RevokeSeatSuccess'
          ? { __typename: 'WouldRevokeSeat', formerHolder: result.formerHolder }
          : result,
      ),
    );
  },
);

describe('a session revokes', () => {
  test('the seats of its own customer alone', async () => {
    const { fixture, ids } = await scene();
    const { token } = { token: fixture.tokens.otherCustomer };
    const theirs = await revoke(fixture, { seatIds: [ids.pending], mode: 'BEST_EFFORT' }, token);
    expect(kindsOf(theirs.results)).toEqual(['ResourceNotFoundError']);
    const own = await revoke(fixture, { seatIds: [ids.pending] }, fixture.tokens.manager);
    expect(kindsOf(own.results)).toEqual(['RevokeSeatSuccess']);
  });
});

test('a seat of an organization that sells no seats is refused', async () => {
  const { fixture, ids } = await scene();
  await switchOff(usher, fixture);
  const { results } = await revoke(fixture, { seatIds: [ids.pending, ids.revoked] });
  expect(kindsOf(results)).toEqual(['FeatureNotEnabledError', 'FeatureNotEnabledError']);
});

test('1,000 seats are revoked in few round trips, beside others who assign and revoke', async () => {
  const fixture = await usher.addFixture({ seats: 1_000 });
  const { organization: token } = fixture.tokens;
  const seats = range(1_000).map(i => ({ recipient: { email: `p-${i}@globex.example` } }));
  const input = { source: { subscriptionId: fixture.ids.subscription }, seats };
  const { data } = await usher.graphql(AssignSeatsDocument, { input }, token);
  if (data?.assignSeats?.__typename !== 'AssignSeatsSuccess') throw new Error('not assigned');
  const ids = data.assignSeats.results.flatMap(result =>
    result.__typename === 'AssignSeatSuccess' ? [result.seat.id] : [],
  );
  const backwards = ids.toReversed();
  const [first, second] = await Promise.all([
    revoke(fixture, { seatIds: ids }),
    revoke(fixture, { seatIds: backwards }),
    ...range(10).map(i => assign(usher, fixture, { email: `q-${i}@globex.example` })),
    ...ids.slice(0, 10).map(id => usher.rest('DELETE', `/v1/customer-seats/${id}`, { token })),
  ]);
  expect(first.revokedCount + second.revokedCount).toBeGreaterThanOrEqual(990);
  await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  const trips = await roundTripsOf(() => revoke(fixture, { seatIds: ids, mode: 'BEST_EFFORT' }));
  expect(trips).toBeLessThanOrEqual(4);
});

test.each([
  ['no seat', 0],
  ['more than 1,000', 1001],
])('a batch of %s is refused as a whole', async (_, count) => {
  const fixture = await usher.addFixture();
  const input = { seatIds: range(count).map(() => randomUUID()) };
  const answer = await usher.graphql(RevokeSeatsDocument, { input }, fixture.tokens.organization);
  expect(answer.data?.revokeSeats).toMatchObject({ code: 'INVALID_INPUT' });
});
