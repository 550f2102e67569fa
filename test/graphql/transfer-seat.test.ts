import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { TransferSeatDocument, type TransferSeatInput } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { assign, eventsOf, givenSeat, historyOf, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function transfer(fixture: Fixture, input: TransferSeatInput, token?: string) {
  const caller = token ?? fixture.tokens.organization;
  const answer = await usher.graphql(TransferSeatDocument, { input }, caller);
  expect(answer.errors).toBeUndefined();
  return answer.data?.transferSeat;
}

const toEmail = (seatId: string, email: string): TransferSeatInput => ({
  seatId,
  recipient: { email },
});

test.each([true, false])(
  'a claimed seat of a full pool goes to somebody else, who is invited (member model: %s)',
  async memberModelEnabled => {
    const fixture = await usher.addFixture({ seats: 1, memberModelEnabled });
    const body = { email: 'sam@globex.example', immediate_claim: true, metadata: { desk: 1 } };
    const before = await givenSeat(usher, fixture, body);
    const result = await transfer(fixture, toEmail(before.id, 'kim@globex.example'));
    expect(result).toMatchObject({
      __typename: 'TransferSeatSuccess',
      seat: {
        id: before.id,
        status: 'PENDING',
        email: 'kim@globex.example',
        metadata: { desk: 1 },
      },
      formerHolder: { email: 'sam@globex.example' },
    });
    expect(await historyOf(usher, before.id)).toEqual(['claimed', 'revoked', 'assigned']);
    const events = await eventsOf(usher, before.id);
    expect(
      events.map(({ payload }) => (payload as { customer_email: string }).customer_email),
    ).toEqual(['sam@globex.example', 'sam@globex.example', 'kim@globex.example']);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
    const invitation_token = await tokenOf(usher, before.id);
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token },
    });
    expect(claim.body.seat).toMatchObject({ id: before.id, customer_email: 'kim@globex.example' });
  },
);

test('the invitation of the former holder no longer works, and the new holder can have the seat claimed immediately', async () => {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const invitation_token = await tokenOf(usher, id);
  const input = { ...toEmail(id, 'kim@globex.example'), immediateClaim: true, metadata: { a: 1 } };
  expect(await transfer(fixture, input)).toMatchObject({
    seat: { status: 'CLAIMED', metadata: { a: 1 } },
  });
  const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
    body: { invitation_token },
  });
  expect(claim.body.error).toBe('InvalidInvitationToken');
  expect(await historyOf(usher, id)).toEqual(['assigned', 'revoked', 'claimed']);
});

describe('a transfer is refused', () => {
  test('to somebody with a seat of the pool, the holder included', async () => {
    const fixture = await usher.addFixture();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    for (const email of ['sam@globex.example', 'KIM@globex.example']) {
      expect((await transfer(fixture, toEmail(id, email)))?.__typename).toBe(
        'SeatAlreadyAssignedError',
      );
    }
    expect(await historyOf(usher, id)).toEqual(['assigned']);
  });

  test('of a revoked seat, of an unknown or foreign one, of an ended pool, without the feature', async () => {
    const fixture = await usher.addFixture();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const revoked = await givenSeat(usher, fixture, { email: 'lee@globex.example' });
    const { organization: token } = fixture.tokens;
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, { token });
    const stranger = await usher.addFixture();
    const to = (seatId: string) => toEmail(seatId, 'kim@globex.example');
    const name = async (seatId: string, caller?: string) =>
      (await transfer(fixture, to(seatId), caller))?.__typename;
    expect(await name(revoked.id)).toBe('SeatNotLiveError');
    expect(await name('malformed')).toBe('ResourceNotFoundError');
    expect(await name(id, stranger.tokens.organization)).toBe('ResourceNotFoundError');
    expect(await name(id, fixture.tokens.otherCustomer)).toBe('ResourceNotFoundError');
    expect(await name(id, fixture.tokens.member)).toBe('NotPermittedError');
    const input = { seatId: id, recipient: { email: 'no address' } };
    expect((await transfer(fixture, input))?.__typename).toBe('InvalidInputError');
    const where = { id: fixture.ids.subscription };
    await usher.db.subscription.updateMany({ where, data: { status: 'incomplete' } });
    expect(await name(id)).toBe('SeatNotAvailableError');
    await switchOff(usher, fixture);
    expect(await name(id)).toBe('FeatureNotEnabledError');
  });
});

test('in a full pool, transfers leave no gap for those who assign', async () => {
  const fixture = await usher.addFixture({ seats: 10 });
  const seats: { id: string }[] = [];
  for (const i of range(10)) {
    seats.push(await givenSeat(usher, fixture, { email: `p-${i}@globex.example` }));
  }
  const [transfers, assignments] = await Promise.all([
    Promise.all(
      range(50).map(i =>
        transfer(fixture, toEmail(seats[i % 10]?.id ?? '', `t-${i}@globex.example`)),
      ),
    ),
    Promise.all(range(50).map(i => assign(usher, fixture, { email: `a-${i}@globex.example` }))),
  ]);
  expect(transfers.map(result => result?.__typename)).toEqual(
    range(50).map(() => 'TransferSeatSuccess'),
  );
  expect(assignments.map(({ body }) => body.error)).toEqual(
    range(50).map(() => 'SeatNotAvailable'),
  );
  const rows = await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  expect(rows).toHaveLength(10);
});

test('two seats of different pools change hands crosswise', async () => {
  const fixture = await usher.addFixture();
  const { subscription, order } = fixture.ids;
  for (const _ of range(5)) {
    const a = await givenSeat(usher, fixture, { email: 'mia@globex.example' });
    const b = await givenSeat(usher, fixture, {
      subscription_id: undefined,
      order_id: order,
      email: 'raj@globex.example',
    });
    const results = await Promise.all([
      transfer(fixture, toEmail(a.id, 'raj@globex.example')),
      transfer(fixture, toEmail(b.id, 'mia@globex.example')),
    ]);
    expect(results.map(result => result?.__typename)).toEqual(
      range(2).map(() => 'TransferSeatSuccess'),
    );
    for (const { id } of [a, b]) {
      await usher.rest('DELETE', `/v1/customer-seats/${id}`, {
        token: fixture.tokens.organization,
      });
    }
  }
  await checkPool(usher, { kind: 'subscription', id: subscription });
  await checkPool(usher, { kind: 'order', id: order });
});
