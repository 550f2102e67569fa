import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { SubscriptionSeatsDocument } from '../support/operations/graphql.ts';
import { addToken, givenSeat, SEAT_KEYS, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const ADMIN = '/v1/customer-seats';
const PORTAL = '/v1/customer-portal/seats';

/** Lists as the seller. */
async function list(fixture: Fixture, query: string, token = fixture.tokens.organization) {
  return await usher.rest('GET', `${ADMIN}?${query}`, { token });
}

describe('the list of a pool', () => {
  test('has every seat, revoked ones too, and how many are free and in all', async () => {
    const fixture = await usher.addFixture({ seats: 5 });
    const pending = await givenSeat(usher, fixture, { email: 'a@globex.example' });
    const claimed = await givenSeat(usher, fixture, {
      email: 'b@globex.example',
      immediate_claim: true,
    });
    const taken = await givenSeat(usher, fixture, { email: 'c@globex.example' });
    await usher.rest('DELETE', `${ADMIN}/${taken.id}`, { token: fixture.tokens.organization });

    const { status, headers, body } = await list(
      fixture,
      `subscription_id=${fixture.ids.subscription}`,
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(Object.keys(body)).toEqual(['seats', 'available_seats', 'total_seats']);
    expect(body).toMatchObject({ available_seats: 3, total_seats: 5 });
    expect(body.seats.slice(0, 2)).toEqual([pending, claimed]);
    expect(Object.keys(body.seats[2])).toEqual(SEAT_KEYS);
    expect(body.seats[2]).toMatchObject({
      id: taken.id,
      status: 'revoked',
      customer_id: null,
      member_id: null,
      member: null,
      email: null,
      customer_email: null,
    });
  });

  test('is that of an order alone, though one customer has both', async () => {
    const fixture = await usher.addFixture({ seats: 2 });
    const { subscription, order } = fixture.ids;
    await givenSeat(usher, fixture, { email: 'a@globex.example' });
    const seat = await givenSeat(usher, fixture, { order_id: order, email: 'a@globex.example' });
    expect((await list(fixture, `order_id=${order}`)).body).toEqual({
      seats: [seat],
      available_seats: 1,
      total_seats: 2,
    });
    // The subscription wins silently where both are named.
    const both = await list(fixture, `order_id=${order}&subscription_id=${subscription}`);
    expect(both.body.seats).toMatchObject([{ subscription_id: subscription }]);
  });

  test('is the same to billingCustomer and seller, and on GraphQL', async () => {
    const fixture = await usher.addFixture({ seats: 3 });
    for (const email of ['a@globex.example', 'b@globex.example']) {
      await givenSeat(usher, fixture, { email });
    }
    const query = `subscription_id=${fixture.ids.subscription}`;
    const { text, body } = await list(fixture, query);
    const portal = await usher.rest('GET', `${PORTAL}?${query}`, { token: fixture.tokens.owner });
    expect(portal.text).toBe(text);
    const { data } = await usher.graphql(
      SubscriptionSeatsDocument,
      { id: fixture.ids.subscription },
      fixture.tokens.owner,
    );
    expect(data?.customerSubscription).toMatchObject({
      totalSeats: 3,
      availableSeats: 1,
      pendingSeats: 2,
      claimedSeats: 0,
      seats: { nodes: body.seats.map(({ id }: { id: string }) => ({ id, status: 'PENDING' })) },
    });
  });

  // Decision 8: seats are listed by created_at, and by id where that is the same.
  test('is ordered by birth, then by id', async () => {
    const fixture = await usher.addFixture({ seats: 6 });
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) {
      ids.push((await givenSeat(usher, fixture, { email: `${i}@globex.example` })).id);
    }
    const [oldest = '', ...rest] = ids.toReversed();
    const createdAt = new Date('2026-01-02T03:04:05Z');
    await usher.db.customerSeat.updateMany({
      where: { id: { in: rest } },
      data: { createdAt },
    });
    await usher.db.customerSeat.updateMany({
      where: { id: oldest },
      data: { createdAt: new Date(createdAt.getTime() - 1) },
    });
    const { body } = await list(fixture, `subscription_id=${fixture.ids.subscription}`);
    expect(body.seats.map(({ id }: { id: string }) => id)).toEqual([oldest, ...rest.toSorted()]);
    expect(body.seats[1].created_at).toBe('2026-01-02T03:04:05Z');
  });

  test('counts an invitation that has run out', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    const seat = await givenSeat(usher, fixture, { email: 'a@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id: seat.id },
      data: { invitationTokenExpiresAt: new Date(0) },
    });
    const { body } = await list(fixture, `subscription_id=${fixture.ids.subscription}`);
    expect(body).toMatchObject({ available_seats: 0, total_seats: 1 });
  });

  test('of what is not sold by the seat is empty', async () => {
    const fixture = await usher.addFixture();
    const where = { id: fixture.ids.subscription };
    await usher.db.subscription.updateMany({ where, data: { seats: null } });
    const { body } = await list(fixture, `subscription_id=${fixture.ids.subscription}`);
    expect(body).toEqual({ seats: [], available_seats: 0, total_seats: 0 });
  });
});

