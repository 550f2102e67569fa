import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prisma } from '../../src/db/client.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { inParallel } from '../support/parallel.ts';
import { eventsOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

// A verb that does its work in one or two statements has to answer, and to leave behind, what the transaction does that
// it stands for. Each case is done in two worlds alike, in the second of which there is only the long way.

let quick: TestUsher;
let slow: TestUsher;
beforeAll(async () => {
  quick = await startUsher();
  slow = await startUsher({ onlyLongWays: true });
});
afterAll(async () => {
  await quick.close();
  await slow.close();
});

type Step = (usher: TestUsher, world: World) => Promise<unknown>;

/** What a case leaves behind, in both worlds: its answers, the rows and the events, with their ids and times made alike. */
async function expectSame(steps: Step, options: Parameters<TestUsher['addWorld']>[0] = {}) {
  const [one, other] = [await trace(quick, steps, options), await trace(slow, steps, options)];
  expect(one).toEqual(other);
  return one;
}

async function trace(
  usher: TestUsher,
  steps: Step,
  options: Parameters<TestUsher['addWorld']>[0],
): Promise<unknown> {
  const world = await usher.addWorld(options);
  const { organization: organizationId } = world.ids;
  const answers = await steps(usher, world);
  const seats = await usher.db.customerSeat.findMany({
    where: { organizationId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const events = await Promise.all(seats.map(({ id }) => eventsOf(usher, id)));
  const members = await usher.db.member.findMany({
    where: { organizationId },
    orderBy: [{ email: 'asc' }],
  });
  const customers = await usher.db.customer.findMany({
    where: { organizationId },
    orderBy: [{ externalId: 'asc' }, { email: 'asc' }],
  });
  await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  await checkPool(usher, { kind: 'order', id: world.ids.order });
  const names = new Map<string, string>(Object.entries(world.ids).map(([name, id]) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? 'somebody';
  const memberSessions = await usher.db.memberSession.findMany({ where: { organizationId } });
  const customerSessions = await usher.db.customerSession.findMany({ where: { organizationId } });
  const holders = [
    ...memberSessions.map(of => `${nameOf(of.customerId)} ${nameOf(of.memberId)}`),
    ...customerSessions.map(of => nameOf(of.customerId)),
  ].toSorted();
  return alike({ answers, seats, events, members, customers, holders }, names);
}

type Change = (usher: TestUsher, world: World) => Promise<unknown>;

const GONE = { deletedAt: new Date() };

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Ids that the world does not know get numbers, in the order in which they appear; times only say that they are one. */
function alike(value: unknown, names: Map<string, string>): unknown {
  const bytes = (_key: string, part: unknown) =>
    part instanceof Uint8Array
      ? `${part.length} bytes`
      : typeof part === 'bigint'
        ? 'a number'
        : part;
  const text = JSON.stringify(value, bytes, 1)
    .replace(UUID, id => {
      if (!names.has(id)) names.set(id, `#${names.size}`);
      return names.get(id) ?? '';
    })
    .replace(TIME, 'a time')
    .replace(/acme-[\w-]+/g, 'acme')
    .replace(/usher_[cm]st_[\w-]+/g, 'a token');
  return JSON.parse(text);
}

/** A REST call, with what it answers: status and body. */
const call =
  (method: string, path: string, body?: object, token: keyof World['tokens'] = 'organization') =>
  async (usher: TestUsher, world: World) => {
    const isPortal = token === 'customer' || token === 'owner' || token === 'manager';
    const base = isPortal ? '/v1/customer-portal/seats' : '/v1/customer-seats';
    const answer = await usher.rest(method, base + path, { token: world.tokens[token], body });
    return { status: answer.status, body: answer.body };
  };

const assign = (
  usher: TestUsher,
  world: World,
  facts: object = {},
  token?: keyof World['tokens'],
) => call('POST', '', { subscription_id: world.ids.subscription, ...facts }, token)(usher, world);

describe('assigning leaves behind what the long way does', () => {
  test.each<[string, (world: World) => object]>([
    ['a stranger', () => ({ email: 'Sam@Globex.example' })],
    ['a member by address, in another case', () => ({ email: 'MIA@globex.example' })],
    ['a member by id', ({ ids }) => ({ member_id: ids.member })],
    ['a member of another customer', ({ ids }) => ({ member_id: ids.otherMember })],
    ['nobody', () => ({ member_id: randomUUID() })],
    ['at once', () => ({ email: 'sam@globex.example', immediate_claim: true })],
    ['with metadata', () => ({ email: 'sam@globex.example', metadata: { b: [1], a: 'ü' } })],
    [
      'of an order',
      ({ ids }) => ({ subscription_id: null, order_id: ids.order, email: 'sam@globex.example' }),
    ],
    [
      'of a checkout',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.subscriptionCheckout,
        email: 'sam@globex.example',
      }),
    ],
    ['of no subscription', () => ({ subscription_id: randomUUID(), email: 'sam@globex.example' })],
    ['by an external member id', () => ({ external_member_id: 'usr_mia' })],
    [
      'by a new external member id',
      () => ({ external_member_id: 'usr_sam', email: 'sam@globex.example' }),
    ],
    [
      'by an external member id, with their address',
      () => ({ external_member_id: 'usr_jane', email: 'JANE@globex.example' }),
    ],
    [
      'by an external member id, with another address',
      () => ({ external_member_id: 'usr_jane', email: 'mia@globex.example' }),
    ],
    [
      'by a new external member id, a member who has none',
      () => ({ external_member_id: 'usr_raj', email: 'raj@globex.example' }),
    ],
    [
      'by a new external member id, a member who has another',
      () => ({ external_member_id: 'usr_new', email: 'mia@globex.example' }),
    ],
    ['by an unknown external member id', () => ({ external_member_id: 'usr_nobody' })],
    ['by customer', ({ ids }) => ({ customer_id: ids.customer })],
    ['by another customer', ({ ids }) => ({ customer_id: ids.otherCustomer })],
    ['by external customer id', () => ({ external_customer_id: 'initech' })],
    ['by an empty external customer id', () => ({ external_customer_id: '' })],
    ['by no customer', () => ({ customer_id: randomUUID() })],
    [
      'of the checkout of an order, by external customer id, at once',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.orderCheckout,
        external_customer_id: 'globex',
        immediate_claim: true,
      }),
    ],
    [
      'of no checkout',
      () => ({ subscription_id: null, checkout_id: randomUUID(), email: 'sam@globex.example' }),
    ],
  ])('%s, and the same once more', async (_name, facts) => {
    await expectSame(async (usher, world) => [
      await assign(usher, world, facts(world)),
      await assign(usher, world, facts(world)),
    ]);
  });

  test.each(['organization', 'personal', 'customer', 'owner', 'manager', 'reader'] as const)(
    'for a token of the kind %s',
    async token => {
      await expectSame(async (usher, world) => {
        const checkout_id = world.ids.orderCheckout;
        const ofNone = { subscription_id: null, checkout_id: randomUUID() };
        return [
          await assign(usher, world, { email: 'sam@globex.example' }, token),
          await assign(usher, world, { email: 'mia@globex.example' }, token),
          await assign(usher, world, { external_member_id: 'usr_jane' }, token),
          await assign(
            usher,
            world,
            { subscription_id: null, checkout_id, external_member_id: 'usr_jane' },
            token,
          ),
          await assign(usher, world, { ...ofNone, external_member_id: 'usr_jane' }, token),
        ];
      });
    },
  );

  test.each<[string, (world: World) => object]>([
    ['a stranger', () => ({ email: 'Sam@Globex.example' })],
    ['a customer by address', () => ({ email: 'INITECH@initech.example' })],
    ['a customer', ({ ids }) => ({ customer_id: ids.otherCustomer })],
    ['the customer who pays', ({ ids }) => ({ customer_id: ids.customer, metadata: { a: 1 } })],
    ['a customer by external id', () => ({ external_customer_id: 'initech' })],
    ['no customer', ({ ids }) => ({ customer_id: ids.order })],
    ['an empty external id', () => ({ external_customer_id: '' })],
    ['a member', ({ ids }) => ({ member_id: ids.member })],
    ['a member by external id', () => ({ external_member_id: 'usr_mia' })],
    ['an empty external id beside an address', () => ({ external_member_id: '', email: 'a@b.co' })],
    [
      'of a checkout, at once',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.orderCheckout,
        customer_id: ids.otherCustomer,
        immediate_claim: true,
      }),
    ],
  ])(
    'without the member model: %s, and the same once more, and again once it is revoked',
    async (_name, facts) => {
      await expectSame(
        async (usher, world) => {
          const given = await assign(usher, world, facts(world));
          return [
            given,
            await assign(usher, world, facts(world)),
            await call('DELETE', `/${given.body.id ?? randomUUID()}`)(usher, world),
            await assign(usher, world, facts(world)),
          ];
        },
        { memberModelEnabled: false },
      );
    },
  );

  test('without the member model: a customer without an address, and one who has got another', async () => {
    await expectSame(
      async (usher, world) => {
        const { otherCustomer: id } = world.ids;
        const change = (email: string | null) =>
          usher.db.customer.updateMany({ where: { id }, data: { email } });
        const answers = [];
        for (const email of [null, 'new@initech.example']) {
          await change(email);
          answers.push(await assign(usher, world, { customer_id: id }));
        }
        return answers;
      },
      { memberModelEnabled: false },
    );
  });

  test('to somebody who has a seat, by an external member id that nobody has', async () => {
    await expectSame(async (usher, world) => [
      await assign(usher, world, { email: 'mia@globex.example' }),
      await assign(usher, world, { email: 'raj@globex.example' }),
      await assign(usher, world, { email: 'MIA@globex.example', external_member_id: 'usr_new' }),
      await assign(usher, world, { email: 'RAJ@globex.example', external_member_id: 'usr_new' }),
    ]);
  });

  test('without the member model: a customer whose address has blanks around it', async () => {
    await expectSame(
      async (usher, world) => {
        const { otherCustomer: id } = world.ids;
        const data = { email: '\tinitech@initech.example ' };
        await usher.db.customer.updateMany({ where: { id }, data });
        return [await assign(usher, world, { customer_id: id })];
      },
      { memberModelEnabled: false },
    );
  });

  test.each(['external_member_id', 'customer_id'] as const)(
    'a revoked seat, for somebody by %s',
    async name => {
      await expectSame(async (usher, world) => {
        const { body } = await assign(usher, world, { email: 'sam@globex.example' });
        const identifier = { external_member_id: 'usr_jane', customer_id: world.ids.customer };
        return [
          await call('DELETE', `/${body.id}`)(usher, world),
          await assign(usher, world, { [name]: identifier[name], metadata: { again: true } }),
        ];
      });
    },
  );

  test.each([
    { subscriptionStatus: 'canceled' },
    { seatBasedPricingEnabled: false },
    { seats: 1 },
    { status: 'blocked' },
  ] as const)('to somebody who has to be looked up, in a world with %o', async options => {
    await expectSame(
      async (usher, world) => [
        await assign(usher, world, { external_member_id: 'usr_jane' }),
        await assign(usher, world, { customer_id: world.ids.otherCustomer }),
      ],
      options,
    );
  });

  test.each([
    { subscriptionStatus: 'canceled' },
    { subscriptionStatus: 'past_due' },
    { memberModelEnabled: false },
    { seatBasedPricingEnabled: false },
    { seats: 1 },
    { seats: 0 },
  ])('in a world with %o', async options => {
    await expectSame(
      async (usher, world) => [
        await assign(usher, world, { email: 'sam@globex.example' }),
        await assign(usher, world, { email: 'raj@globex.example' }),
      ],
      options,
    );
  });

  test('of seats that were revoked, the oldest first', async () => {
    await expectSame(async (usher, world) => {
      const given: { body: { id: string } }[] = [];
      for (const name of ['a', 'b', 'c']) {
        given.push(await assign(usher, world, { email: `${name}@globex.example` }));
      }
      const [a, b] = given;
      return [
        await call('DELETE', `/${b?.body.id}`)(usher, world),
        await call('DELETE', `/${a?.body.id}`)(usher, world),
        await assign(usher, world, { email: 'd@globex.example', metadata: { again: true } }),
        await assign(usher, world, { email: 'a@globex.example', immediate_claim: true }),
        await assign(usher, world, { email: 'e@globex.example' }),
      ];
    });
  });

  test('of somebody whose seat has another address by now', async () => {
    await expectSame(async (usher, world) => {
      await assign(usher, world, { member_id: world.ids.member });
      await usher.db.member.updateMany({
        where: { id: world.ids.member },
        data: { email: 'mia.new@globex.example' },
      });
      return [
        await assign(usher, world, { email: 'mia.new@globex.example' }),
        await assign(usher, world, { email: 'mia@globex.example' }),
      ];
    });
  });
});

