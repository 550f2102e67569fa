import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { RevokeSeatDocument } from '../support/operations/graphql.ts';
import { eventsOf, givenSeat, historyOf, SEAT_KEYS, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function revoke(fixture: Fixture, id: string, token = fixture.tokens.organization) {
  return await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
}

async function revokeAsBuyer(fixture: Fixture, id: string, token = fixture.tokens.owner) {
  return await usher.rest('DELETE', `/v1/customer-portal/seats/${id}`, { token });
}

const NOT_FOUND = '{"error":"ResourceNotFound","detail":"Seat not found"}';
const FEATURE_OFF =
  '{"error":"FeatureNotEnabled","detail":"Seat-based pricing is not enabled for this organization"}';

describe('a revoked seat', () => {
  // Decision 9: the first answer and the event name the former holder, whose ids are gone.
  test.each([true, false])(
    'names its former holder once (member model: %s)',
    async memberModelEnabled => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const metadata = { department: 'R&D' };
      const before = await givenSeat(usher, fixture, { email: 'Sam@globex.example', metadata });
      const { status, body } = await revoke(fixture, before.id);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(SEAT_KEYS);
      expect(body).toEqual({
        ...before,
        status: 'revoked',
        customer_id: null,
        member_id: null,
        email: null,
        customer_email: 'Sam@globex.example',
        modified_at: expect.any(String),
        revoked_at: body.modified_at,
      });
      expect(body.member).toMatchObject({ email: 'Sam@globex.example', role: 'member' });
      expect((await eventsOf(usher, before.id)).at(-1)).toEqual({
        type: 'customer_seat.revoked',
        payload: body,
        organizationId: fixture.ids.organization,
      });

      const again = await revoke(fixture, before.id);
      expect(again.status).toBe(200);
      expect(again.body).toEqual({ ...body, member: null, customer_email: null });
      expect((await revokeAsBuyer(fixture, before.id)).body).toEqual(again.body);
      expect(await historyOf(usher, before.id)).toEqual(['assigned', 'revoked']);
    },
  );

  test('keeps when it was claimed', async () => {
    const fixture = await usher.addFixture();
    const body = { email: 'sam@globex.example', immediate_claim: true };
    const claimed = await givenSeat(usher, fixture, body);
    const revoked = (await revoke(fixture, claimed.id)).body;
    expect(revoked).toMatchObject({ status: 'revoked', claimed_at: claimed.claimed_at });
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
  });

  test('has no invitation any more', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const invitation_token = await tokenOf(usher, seat.id);
    await revoke(fixture, seat.id);
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token },
    });
    expect([claim.status, claim.body.error]).toEqual([400, 'InvalidInvitationToken']);
    const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
    expect(row).toMatchObject({ invitationNonce: null });
  });

  test('makes room in its pool', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await revoke(fixture, seat.id);
    const next = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    expect(next.id).toBe(seat.id);
  });

  test('of a customer without an address names nobody', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const where = { id: fixture.ids.otherCustomer };
    await usher.db.customer.updateMany({ where, data: { email: null } });
    const seat = await givenSeat(usher, fixture, { customer_id: fixture.ids.otherCustomer });
    const { body } = await revoke(fixture, seat.id);
    expect(body).toMatchObject({ customer_id: null, member: null, customer_email: null });
  });

  test('of a member who has been renamed names the address that it was given to', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const where = { id: fixture.ids.member };
    await usher.db.member.updateMany({ where, data: { email: 'new@globex.example' } });
    const { body } = await revoke(fixture, seat.id);
    expect(body).toMatchObject({
      customer_email: 'new@globex.example',
      member: { email: 'new@globex.example' },
    });
  });
});

describe('who may revoke', () => {
  test('the seller by either token, the customer, the owner, and a manager even themselves', async () => {
    const fixture = await usher.addFixture({ seats: 5 });
    const { organization, personal, customer, owner, manager } = fixture.tokens;
    for (const [token, revokes] of [
      [organization, revoke],
      [personal, revoke],
      [customer, revokeAsBuyer],
      [owner, revokeAsBuyer],
      [manager, revokeAsBuyer],
    ] as const) {
      const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.manager });
      expect((await revokes(fixture, seat.id, token)).body.status).toBe('revoked');
    }
  });

  test('not a plain member, not even their own seat', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const { status, text } = await revokeAsBuyer(fixture, seat.id, fixture.tokens.member);
    expect(status).toBe(403);
    expect(text).toBe(
      '{"error":"NotPermitted","detail":"Only owners and billing managers can access billing features."}',
    );
    expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  });

  test('not a stranger, to whom it does not exist', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    for (const answer of [
      await revoke(fixture, randomUUID()),
      await revoke(fixture, seat.id, stranger.tokens.organization),
      await revoke(fixture, seat.id, stranger.tokens.personal),
      await revokeAsBuyer(fixture, randomUUID()),
      await revokeAsBuyer(fixture, seat.id, fixture.tokens.otherCustomer),
      await revokeAsBuyer(fixture, seat.id, stranger.tokens.owner),
    ]) {
      expect([answer.status, answer.text]).toEqual([404, NOT_FOUND]);
    }
  });
});

