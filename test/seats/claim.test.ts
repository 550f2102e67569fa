import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { ClaimSeatDocument } from '../support/operations/graphql.ts';
import { eventsOf, givenSeat, historyOf, SEAT_KEYS, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function claim(invitation_token: unknown, token?: string) {
  const body = { invitation_token };
  return await usher.rest('POST', '/v1/customer-seats/claim', { body, token });
}

/** A pending seat's answer, and the token of its invitation. */
async function invited(fixture: Fixture, body: Record<string, unknown>) {
  const seat = await givenSeat(usher, fixture, body);
  return { seat, token: await tokenOf(usher, seat.id) };
}

type SeatChange = Parameters<typeof usher.db.customerSeat.updateMany>[0]['data'];

async function change(id: string, data: SeatChange): Promise<void> {
  await usher.db.customerSeat.updateMany({ where: { id }, data });
}

/** Who a session's token stands for. */
async function viewer(token: string) {
  const { data } = await usher.graphql<{ viewer: Record<string, unknown> }, object>(
    '{ viewer { kind customer { id } member { id } } }',
    {},
    token,
  );
  return data?.viewer;
}

const INVALID = '{"error":"InvalidInvitationToken","detail":"Invalid or expired invitation token"}';

describe('a claim', () => {
  // Decision 9: a claim answers its member filled.
  test.each([true, false])(
    'hands the seat over and begins a session for its member (member model: %s)',
    async memberModelEnabled => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const { seat, token } = await invited(fixture, { email: 'sam@globex.example' });
      const { status, headers, body } = await claim(token);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(Object.keys(body)).toEqual(['seat', 'customer_session_token']);
      expect(Object.keys(body.seat)).toEqual(SEAT_KEYS);
      // The date of the invitation stays, as in the reference.
      expect(body.seat).toEqual({
        ...seat,
        status: 'claimed',
        modified_at: expect.any(String),
        claimed_at: body.seat.modified_at,
      });
      expect(body.seat.member.email).toBe('sam@globex.example');
      // Decision 13: the token has our own prefix.
      expect(body.customer_session_token).toMatch(/^usher_mst_[\w-]{43}$/);
      expect(await viewer(body.customer_session_token)).toEqual({
        kind: 'MEMBER',
        customer: { id: fixture.ids.customer },
        member: { id: seat.member_id },
      });
      expect(await historyOf(usher, seat.id)).toEqual(['assigned', 'claimed']);
      expect((await eventsOf(usher, seat.id))[1]?.payload).toEqual(body.seat);
      const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
      expect(row).toMatchObject({ invitationNonce: null });
    },
  );

  test('needs no bearer token, and minds none', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    expect((await claim(token, fixture.tokens.otherCustomer)).status).toBe(200);
  });

  test('goes through whatever has become of the subscription', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    const where = { id: fixture.ids.subscription };
    await usher.db.subscription.updateMany({ where, data: { status: 'canceled' } });
    expect((await claim(token)).status).toBe(200);
  });

  test('begins a session of one hour', async () => {
    const own = await startUsher();
    try {
      const fixture = await own.addFixture();
      const seat = await givenSeat(own, fixture, { email: 'sam@globex.example' });
      const body = { invitation_token: await tokenOf(own, seat.id) };
      const claimed = await own.rest('POST', '/v1/customer-seats/claim', { body });
      const token: string = claimed.body.customer_session_token;
      const path = `/v1/customer-portal/seats?order_id=${fixture.ids.order}`;
      own.advance(60 * 60 * 1000 - 30_000);
      expect((await own.rest('GET', path, { token })).status).toBe(200);
      own.advance(30_001);
      expect((await own.rest('GET', path, { token })).body.error).toBe('invalid_token');
    } finally {
      await own.close();
    }
  });
});

describe('who the session is for', () => {
  test('with the member model, a member is made where the seat has an address alone', async () => {
    const fixture = await usher.addFixture();
    const { seat, token } = await invited(fixture, { email: 'sam@globex.example' });
    await change(seat.id, { memberId: null, email: 'Late@globex.example' });
    const { body } = await claim(token);
    expect(body.seat).toMatchObject({
      customer_id: fixture.ids.customer,
      member_id: body.seat.member.id,
      member: { email: 'Late@globex.example', customer_id: fixture.ids.customer, role: 'member' },
    });
    expect(body.customer_session_token).toMatch(/^usher_mst_/);
  });

  test('without it, a member of the customer who pays is made, and the address kept', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { seat, token } = await invited(fixture, { customer_id: fixture.ids.otherCustomer });
    await change(seat.id, { memberId: null, email: null });
    const { body } = await claim(token);
    expect(body.seat).toMatchObject({
      customer_id: fixture.ids.otherCustomer,
      email: 'initech@initech.example',
      member: { email: 'initech@initech.example', customer_id: fixture.ids.customer },
    });
  });

  test('without it, a holder without an address gets a session of their own', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const where = { id: fixture.ids.otherCustomer };
    await usher.db.customer.updateMany({ where, data: { email: null } });
    const { token } = await invited(fixture, { customer_id: fixture.ids.otherCustomer });
    const { body } = await claim(token);
    expect(body.seat).toMatchObject({ status: 'claimed', member_id: null, email: null });
    expect(body.customer_session_token).toMatch(/^usher_cst_[\w-]{43}$/);
    expect(await viewer(body.customer_session_token)).toMatchObject({
      kind: 'CUSTOMER',
      customer: { id: fixture.ids.otherCustomer },
    });
  });
});