describe('the rest of the life of a seat leaves behind what the long way does', () => {
  const seatOf = async (usher: TestUsher, world: World, facts: object = {}) => {
    const { body } = await assign(usher, world, { email: 'sam@globex.example', ...facts });
    return String(body.id);
  };

  test.each([{}, { immediate_claim: true }])('revoked, and revoked again: %o', async facts => {
    await expectSame(async (usher, world) => {
      const id = await seatOf(usher, world, facts);
      const revoke = call('DELETE', `/${id}`);
      const resend = call('POST', `/${id}/resend`);
      return [await revoke(usher, world), await revoke(usher, world), await resend(usher, world)];
    });
  });

  test('invited again, claimed with the new link, not with the old one, and once', async () => {
    await expectSame(async (usher, world) => {
      const id = await seatOf(usher, world);
      const old = await tokenOf(usher, id);
      const resent = await call('POST', `/${id}/resend`)(usher, world);
      const token = await tokenOf(usher, id);
      const info = (of: string) => call('GET', `/claim/${of}`)(usher, world);
      const claim = (of: string) => call('POST', '/claim', { invitation_token: of })(usher, world);
      return [
        resent,
        await info(old),
        await info(token),
        await claim(old),
        await claim(token),
        await claim(token),
        await info(token),
        await call('POST', `/${id}/resend`)(usher, world),
        await call('DELETE', `/${id}`)(usher, world),
      ];
    });
  });

  describe.each([true, false])('claimed, where the member model is %s', memberModelEnabled => {
    test.each<[string, Prisma.CustomerSeatUncheckedUpdateManyInput, Change?]>([
      ['by a member', {}],
      ['by a member of another address', { email: 'other@globex.example' }],
      ['by an address alone', { memberId: null }],
      ['by an address alone that a member has', { memberId: null, email: 'MIA@globex.example' }],
      ['by somebody without an address', { memberId: null, email: null }],
      ['by nobody', { memberId: null, customerId: null }],
      [
        'by a member who is gone',
        {},
        ({ db }, { ids }) =>
          db.member.updateMany({ where: { customerId: ids.customer }, data: GONE }),
      ],
      [
        'by a customer who is gone',
        { memberId: null },
        ({ db }, { ids: { organization: organizationId } }) =>
          db.customer.updateMany({ where: { organizationId }, data: GONE }),
      ],
      [
        'by a customer without an address',
        { memberId: null },
        ({ db }, { ids: { organization: organizationId } }) =>
          db.customer.updateMany({ where: { organizationId }, data: { email: null } }),
      ],
    ])('%s', async (_name, data, change) => {
      await expectSame(
        async (usher, world) => {
          const id = await seatOf(usher, world);
          const token = await tokenOf(usher, id);
          await usher.db.customerSeat.updateMany({ where: { id }, data });
          await change?.(usher, world);
          const claim = call('POST', '/claim', { invitation_token: token });
          return [await claim(usher, world), await claim(usher, world)];
        },
        { memberModelEnabled },
      );
    });
  });

  test('of a seat that is not there, or is another’s', async () => {
    await expectSame(async (usher, world) => {
      const other = await usher.addWorld();
      const { body } = await assign(usher, other, { email: 'sam@globex.example' });
      const answers = [];
      for (const id of [randomUUID(), body.id]) {
        for (const [method, path] of [
          ['DELETE', ''],
          ['POST', '/resend'],
        ] as const) {
          const { status, body } = await call(method, `/${id}${path}`)(usher, world);
          answers.push([status, body]);
        }
      }
      return answers;
    });
  });
});

