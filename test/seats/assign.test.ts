import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World, WorldOptions } from '../support/world.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

/** Assigns as the seller, a seat of the subscription unless the body says otherwise. */
async function assign(world: World, body: Record<string, unknown>, token?: string) {
  const sourced = ['subscription_id', 'order_id', 'checkout_id'].some(key => key in body);
  return await usher.rest('POST', '/v1/customer-seats', {
    token: token ?? world.tokens.organization,
    body: sourced ? body : { subscription_id: world.ids.subscription, ...body },
  });
}

async function events(seatId: string): Promise<string[]> {
  const rows = await usher.db.outboxEvent.findMany({
    where: { seatId },
    orderBy: { sequence: 'asc' },
  });
  return rows.map(({ type }) => type);
}

describe('what a seat looks like', () => {
  test('it has the 15 keys in order, with the member inside', async () => {
    const world = await usher.addWorld();
    const { status, headers, body } = await assign(world, {
      email: 'Sam@GLOBEX.example',
      metadata: { department: 'R&D', nested: { list: [1, null, 'é'] } },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(Object.keys(body)).toEqual([
      'created_at',
      'modified_at',
      'id',
      'subscription_id',
      'order_id',
      'status',
      'customer_id',
      'member_id',
      'member',
      'email',
      'customer_email',
      'invitation_token_expires_at',
      'claimed_at',
      'revoked_at',
      'seat_metadata',
    ]);
    expect(body).toMatchObject({
      modified_at: null,
      subscription_id: world.ids.subscription,
      order_id: null,
      status: 'pending',
      customer_id: world.ids.customer,
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
    expect(await events(body.id)).toEqual(['customer_seat.assigned']);
  });

  test('metadata that was not sent is an empty object', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'sam@globex.example', metadata: null });
    expect(body.seat_metadata).toEqual({});
  });

  test('an immediate claim is claimed, has no invitation, and one event', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'sam@globex.example', immediate_claim: true });
    expect(body).toMatchObject({ status: 'claimed', invitation_token_expires_at: null });
    expect(body.claimed_at).not.toBeNull();
    expect(await events(body.id)).toEqual(['customer_seat.claimed']);
  });

  test('the event keeps the seat as it was, in the form of the REST API', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'sam@globex.example', metadata: { a: 1 } });
    const event = await usher.db.outboxEvent.findFirstOrThrow({ where: { seatId: body.id } });
    expect(event.payload).toEqual(body);
    expect(event.organizationId).toBe(world.ids.organization);
  });

  test('the invitation is stored as a nonce and a hash alone', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'sam@globex.example' });
    const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: body.id } });
    expect(row.invitationNonce).toHaveLength(32);
    expect(row.invitationTokenHash).toHaveLength(32);
  });
});

