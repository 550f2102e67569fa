import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { ResendSeatInvitationDocument } from '../support/operations/graphql.ts';
import { eventsOf, givenSeat, historyOf, SEAT_KEYS, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DAY_MS = 24 * 60 * 60 * 1000;

async function resend(fixture: Fixture, id: string, token = fixture.tokens.organization) {
  return await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token });
}

async function resendAsBuyer(fixture: Fixture, id: string, token = fixture.tokens.owner) {
  return await usher.rest('POST', `/v1/customer-portal/seats/${id}/resend`, { token });
}

async function claim(invitation_token: string) {
  return await usher.rest('POST', '/v1/customer-seats/claim', { body: { invitation_token } });
}

// Decision 3: resend renews, where the reference sends the same link again, dead or not.
describe('an invitation that is sent again', () => {
  test.each([true, false])(
    'has a new link with a fresh day, and the old one is dead (member model: %s)',
    async memberModelEnabled => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const before = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
      const old = await tokenOf(usher, before.id);
      const { status, text, body } = await resend(fixture, before.id);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(SEAT_KEYS);
      expect(body).toEqual({
        ...before,
        modified_at: expect.any(String),
        invitation_token_expires_at: expect.any(String),
      });
      const lifetime = Date.parse(body.invitation_token_expires_at) - Date.parse(body.modified_at);
      expect(lifetime).toBe(DAY_MS);
      expect(Date.parse(body.modified_at)).toBeGreaterThan(Date.parse(before.created_at));

      const renewed = await tokenOf(usher, before.id);
      expect(renewed).not.toBe(old);
      expect(text).not.toContain(renewed);
      expect((await claim(old)).body.error).toBe('InvalidInvitationToken');
      expect((await claim(renewed)).status).toBe(200);
    },
  );

  test('comes back to life when it had run out', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id: seat.id },
      data: { invitationTokenExpiresAt: new Date(0) },
    });
    expect((await claim(await tokenOf(usher, seat.id))).status).toBe(400);
    await resendAsBuyer(fixture, seat.id);
    expect((await claim(await tokenOf(usher, seat.id))).status).toBe(200);
  });

  test('is recorded for the mailer, and is no webhook of the vendors', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const { body } = await resend(fixture, seat.id);
    usher.advance(60_000);
    await resendAsBuyer(fixture, seat.id);
    const events = await eventsOf(usher, seat.id);
    expect(await historyOf(usher, seat.id)).toEqual([
      'assigned',
      'invitation_resent',
      'invitation_resent',
    ]);
    expect(events[1]).toMatchObject({ payload: body, organizationId: fixture.ids.organization });
  });

  test('is made where a pending seat had none', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id: seat.id },
      data: { invitationNonce: null, invitationTokenHash: null, invitationTokenExpiresAt: null },
    });
    expect((await resend(fixture, seat.id)).status).toBe(200);
    expect((await claim(await tokenOf(usher, seat.id))).status).toBe(200);
  });
});

describe('what cannot be sent again', () => {
  test('a seat that is not pending', async () => {
    const fixture = await usher.addFixture();
    const body = { email: 'sam@globex.example', immediate_claim: true };
    const claimed = await givenSeat(usher, fixture, body);
    const revoked = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const { organization } = fixture.tokens;
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, { token: organization });
    for (const answer of [
      await resend(fixture, claimed.id),
      await resend(fixture, revoked.id),
      await resendAsBuyer(fixture, claimed.id),
      await resendAsBuyer(fixture, revoked.id),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.text).toBe(
        '{"error":"SeatNotPending","detail":"Seat is not in pending status"}',
      );
    }
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed']);
  });

  test('an invitation of nobody with an address', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const where = { id: fixture.ids.otherCustomer };
    await usher.db.customer.updateMany({ where, data: { email: null } });
    const seat = await givenSeat(usher, fixture, { customer_id: fixture.ids.otherCustomer });
    const { status, text } = await resend(fixture, seat.id);
    expect(status).toBe(400);
    expect(text).toBe(
      '{"error":"InvalidInvitationToken","detail":"Invalid or expired invitation token"}',
    );
  });

  test('a seat that only its member or its customer has an address for can be', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const byMember = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const byCustomer = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const update = async (id: string, data: { email: null; memberId?: null }) =>
      await usher.db.customerSeat.updateMany({ where: { id }, data });
    await update(byMember.id, { email: null });
    await update(byCustomer.id, { email: null, memberId: null });
    expect((await resend(fixture, byMember.id)).body.customer_email).toBe('sam@globex.example');
    expect((await resend(fixture, byCustomer.id)).body.customer_email).toBe('kim@globex.example');
  });
});

describe('who may, and what is checked, in order', () => {
  test('the seller by either token, the customer, the owner and a manager', async () => {
    const fixture = await usher.addFixture();
    const { organization, personal, customer, owner, manager } = fixture.tokens;
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    for (const [token, send] of [
      [organization, resend],
      [personal, resend],
      [customer, resendAsBuyer],
      [owner, resendAsBuyer],
      [manager, resendAsBuyer],
    ] as const) {
      expect((await send(fixture, seat.id, token)).status).toBe(200);
      usher.advance(60_000);
    }
  });

  test('not a plain member', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const { status, body } = await resendAsBuyer(fixture, seat.id, fixture.tokens.member);
    expect([status, body.error]).toEqual([403, 'NotPermitted']);
  });

  test('the form of the id, then the seat, then the flag, then its state', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const body = { email: 'sam@globex.example', immediate_claim: true };
    const claimed = await givenSeat(usher, fixture, body);
    await switchOff(usher, fixture);
    expect((await resend(fixture, 'x')).body.detail[0].loc).toEqual(['path', 'seat_id']);
    for (const answer of [
      await resend(fixture, randomUUID()),
      await resend(fixture, claimed.id, stranger.tokens.organization),
      await resendAsBuyer(fixture, claimed.id, fixture.tokens.otherCustomer),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.text).toBe('{"error":"ResourceNotFound","detail":"Seat not found"}');
    }
    for (const send of [resend, resendAsBuyer]) {
      const answer = await send(fixture, claimed.id);
      expect([answer.status, answer.body.error]).toEqual([403, 'FeatureNotEnabled']);
    }
  });
});

test('GraphQL renews alike, and its refusals are members of the union', async () => {
  const fixture = await usher.addFixture();
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const old = await tokenOf(usher, seat.id);
  const mutate = async (seatId: string, token: string) =>
    (await usher.graphql(ResendSeatInvitationDocument, { input: { seatId } }, token)).data
      ?.resendSeatInvitation;
  expect(await mutate(seat.id, fixture.tokens.manager)).toMatchObject({
    __typename: 'ResendSeatInvitationSuccess',
    seat: { id: seat.id, status: 'PENDING', modifiedAt: expect.any(String) },
  });
  expect((await claim(old)).status).toBe(400);
  expect((await claim(await tokenOf(usher, seat.id))).status).toBe(200);
  for (const [token, id, type] of [
    [fixture.tokens.owner, seat.id, 'SeatNotPendingError'],
    [fixture.tokens.owner, randomUUID(), 'ResourceNotFoundError'],
    [fixture.tokens.member, seat.id, 'NotPermittedError'],
  ] as const) {
    expect((await mutate(id, token))?.__typename).toBe(type);
  }
});