describe('who may list', () => {
  test('every session of the customer, whatever its role', async () => {
    const fixture = await usher.addFixture();
    const path = `${PORTAL}?order_id=${fixture.ids.order}`;
    for (const name of ['customer', 'owner', 'manager', 'member'] as const) {
      expect((await usher.rest('GET', path, { token: fixture.tokens[name] })).status).toBe(200);
    }
  });

  // Decision 10: either scope lists.
  test.each(['customer_seats:read', 'customer_seats:write'])('a token with %s', async scope => {
    const fixture = await usher.addFixture();
    const token = await addToken(usher, fixture, [scope]);
    const { status } = await list(fixture, `order_id=${fixture.ids.order}`, token);
    expect(status).toBe(200);
  });
});

describe('what is asked comes before what there is, and that before what is switched on', () => {
  test('neither pool is a bad request', async () => {
    const fixture = await usher.addFixture();
    await switchOff(usher, fixture);
    const { status, text } = await list(fixture, '');
    expect(status).toBe(400);
    expect(text).toBe(
      '{"error":"BadRequest","detail":"Either subscription_id or order_id must be provided"}',
    );
  });

  test('a malformed id is refused even beside a good one, and an empty one is malformed', async () => {
    const fixture = await usher.addFixture();
    for (const order of ['x', '', 'a0000000-0000-1000-8000-000000000000']) {
      const query = `subscription_id=${fixture.ids.subscription}&order_id=${order}`;
      const { status, body } = await list(fixture, query);
      expect(status).toBe(422);
      expect(body.detail[0].loc).toEqual(['query', 'order_id']);
    }
  });

  test('a pool that is unknown, deleted, or of a stranger is not found, though the flag is off', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    await switchOff(usher, fixture);
    const where = { id: fixture.ids.order };
    await usher.db.order.updateMany({ where, data: { deletedAt: new Date() } });
    const notFound = (name: string) => `{"error":"ResourceNotFound","detail":"${name} not found"}`;
    for (const [query, name] of [
      [`subscription_id=${randomUUID()}`, 'Subscription'],
      [`subscription_id=${stranger.ids.subscription}`, 'Subscription'],
      [`order_id=${fixture.ids.order}`, 'Order'],
      [`order_id=${stranger.ids.order}`, 'Order'],
    ] as const) {
      for (const [path, token] of [
        [ADMIN, fixture.tokens.organization],
        [PORTAL, fixture.tokens.owner],
        [PORTAL, fixture.tokens.otherCustomer],
      ] as const) {
        const { status, text } = await usher.rest('GET', `${path}?${query}`, { token });
        expect([status, text]).toEqual([404, notFound(name)]);
      }
    }
  });

  test('an organization that does not sell by the seat lists nothing', async () => {
    const fixture = await usher.addFixture({ seatBasedPricingEnabled: false });
    const query = `subscription_id=${fixture.ids.subscription}`;
    for (const [path, token] of [
      [ADMIN, fixture.tokens.organization],
      [PORTAL, fixture.tokens.owner],
    ] as const) {
      const { status, text } = await usher.rest('GET', `${path}?${query}`, { token });
      expect(status).toBe(403);
      expect(text).toBe(
        '{"error":"FeatureNotEnabled","detail":"Seat-based pricing is not enabled for this organization"}',
      );
    }
  });
});