describe('joined with others', () => {
  test('everybody gets what they would get alone, and the pool is never oversold', async () => {
    const world = await quick.addWorld({ seats: 30 });
    const emails = Array.from({ length: 60 }, (_, i) => `person-${i % 40}@globex.example`);
    const answers = await inParallel(emails, 60, email => assign(quick, world, { email }));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(30);
    const refusals = new Set(answers.filter(a => a.status !== 200).map(a => a.body.error));
    expect([...refusals].toSorted()).toEqual(
      [...refusals].filter(name => /^Seat(NotAvailable|AlreadyAssigned)$/.test(name)).toSorted(),
    );
    await checkPool(quick, { kind: 'subscription', id: world.ids.subscription });
  });

  test('without the member model, each customer has one seat, and the pool is never oversold', async () => {
    const world = await quick.addWorld({ seats: 20, memberModelEnabled: false });
    const people = [
      ...Array.from({ length: 45 }, (_, i) => ({ email: `person-${i % 30}@globex.example` })),
      ...Array.from({ length: 5 }, () => ({ customer_id: world.ids.otherCustomer })),
    ];
    const answers = await inParallel(people, 50, person => assign(quick, world, person));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await checkPool(quick, { kind: 'subscription', id: world.ids.subscription });
  });

  test('one that is refused keeps nobody else from theirs', async () => {
    const world = await quick.addWorld({ seats: 30 });
    await assign(quick, world, { email: 'raj@globex.example' });
    const emails = [
      'raj@globex.example',
      'a@globex.example',
      'A@globex.example',
      'b@globex.example',
    ];
    const answers = await inParallel(emails, 60, email => assign(quick, world, { email }));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 400, 400]);
  });

  test('of several pools and kinds, each gets its own', async () => {
    const world = await quick.addWorld({ seats: 30 });
    const { subscription, order } = world.ids;
    const wanted = Array.from({ length: 20 }, (_, i) => ({
      ...(i % 2 === 0
        ? { subscription_id: subscription }
        : { subscription_id: null, order_id: order }),
      email: `person-${i >> 1}@globex.example`,
    }));
    const answers = await inParallel(wanted, 20, facts => assign(quick, world, facts));
    for (const [i, { status, body }] of answers.entries()) {
      expect([status, body.email, body.subscription_id ?? body.order_id]).toEqual([
        200,
        wanted[i]?.email,
        i % 2 === 0 ? subscription : order,
      ]);
    }
    const people = await quick.db.member.count({ where: { email: { startsWith: 'person-' } } });
    expect(people).toBeGreaterThanOrEqual(10);
    await checkPool(quick, { kind: 'order', id: order });
  });
});
