import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Filters of members, customers, subscriptions, orders and mails.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  const { organization, member } = fixture.ids;
  await usher.db.member.update({
    where: { organizationId_id: { organizationId: organization, id: member } },
    data: { name: 'Mia 100%_Ünal' },
  });
});
afterAll(() => usher.close());

type Page = { totalCount: number; nodes: { id: string }[] };

const page = (...ids: string[]): Page => ({
  totalCount: ids.length,
  nodes: ids.map(id => ({ id })),
});

describe('members', () => {
  const MEMBERS = `query Members($id: ID!, $filter: MemberFilter, $after: String) {
    customer(by: { id: $id }) { members(filter: $filter, first: 100, after: $after) { totalCount nodes { id } } }
  }`;
  const find = async (filter: object) => {
    const variables = { id: fixture.ids.customer, filter };
    type Data = { customer: { members: Page } };
    const { customer } = await ask<Data>(usher, MEMBERS, fixture.tokens.organization, variables);
    return customer.members;
  };

  test.each([
    [{ search: 'GLOBEX' }, ['owner', 'manager', 'member']],
    [{ search: '100%_ün' }, ['member']],
    [{ search: '10000' }, []],
    [{ search: 'usr_j' }, ['owner']],
    // Another customer's.
    [{ search: 'initech' }, []],
    [{ role: ['OWNER', 'BILLING_MANAGER'] }, ['owner', 'manager']],
    [{ search: 'globex', role: ['MEMBER'] }, ['member']],
  ] as const)('%j', async (filter, names) => {
    const { totalCount, nodes } = await find(filter);
    expect(totalCount).toBe(names.length);
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(
      names.map(name => fixture.ids[name]).toSorted(),
    );
  });

  test('with a live seat, and without one', async () => {
    const other = await usher.addFixture();
    const seat = await givenSeat(usher, other, { member_id: other.ids.member });
    const revoked = await givenSeat(usher, other, { member_id: other.ids.manager });
    const token = other.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, { token });
    expect(seat.member_id).toBe(other.ids.member);
    const of = async (hasSeat: boolean) => {
      type Data = { customer: { members: Page } };
      const variables = { id: other.ids.customer, filter: { hasSeat } };
      const { customer } = await ask<Data>(usher, MEMBERS, token, variables);
      return customer.members.nodes.map(({ id }) => id).toSorted();
    };
    expect(await of(true)).toEqual([other.ids.member]);
    expect(await of(false)).toEqual([other.ids.owner, other.ids.manager].toSorted());
  });

  test.each([[{ role: [] }], [{ search: 'gl' }]])('%j is refused', async filter => {
    const variables = { id: fixture.ids.customer, filter };
    const { errors } = await usher.graphql(MEMBERS, variables, fixture.tokens.organization);
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

describe('customers', () => {
  const CUSTOMERS = `query Customers($filter: CustomerFilter) {
    viewer { organizations { customers(filter: $filter) { totalCount nodes { id } } } }
  }`;
  const find = async (search: string, token: string) => {
    type Data = { viewer: { organizations: { customers: Page }[] } };
    const { viewer } = await ask<Data>(usher, CUSTOMERS, token, { filter: { search } });
    return viewer.organizations[0]?.customers;
  };

  test('by a part of the address, the name or the external id', async () => {
    const { organization } = fixture.tokens;
    const { customer, otherCustomer } = fixture.ids;
    expect(await find('billing@', organization)).toEqual(page(customer));
    expect(await find('LOBE', organization)).toEqual(page(customer));
    const both = await find('.example', organization);
    expect(both?.nodes.map(({ id }) => id).toSorted()).toEqual(
      [customer, otherCustomer].toSorted(),
    );
    expect(await find('nobody', organization)).toEqual(page());
  });

  test('a session finds its own alone', async () => {
    expect(await find('.example', fixture.tokens.manager)).toEqual(page(fixture.ids.customer));
    expect(await find('initech', fixture.tokens.manager)).toEqual(page());
  });
});

describe('pools by availability', () => {
  const POOLS = `query Pools($filter: SeatPoolFilter) {
    organization {
      subscriptions(first: 100, filter: $filter) { totalCount nodes { id seatAvailability } }
      orders(first: 100, filter: $filter) { totalCount nodes { id seatAvailability } }
    }
  }`;
  interface Pools {
    subscriptions: { totalCount: number; nodes: { id: string; seatAvailability: string }[] };
    orders: Pools['subscriptions'];
  }
  const AVAILABILITIES = ['AVAILABLE', 'FULL', 'NOT_PAID', 'ENDED', 'NOT_SOLD_BY_SEAT'];

  /** Every status of each kind, without seats, with a free one, and full. */
  async function addPools({ ids }: Fixture): Promise<void> {
    const shared = { organizationId: ids.organization, customerId: ids.customer };
    const counts = [{ seats: null }, { seats: 2 }, { seats: 0 }];
    const subscriptions = [
      'incomplete',
      'incomplete_expired',
      'trialing',
      'active',
      'past_due',
      'canceled',
      'unpaid',
      'paused',
    ] as const;
    const orders = ['draft', 'pending', 'paid', 'refunded', 'partially_refunded', 'void'] as const;
    await usher.db.subscription.createMany({
      data: subscriptions.flatMap(status =>
        counts.map(count => ({
          id: randomUUID(),
          ...shared,
          productId: ids.product,
          status,
          ...count,
        })),
      ),
    });
    await usher.db.order.createMany({
      data: orders.flatMap(status =>
        [ids.product, null].flatMap(productId =>
          counts.map(count => ({ id: randomUUID(), ...shared, productId, status, ...count })),
        ),
      ),
    });
  }

  test.each([true, false])(
    'the same as the field says: selling by the seat: %s',
    async isSelling => {
      const other = await usher.addFixture();
      await addPools(other);
      if (!isSelling) await switchOff(usher, other);
      const find = async (filter: object) => {
        const token = other.tokens.organization;
        const { organization } = await ask<{ organization: Pools }>(usher, POOLS, token, {
          filter,
        });
        return organization;
      };
      const all = await find({});
      for (const seatAvailability of [...AVAILABILITIES.map(each => [each]), ['FULL', 'ENDED']]) {
        const found = await find({ seatAvailability });
        for (const kind of ['subscriptions', 'orders'] as const) {
          const wanted = all[kind].nodes.filter(pool =>
            seatAvailability.includes(pool.seatAvailability),
          );
          expect(found[kind].nodes).toEqual(wanted);
          expect(found[kind].totalCount).toBe(wanted.length);
        }
      }
      const { subscriptions } = await find({ productIds: [randomUUID()] });
      expect(subscriptions).toEqual({ totalCount: 0, nodes: [] });
    },
  );
});

test('mails about a seat, and to an address', async () => {
  const { organization } = fixture.ids;
  const seats = [
    await givenSeat(usher, fixture, { email: 'sam@globex.example' }),
    await givenSeat(usher, fixture, { email: 'kim@globex.example' }),
  ];
  const now = new Date();
  for (const [i, recipient] of [
    'sam@globex.example',
    'Sam@Globex.example',
    'kim@globex.example',
  ].entries()) {
    await usher.db.mail.create({
      data: {
        organizationId: organization,
        kind: i === 1 ? 'reminder' : 'invitation',
        seatId: String(seats[i === 2 ? 1 : 0]?.id),
        invitationTokenHash: Buffer.from(randomUUID()),
        recipient,
        createdAt: new Date(now.getTime() + i),
        nextAttemptAt: now,
      },
    });
  }
  const MAILS = `query Mails($seatId: ID, $recipient: String, $kind: [MailKind!], $first: Int, $after: String) {
    mails(seatId: $seatId, recipient: $recipient, kind: $kind, first: $first, after: $after) {
      totalCount nodes { recipient kind } pageInfo { endCursor }
    }
  }`;
  const find = async (variables: object, token = fixture.tokens.organization) => {
    type Data = {
      mails: {
        totalCount: number;
        nodes: { recipient: string }[];
        pageInfo: { endCursor: string };
      };
    };
    const { mails } = await ask<Data>(usher, MAILS, token, variables);
    return { ...mails, to: mails.nodes.map(({ recipient }) => recipient) };
  };
  const both = ['Sam@Globex.example', 'sam@globex.example'];
  expect(await find({ seatId: seats[0]?.id })).toMatchObject({ totalCount: 2, to: both });
  const toSam = { recipient: 'SAM@globex.example' };
  expect(await find(toSam)).toMatchObject({ totalCount: 2, to: both });
  expect((await find({ ...toSam, kind: ['REMINDER'] })).to).toEqual(both.slice(0, 1));
  expect((await find({ ...toSam, seatId: seats[1]?.id })).to).toEqual([]);
  const { pageInfo } = await find({ ...toSam, first: 1 });
  expect((await find({ ...toSam, first: 1, after: pageInfo.endCursor })).to).toEqual(both.slice(1));
  expect((await find({ recipient: 'no address' })).to).toEqual([]);
  const other = await usher.addFixture();
  expect((await find(toSam, other.tokens.organization)).to).toEqual([]);
});