describe('where the seat comes from', () => {
  test('a subscription, an order, or the checkout of either', async () => {
    const world = await usher.addWorld();
    const { subscription, order, subscriptionCheckout, orderCheckout } = world.ids;
    const sources = [
      [{ subscription_id: subscription }, { subscription_id: subscription, order_id: null }],
      [{ order_id: order }, { subscription_id: null, order_id: order }],
      [{ checkout_id: subscriptionCheckout }, { subscription_id: subscription, order_id: null }],
      [{ checkout_id: orderCheckout }, { subscription_id: null, order_id: order }],
    ] as const;
    for (const [i, [source, expected]] of sources.entries()) {
      const admin = await assign(world, { ...source, email: `a${i}@globex.example` });
      expect(admin.body).toMatchObject(expected);
      const portal = await usher.rest('POST', '/v1/customer-portal/seats', {
        token: world.tokens.customer,
        body: { ...source, email: `p${i}@globex.example` },
      });
      expect(portal.body).toMatchObject(expected);
    }
  });

  test.each([
    ['subscription_id', 'Subscription not found', 'Subscription not found'],
    ['order_id', 'Order not found', 'Order not found'],
    ['checkout_id', 'Checkout not found', 'No subscription or order found for this checkout'],
  ])('an unknown %s is not found', async (key, forAdmin, forPortal) => {
    const world = await usher.addWorld();
    const body = { [key]: randomUUID(), email: 'sam@globex.example' };
    const admin = await assign(world, body);
    expect([admin.status, admin.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forAdmin },
    ]);
    const token = world.tokens.owner;
    const portal = await usher.rest('POST', '/v1/customer-portal/seats', { token, body });
    expect([portal.status, portal.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forPortal },
    ]);
  });

  const refusals: [string, WorldOptions, Record<string, string>, number, string, string][] = [
    [
      'flag off',
      { seatBasedPricingEnabled: false },
      {},
      403,
      'FeatureNotEnabled',
      'Seat-based pricing is not enabled for this organization',
    ],
    [
      'order pending',
      { orderStatus: 'pending' },
      { order: '' },
      400,
      'SeatNotAvailable',
      'Order must be paid before assigning seats',
    ],
  ];
  test.each(refusals)('%s', async (_name, options, which, status, error, detail) => {
    const world = await usher.addWorld(options);
    const source = 'order' in which ? { order_id: world.ids.order } : {};
    const answer = await assign(world, { ...source, email: 'sam@globex.example' });
    expect([answer.status, answer.body]).toEqual([status, { error, detail }]);
  });

  // Decision 7: a pool that has ended gives no seats.
  test.each(['canceled', 'unpaid', 'incomplete', 'incomplete_expired'])(
    'a subscription that is %s gives no seat',
    async subscriptionStatus => {
      const world = await usher.addWorld({ subscriptionStatus });
      const answer = await assign(world, { email: 'sam@globex.example' });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['draft', 'refunded', 'void'])(
    'an order that is %s gives no seat',
    async orderStatus => {
      const world = await usher.addWorld({ orderStatus });
      const answer = await assign(world, {
        order_id: world.ids.order,
        email: 'sam@globex.example',
      });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['trialing', 'active', 'past_due', 'paused'])(
    'a subscription that is %s gives seats',
    async subscriptionStatus => {
      const world = await usher.addWorld({ subscriptionStatus });
      expect((await assign(world, { email: 'sam@globex.example' })).status).toBe(200);
    },
  );

  test('an order without a product gives no seat', async () => {
    const world = await usher.addWorld();
    await usher.db.order.updateMany({ where: { id: world.ids.order }, data: { productId: null } });
    const answer = await assign(world, { order_id: world.ids.order, email: 'sam@globex.example' });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: 'Container has no associated product' },
    ]);
  });

  test('a full pool says so before it looks at who would get the seat', async () => {
    const world = await usher.addWorld({ seats: 1 });
    await assign(world, { email: 'sam@globex.example' });
    const answer = await assign(world, { customer_id: randomUUID() });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: `No available seats for ${world.ids.subscription}` },
    ]);
  });

  test('a subscription that is not sold by the seat has none', async () => {
    const world = await usher.addWorld();
    await usher.db.subscription.updateMany({
      where: { id: world.ids.subscription },
      data: { seats: null },
    });
    const answer = await assign(world, { email: 'sam@globex.example' });
    expect(answer.body.error).toBe('SeatNotAvailable');
  });
});