describe('what is checked, in order', () => {
  test('the form of the id comes before whether there is such a seat', async () => {
    const fixture = await usher.addFixture();
    for (const id of ['claim', 'a0000000-0000-1000-8000-000000000000', `${randomUUID()}0`]) {
      for (const answer of [await revoke(fixture, id), await revokeAsBuyer(fixture, id)]) {
        expect(answer.status).toBe(422);
        expect(answer.body.error).toBe('RequestValidationError');
        expect(answer.body.detail[0].loc).toEqual(['path', 'seat_id']);
      }
    }
  });

  test('the flag comes after the seat, and to the billingCustomer after its being revoked already', async () => {
    const fixture = await usher.addFixture();
    const gone = await givenSeat(usher, fixture, { email: 'gone@globex.example' });
    const live = await givenSeat(usher, fixture, {
      order_id: fixture.ids.order,
      email: 'live@globex.example',
    });
    await revoke(fixture, gone.id);
    await switchOff(usher, fixture);
    expect((await revoke(fixture, randomUUID())).text).toBe(NOT_FOUND);
    for (const answer of [
      await revoke(fixture, live.id),
      await revoke(fixture, gone.id),
      await revokeAsBuyer(fixture, live.id),
    ]) {
      expect([answer.status, answer.text]).toEqual([403, FEATURE_OFF]);
    }
    const { status, body } = await revokeAsBuyer(fixture, gone.id);
    expect([status, body.status]).toEqual([200, 'revoked']);
  });

  test('a seat of an order without a product is no seat to the seller', async () => {
    const fixture = await usher.addFixture();
    const { order } = fixture.ids;
    const seat = await givenSeat(usher, fixture, { order_id: order, email: 'sam@globex.example' });
    await usher.db.order.updateMany({ where: { id: order }, data: { productId: null } });
    const bySeller = await revoke(fixture, seat.id);
    expect([bySeller.status, bySeller.text]).toEqual([404, NOT_FOUND]);
    const byBuyer = await revokeAsBuyer(fixture, seat.id);
    expect([byBuyer.status, byBuyer.body.status]).toEqual([200, 'revoked']);
  });
});

describe('on GraphQL', () => {
  async function revokeByMutation(seatId: string, token: string) {
    const { data } = await usher.graphql(RevokeSeatDocument, { input: { seatId } }, token);
    return data?.revokeSeat;
  }

  // Decision 9, on the other API.
  // Decision 23: the seat is as it is, for clients' caches, and the former holder stands beside it.
  test('the former holder is named once, beside the seat', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const { owner } = fixture.tokens;
    const seatNow = {
      status: 'REVOKED',
      email: null,
      customerEmail: null,
      customerId: null,
      memberId: null,
      member: null,
    };
    expect(await revokeByMutation(seat.id, owner)).toMatchObject({
      __typename: 'RevokeSeatSuccess',
      seat: seatNow,
      formerHolder: { email: 'sam@globex.example', memberId: seat.member_id },
    });
    expect(await revokeByMutation(seat.id, owner)).toMatchObject({
      seat: seatNow,
      formerHolder: null,
    });
    expect(await historyOf(usher, seat.id)).toEqual(['assigned', 'revoked']);
  });

  test('the seat comes with the pool as it is now', async () => {
    const fixture = await usher.addFixture({ seats: 2 });
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const { data } = await usher.graphql(
      `mutation ($seatId: ID!) { revokeSeat(input: { seatId: $seatId }) {
        ... on RevokeSeatSuccess { seat {
          order { id } subscription { availableSeats } } } } }`,
      { seatId: seat.id },
      fixture.tokens.organization,
    );
    expect(data).toEqual({
      revokeSeat: {
        seat: {
          order: null,
          subscription: { availableSeats: 2 },
        },
      },
    });
  });

  test('refusals are members of the union', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const outcome = async (id: string, token: string) =>
      (await revokeByMutation(id, token))?.__typename;
    expect(await outcome(randomUUID(), fixture.tokens.owner)).toBe('ResourceNotFoundError');
    expect(await outcome(seat.id, fixture.tokens.otherCustomer)).toBe('ResourceNotFoundError');
    expect(await outcome(seat.id, fixture.tokens.member)).toBe('NotPermittedError');
    expect(await outcome(seat.id, fixture.tokens.reader)).toBe('NotPermittedError');
    await switchOff(usher, fixture);
    expect(await outcome(seat.id, fixture.tokens.owner)).toBe('FeatureNotEnabledError');
  });
});
