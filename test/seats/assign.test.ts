import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assign, historyOf, SEAT_KEYS } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('what a seat looks like', () => {
  test('it has the 15 keys in order, with the member inside', async () => {
    const fixture = await usher.addFixture();
    const { status, headers, body } = await assign(usher, fixture, {
      email: 'Sam@GLOBEX.example',
      metadata: { department: 'R&D', nested: { list: [1, null, 'é'] } },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(Object.keys(body)).toEqual(SEAT_KEYS);
    expect(body).toMatchObject({
      modified_at: null,
      subscription_id: fixture.ids.subscription,
      order_id: null,
      status: 'pending',
      customer_id: fixture.ids.customer,
      email: 'Sam@globex.example',
      customer_email: 'Sam@globex.example',
      claimed_at: null,
      revoked_at: null,
      seat_metadata: { department: 'R&D', nested: { list: [1, null, 'é'] } },
    });
    expect(Object.keys(body.member)).toEqual([
      'id',
      'created_at',
      'modified_at',
      'customer_id',
      'email',
      'name',
      'external_id',
      'role',
    ]);
    expect(body.member).toMatchObject({ id: body.member_id, role: 'member' });
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/);
    const lifetime = Date.parse(body.invitation_token_expires_at) - Date.parse(body.created_at);
    expect(lifetime).toBe(24 * 60 * 60 * 1000);
    expect(await historyOf(usher, body.id)).toEqual(['assigned']);
  });

  test('metadata that was not sent is an empty object', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, { email: 'sam@globex.example', metadata: null });
    expect(body.seat_metadata).toEqual({});
  });

  test('an immediate claim is claimed, has no invitation, and one event', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, {
      email: 'sam@globex.example',
      immediate_claim: true,
    });
    expect(body).toMatchObject({ status: 'claimed', invitation_token_expires_at: null });
    expect(body.claimed_at).not.toBeNull();
    expect(await historyOf(usher, body.id)).toEqual(['claimed']);
  });

  test('the event keeps the seat as it was, in the form of the REST API', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, {
      email: 'sam@globex.example',
      metadata: { a: 1 },
    });
    const event = await usher.db.outboxEvent.findFirstOrThrow({ where: { seatId: body.id } });
    expect(event.payload).toEqual(body);
    expect(event.organizationId).toBe(fixture.ids.organization);
  });

  test('the invitation is stored as a nonce and a hash alone', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, { email: 'sam@globex.example' });
    const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: body.id } });
    expect(row.invitationNonce).toHaveLength(32);
    expect(row.invitationTokenHash).toHaveLength(32);
  });
});

// Decision 8: the oldest revoked row is given again first.
test('revoked rows are given again, the oldest first, and keep their id and birth', async () => {
  const fixture = await usher.addFixture({ seats: 2 });
  const first = (await assign(usher, fixture, { email: 'a@globex.example', metadata: { old: 1 } }))
    .body;
  const second = (await assign(usher, fixture, { email: 'b@globex.example' })).body;
  await usher.db.customerSeat.updateMany({
    where: { id: { in: [first.id, second.id] } },
    data: {
      status: 'revoked',
      revokedAt: new Date(),
      customerId: null,
      memberId: null,
      email: null,
    },
  });
  const again = (await assign(usher, fixture, { email: 'c@globex.example' })).body;
  expect(again).toMatchObject({
    id: first.id,
    created_at: first.created_at,
    status: 'pending',
    revoked_at: null,
    claimed_at: null,
    email: 'c@globex.example',
    seat_metadata: {},
  });
  expect(again.modified_at).not.toBeNull();
  expect((await assign(usher, fixture, { email: 'd@globex.example' })).body.id).toBe(second.id);
  expect((await assign(usher, fixture, { email: 'e@globex.example' })).body.error).toBe(
    'SeatNotAvailable',
  );
});

test('a refused assign writes nothing at all', async () => {
  const fixture = await usher.addFixture({ seats: 1 });
  await assign(usher, fixture, { email: 'a@globex.example' });
  const where = { organizationId: fixture.ids.organization };
  const count = async () => [
    await usher.db.customerSeat.count({ where }),
    await usher.db.member.count({ where }),
    await usher.db.customer.count({ where }),
    await usher.db.outboxEvent.count({ where }),
  ];
  const before = await count();
  await assign(usher, fixture, { email: 'b@globex.example' });
  await assign(usher, fixture, {
    order_id: fixture.ids.order,
    external_member_id: 'usr_x',
    email: 'mia@globex.example',
  });
  expect(await count()).toEqual(before);
});