describe('who gets it, with the member model', () => {
  test('an e-mail address finds the member whatever its case, and keeps theirs', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'MIA@globex.example' });
    expect(body).toMatchObject({ member_id: world.ids.member, email: 'Mia@globex.example' });
  });

  test('an address that is new becomes a member of the customer who pays', async () => {
    const world = await usher.addWorld();
    const { body } = await assign(world, { email: 'new@globex.example' });
    expect(body.member).toMatchObject({
      customer_id: world.ids.customer,
      email: 'new@globex.example',
      role: 'member',
    });
  });

  test('a deleted member is made anew', async () => {
    const world = await usher.addWorld();
    await usher.db.member.updateMany({
      where: { id: world.ids.member },
      data: { deletedAt: new Date() },
    });
    const { body } = await assign(world, { email: 'Mia@globex.example' });
    expect(body.member_id).not.toBe(world.ids.member);
  });

  test('a member id, of this customer alone', async () => {
    const world = await usher.addWorld();
    const own = await assign(world, { member_id: world.ids.member });
    expect(own.body).toMatchObject({ member_id: world.ids.member, email: 'Mia@globex.example' });
    const foreign = await assign(world, { member_id: world.ids.otherMember });
    expect([foreign.status, foreign.body]).toEqual([
      404,
      { error: 'MemberNotFound', detail: `Member not found: ${world.ids.otherMember}` },
    ]);
  });

  test('an external member id', async () => {
    const world = await usher.addWorld();
    const known = await assign(world, { external_member_id: 'usr_mia' });
    expect(known.body.member_id).toBe(world.ids.member);
    const unknown = await assign(world, { external_member_id: 'usr_nobody' });
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { error: 'MemberNotFound', detail: 'Member not found: usr_nobody' },
    ]);
    const mismatch = await assign(world, { external_member_id: 'usr_jane', email: 'x@y.com' });
    expect([mismatch.status, mismatch.body]).toEqual([
      400,
      {
        error: 'MemberEmailMismatch',
        detail:
          "Member with external_member_id 'usr_jane' exists but has a different email than 'x@y.com'",
      },
    ]);
    const agreed = await assign(world, {
      external_member_id: 'usr_jane',
      email: 'JANE@globex.example',
    });
    expect(agreed.body.member_id).toBe(world.ids.owner);
  });

  test('an external member id that is new is linked to the member with the address', async () => {
    const world = await usher.addWorld();
    const linked = await assign(world, {
      external_member_id: 'usr_raj',
      email: 'raj@globex.example',
    });
    expect(linked.body.member).toMatchObject({ id: world.ids.manager, external_id: 'usr_raj' });
    const made = await assign(world, {
      external_member_id: 'usr_new',
      email: 'new@globex.example',
    });
    expect(made.body.member).toMatchObject({ external_id: 'usr_new', email: 'new@globex.example' });
    const taken = await assign(world, {
      external_member_id: 'usr_other',
      email: 'mia@globex.example',
    });
    expect(taken.body.error).toBe('MemberEmailMismatch');
  });

  test('a customer, by their e-mail address', async () => {
    const world = await usher.addWorld();
    for (const body of [
      { customer_id: world.ids.otherCustomer },
      { external_customer_id: 'initech' },
    ]) {
      const target = await usher.addWorld();
      void target;
      const answer = await assign(world, body);
      if ('customer_id' in body) {
        expect(answer.body).toMatchObject({
          customer_id: world.ids.customer,
          email: 'initech@initech.example',
        });
      } else {
        expect(answer.body).toEqual({
          error: 'SeatAlreadyAssigned',
          detail: 'Seat already assigned to customer initech@initech.example',
        });
      }
    }
  });

  test('a customer who is unknown or has no address', async () => {
    const world = await usher.addWorld();
    const unknown = await assign(world, { external_customer_id: 'nobody' });
    expect([unknown.status, unknown.body]).toEqual([
      400,
      {
        error: 'InvalidSeatAssignmentRequest',
        detail: 'Customer not found for the provided customer_id or external_customer_id.',
      },
    ]);
    await usher.db.customer.updateMany({
      where: { id: world.ids.otherCustomer },
      data: { email: null },
    });
    const detail =
      'At least one of email, external_member_id, or member_id must be provided when member_model_enabled is true.';
    for (const body of [{ customer_id: world.ids.otherCustomer }, { external_customer_id: '' }]) {
      const answer = await assign(world, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: 'InvalidSeatAssignmentRequest', detail },
      ]);
    }
  });

  test('nobody gets two seats of one pool, by whatever name', async () => {
    const world = await usher.addWorld();
    await assign(world, { email: 'Mia@globex.example' });
    for (const body of [
      { email: 'mia@GLOBEX.example' },
      { member_id: world.ids.member },
      { external_member_id: 'usr_mia' },
    ]) {
      const answer = await assign(world, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        {
          error: 'SeatAlreadyAssigned',
          detail: 'Seat already assigned to customer Mia@globex.example',
        },
      ]);
    }
    expect(
      (await assign(world, { order_id: world.ids.order, email: 'mia@globex.example' })).status,
    ).toBe(200);
  });
});

