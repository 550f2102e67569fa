import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { SeatClaimInfoDocument } from '../support/operations/graphql.ts';
import { givenSeat, historyOf, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function info(invitationToken: string, token?: string) {
  return await usher.rest('GET', `/v1/customer-seats/claim/${invitationToken}`, { token });
}

async function invited(fixture: Fixture, body: Record<string, unknown>) {
  const seat = await givenSeat(usher, fixture, body);
  return { id: seat.id, token: await tokenOf(usher, seat.id) };
}

const INVALID = '{"error":"ResourceNotFound","detail":"Invalid or expired invitation token"}';

describe('what an invitation is for', () => {
  test.each([true, false])('in six keys (member model: %s)', async memberModelEnabled => {
    const fixture = await usher.addFixture({ memberModelEnabled });
    const { token } = await invited(fixture, { email: 'Sam@globex.example' });
    const { status, headers, text } = await info(token);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(text).toBe(
      JSON.stringify({
        product_name: 'Team Pro',
        product_id: fixture.ids.product,
        organization_name: 'Acme',
        organization_slug: fixture.slug,
        customer_email: 'Sam@globex.example',
        can_claim: true,
      }),
    );
  });

  test('is told with or without a bearer token, and of an order too', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, {
      order_id: fixture.ids.order,
      email: 'sam@globex.example',
    });
    const bare = await info(token);
    expect(bare.body.product_id).toBe(fixture.ids.product);
    expect((await info(token, fixture.tokens.otherCustomer)).text).toBe(bare.text);
    const encoded = [...token].map(c => `%${c.charCodeAt(0).toString(16)}`).join('');
    expect((await info(encoded)).text).toBe(bare.text);
  });

  test('changes nothing, however often it is asked', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const row = async () => await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const before = await row();
    await info(token);
    await info(token);
    expect(await row()).toEqual(before);
    expect(await historyOf(usher, id)).toEqual(['assigned']);
    const body = { invitation_token: token };
    expect((await usher.rest('POST', '/v1/customer-seats/claim', { body })).status).toBe(200);
  });

  test('names the invitee by the seat, else the member, else the customer, else not at all', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { id, token } = await invited(fixture, { customer_id: fixture.ids.otherCustomer });
    const email = async () => (await info(token)).body.customer_email;
    const where = { id };
    await usher.db.customerSeat.updateMany({ where, data: { email: 'seat@globex.example' } });
    expect(await email()).toBe('seat@globex.example');
    const { otherMember: memberId } = fixture.ids;
    await usher.db.customerSeat.updateMany({ where, data: { email: null, memberId } });
    expect(await email()).toBe('bill@initech.example');
    await usher.db.customerSeat.updateMany({ where, data: { memberId: null } });
    expect(await email()).toBe('initech@initech.example');
    const customer = { id: fixture.ids.otherCustomer };
    await usher.db.customer.updateMany({ where: customer, data: { email: null } });
    expect(await email()).toBe('');
  });
});

describe('an invitation that is no good is not found, and does not say why', () => {
  test('unknown, empty of sense, used, revoked, renewed, expired', async () => {
    const fixture = await usher.addFixture({ seats: 5 });
    const { organization } = fixture.tokens;
    const used = await invited(fixture, { email: 'a@globex.example' });
    await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: used.token },
    });
    const revoked = await invited(fixture, { email: 'b@globex.example' });
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, { token: organization });
    const renewed = await invited(fixture, { email: 'c@globex.example' });
    const resend = `/v1/customer-seats/${renewed.id}/resend`;
    await usher.rest('POST', resend, { token: organization });
    const expired = await invited(fixture, { email: 'd@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id: expired.id },
      data: { invitationTokenExpiresAt: new Date(Date.now() - 1) },
    });
    for (const token of [
      'nonsense',
      '%20',
      '%F0%9F%92%BA',
      used.token,
      revoked.token,
      renewed.token,
      expired.token,
    ]) {
      const { status, text } = await info(token);
      expect([status, text]).toEqual([404, INVALID]);
    }
  });

  test('after a day, and not before', async () => {
    const own = await startUsher();
    try {
      const fixture = await own.addFixture();
      const seat = await givenSeat(own, fixture, { email: 'sam@globex.example' });
      const path = `/v1/customer-seats/claim/${await tokenOf(own, seat.id)}`;
      own.advance(24 * 60 * 60 * 1000 - 60_000);
      expect((await own.rest('GET', path)).status).toBe(200);
      own.advance(60_001);
      expect((await own.rest('GET', path)).text).toBe(INVALID);
    } finally {
      await own.close();
    }
  });

  test('one without a date never expires', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id },
      data: { invitationTokenExpiresAt: null },
    });
    expect((await info(token)).status).toBe(200);
  });

  test('with a slash in it, it is another path', async () => {
    const { status, text } = await info('a%2Fb');
    expect([status, text]).toEqual([404, '{"detail":"Not Found"}']);
  });
});

describe('what is checked after the invitation, in order', () => {
  test('the flag', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const where = { id: fixture.ids.organization };
    await usher.db.organization.update({ where, data: { status: 'blocked' } });
    await switchOff(usher, fixture);
    const { status, text } = await info(token);
    expect(status).toBe(403);
    expect(text).toBe(
      '{"error":"FeatureNotEnabled","detail":"Seat-based pricing is not enabled for this organization"}',
    );
    await usher.db.customerSeat.updateMany({
      where: { id },
      data: { invitationTokenExpiresAt: new Date(0) },
    });
    expect((await info(token)).text).toBe(INVALID);
  });

  test('that the organization is not blocked, then that there is a product', async () => {
    const fixture = await usher.addFixture();
    const { order, organization } = fixture.ids;
    const { token } = await invited(fixture, { order_id: order, email: 'sam@globex.example' });
    const block = async (status: 'active' | 'blocked') =>
      await usher.db.organization.update({ where: { id: organization }, data: { status } });
    await usher.db.order.updateMany({ where: { id: order }, data: { productId: null } });
    await block('blocked');
    const blocked = await info(token);
    expect(blocked.status).toBe(404);
    expect(blocked.text).toBe('{"error":"ResourceNotFound","detail":"Organization not found"}');
    await block('active');
    const { status, text } = await info(token);
    expect(status).toBe(404);
    expect(text).toBe('{"error":"ResourceNotFound","detail":"Seat has no subscription or order"}');
  });
});

test('GraphQL tells the same, and null of one that is no good', async () => {
  const fixture = await usher.addFixture();
  const { token } = await invited(fixture, { email: 'sam@globex.example' });
  const ask = async (invitationToken: string) =>
    await usher.graphql(SeatClaimInfoDocument, { invitationToken });
  expect((await ask(token)).data?.seatClaimInfo).toEqual({
    productName: 'Team Pro',
    productId: fixture.ids.product,
    organizationName: 'Acme',
    organizationSlug: fixture.slug,
    customerEmail: 'sam@globex.example',
    canClaim: true,
  });
  const unknown = await ask('nonsense');
  expect([unknown.status, unknown.data, unknown.errors]).toEqual([
    200,
    { seatClaimInfo: null },
    undefined,
  ]);
  await switchOff(usher, fixture);
  const { data, errors } = await ask(token);
  expect(data).toEqual({ seatClaimInfo: null });
  expect(errors?.[0]?.extensions?.code).toBe('FEATURE_NOT_ENABLED');
});