describe('what is refused, in order', () => {
  test('a token that is unknown, used, revoked, renewed or expired, each alike', async () => {
    const fixture = await usher.addFixture();
    const { organization } = fixture.tokens;
    const used = await invited(fixture, { email: 'a@globex.example' });
    await claim(used.token);
    const revoked = await invited(fixture, { email: 'b@globex.example' });
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.seat.id}`, { token: organization });
    const renewed = await invited(fixture, { email: 'c@globex.example' });
    const resend = `/v1/customer-seats/${renewed.seat.id}/resend`;
    await usher.rest('POST', resend, { token: organization });
    const expired = await invited(fixture, { email: 'd@globex.example' });
    await change(expired.seat.id, { invitationTokenExpiresAt: new Date(Date.now() - 1) });
    await switchOff(usher, fixture);
    const tokens = [used, revoked, renewed, expired].map(({ token }) => token);
    for (const token of ['', 'nonsense', '💺', ...tokens]) {
      const { status, text } = await claim(token);
      expect([status, text]).toEqual([400, INVALID]);
    }
    expect(await historyOf(usher, expired.seat.id)).toEqual(['assigned']);
  });

  test('the flag comes before who holds the seat', async () => {
    const fixture = await usher.addFixture();
    const { seat, token } = await invited(fixture, { email: 'sam@globex.example' });
    await change(seat.id, { customerId: null });
    expect((await claim(token)).text).toBe(INVALID);
    await switchOff(usher, fixture);
    const { status, body } = await claim(token);
    expect([status, body.error]).toEqual([403, 'FeatureNotEnabled']);
  });

  test('with the member model, a seat of nobody, or of a customer who is gone', async () => {
    const fixture = await usher.addFixture();
    const { seat, token } = await invited(fixture, { email: 'sam@globex.example' });
    await change(seat.id, { memberId: null, email: null });
    expect((await claim(token)).text).toBe(INVALID);
    await change(seat.id, { email: 'sam@globex.example' });
    const where = { id: fixture.ids.customer };
    await usher.db.customer.updateMany({ where, data: { deletedAt: new Date() } });
    expect((await claim(token)).text).toBe(INVALID);
    expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  });

  test.each([
    ['{}', 'missing', ['body', 'invitation_token']],
    ['{"invitation_token":null}', 'string_type', ['body', 'invitation_token']],
    ['{"invitation_token":7}', 'string_type', ['body', 'invitation_token']],
    ['{"invitation_token":"a\\u0000b"}', 'value_error', ['body', 'invitation_token']],
    ['[]', 'model_attributes_type', ['body']],
    ['null', 'missing', ['body']],
    ['', 'missing', ['body']],
    ['{', 'json_invalid', ['body', 1]],
  ])('a body that is none: %s', async (body, type, loc) => {
    const answer = await usher.rest('POST', '/v1/customer-seats/claim', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatchObject([{ type, loc }]);
  });
});

test('GraphQL claims alike, once', async () => {
  const fixture = await usher.addFixture();
  const { seat, token: invitationToken } = await invited(fixture, { email: 'sam@globex.example' });
  const input = { invitationToken };
  const { data } = await usher.graphql(ClaimSeatDocument, { input });
  const claimed = data?.claimSeat;
  if (claimed?.__typename !== 'ClaimSeatSuccess') throw new Error(claimed?.__typename);
  expect(claimed.seat).toMatchObject({ status: 'CLAIMED', member: { id: seat.member_id } });
  expect(await viewer(claimed.customerSessionToken)).toMatchObject({ kind: 'MEMBER' });
  const lifetime = Date.parse(claimed.expiresAt) - Date.parse(claimed.seat.claimedAt ?? '');
  expect(lifetime).toBe(60 * 60 * 1000);
  const again = await usher.graphql(ClaimSeatDocument, { input });
  expect(again.data?.claimSeat?.__typename).toBe('InvalidInvitationTokenError');
});

test('a person who holds a seat of the pool under another address claims no second one', async () => {
  const fixture = await usher.addFixture();
  // Invited by an address alone, as an import can leave it; the address is that of a member who is seated by another.
  const { seat, token } = await invited(fixture, { email: 'sam@globex.example' });
  await change(seat.id, { memberId: null, email: 'mia@globex.example' });
  const seated = await givenSeat(usher, fixture, { email: 'lee@globex.example' });
  await change(seated.id, { memberId: fixture.ids.member });

  const { status, body } = await usher.rest('POST', '/v1/customer-seats/claim', {
    body: { invitation_token: token },
  });
  expect([status, body.error]).toEqual([400, 'InvalidInvitationToken']);
  expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
});