describe('who gets it, without the member model', () => {
  test('an address that is new becomes a customer, and a member of the one who pays', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false });
    const { body } = await assign(world, { email: 'new@elsewhere.example' });
    const holder = await usher.db.customer.findFirstOrThrow({
      where: { organizationId: world.ids.organization, email: 'new@elsewhere.example' },
    });
    expect(body).toMatchObject({ customer_id: holder.id, email: 'new@elsewhere.example' });
    expect(body.member).toMatchObject({ customer_id: world.ids.customer });
  });

  test('a known customer, by address, id or external id', async () => {
    for (const name of ['email', 'customer_id', 'external_customer_id']) {
      const world = await usher.addWorld({ memberModelEnabled: false });
      const values: Record<string, string> = {
        email: 'INITECH@initech.example',
        customer_id: world.ids.otherCustomer,
        external_customer_id: 'initech',
      };
      const body = { [name]: values[name] };
      expect((await assign(world, body)).body).toMatchObject({
        customer_id: world.ids.otherCustomer,
        email: 'initech@initech.example',
      });
      expect((await assign(world, body)).body).toEqual({
        error: 'SeatAlreadyAssigned',
        detail: `Seat already assigned to customer ${values[name]}`,
      });
    }
  });

  test('an unknown customer is not found', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false });
    const id = randomUUID();
    for (const [body, named] of [
      [{ customer_id: id }, id],
      [{ external_customer_id: 'nobody' }, 'nobody'],
      [{ external_customer_id: '' }, 'None'],
    ] as const) {
      const answer = await assign(world, body);
      expect([answer.status, answer.body]).toEqual([
        404,
        { error: 'CustomerNotFound', detail: `Customer not found: ${named}` },
      ]);
    }
  });

  test('a customer without an address holds a seat without a member, and only one', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false });
    await usher.db.customer.updateMany({
      where: { id: world.ids.otherCustomer },
      data: { email: null },
    });
    const { body } = await assign(world, { external_customer_id: 'initech' });
    expect(body).toMatchObject({
      member_id: null,
      member: null,
      email: null,
      customer_email: null,
    });
    expect((await assign(world, { external_customer_id: 'initech' })).body.error).toBe(
      'SeatAlreadyAssigned',
    );
  });

  // Decision 2: member ids need the member model, and say so after the pool was found to have room.
  test('member ids are refused', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false, seats: 1 });
    const detail =
      'external_member_id and member_id are only supported when member_model_enabled is true.';
    for (const body of [{ member_id: world.ids.member }, { external_member_id: 'usr_mia' }]) {
      const answer = await assign(world, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: 'InvalidSeatAssignmentRequest', detail },
      ]);
    }
    await assign(world, { email: 'sam@globex.example' });
    expect((await assign(world, { member_id: world.ids.member })).body.error).toBe(
      'SeatNotAvailable',
    );
  });

  test('an empty external member id counts for nothing', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false });
    const alone = await assign(world, { external_member_id: '' });
    expect(alone.body).toEqual({
      error: 'InvalidSeatAssignmentRequest',
      detail: 'Exactly one of email, external_customer_id, or customer_id must be provided',
    });
    const { status } = await assign(world, { external_member_id: '', email: 'sam@globex.example' });
    expect(status).toBe(200);
  });
});

// Decision 8: the oldest revoked row is given again first.
test('revoked rows are given again, the oldest first, and keep their id and birth', async () => {
  const world = await usher.addWorld({ seats: 2 });
  const first = (await assign(world, { email: 'a@globex.example', metadata: { old: 1 } })).body;
  const second = (await assign(world, { email: 'b@globex.example' })).body;
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
  const again = (await assign(world, { email: 'c@globex.example' })).body;
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
  expect((await assign(world, { email: 'd@globex.example' })).body.id).toBe(second.id);
  expect((await assign(world, { email: 'e@globex.example' })).body.error).toBe('SeatNotAvailable');
});

test('a refused assign writes nothing at all', async () => {
  const world = await usher.addWorld({ seats: 1 });
  await assign(world, { email: 'a@globex.example' });
  const where = { organizationId: world.ids.organization };
  const count = async () => [
    await usher.db.customerSeat.count({ where }),
    await usher.db.member.count({ where }),
    await usher.db.customer.count({ where }),
    await usher.db.outboxEvent.count({ where }),
  ];
  const before = await count();
  await assign(world, { email: 'b@globex.example' });
  await assign(world, {
    order_id: world.ids.order,
    external_member_id: 'usr_x',
    email: 'mia@globex.example',
  });
  expect(await count()).toEqual(before);
});
