import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
/** The seats of Sam, of the subscription, and of Mia, of the order. */
let sam: string;
let mia: string;
/** A seat of another customer of the organization. */
let foreign: string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  await givenSeat(usher, await usher.addFixture(), { email: 'other@globex.example' });
  const { ids, tokens } = fixture;
  const subscription = await usher.db.subscription.create({
    data: {
      id: randomUUID(),
      organizationId: ids.organization,
      customerId: ids.otherCustomer,
      productId: ids.product,
      seats: 7,
    },
  });
  sam = String((await givenSeat(usher, fixture, { email: 'sam@globex.example' })).id);
  mia = String(
    (await givenSeat(usher, fixture, { order_id: ids.order, member_id: ids.member })).id,
  );
  const other = { subscription_id: subscription.id, email: 'kim@initech.example' };
  foreign = String((await givenSeat(usher, fixture, other)).id);
  await usher.rest('DELETE', `/v1/customer-portal/seats/${sam}`, { token: tokens.owner });
});
afterAll(() => usher.close());

const EVENTS = `query Events($filter: SeatEventFilter, $first: Int, $after: String, $last: Int, $before: String) {
  seatEvents(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { type seatId cursor holder { email } actor { kind via } pool { id } }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`;

interface Page {
  totalCount: number;
  nodes: {
    type: string;
    seatId: string;
    cursor: string;
    holder: { email: string };
    pool: unknown;
  }[];
  pageInfo: {
    startCursor: string;
    endCursor: string;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
}

async function events(variables: object = {}, token = fixture.tokens.organization): Promise<Page> {
  const { seatEvents } = await ask<{ seatEvents: Page }>(usher, EVENTS, token, variables);
  return seatEvents;
}

const seatsOf = (page: Page) => page.nodes.map(({ type, seatId }) => [type, seatId]);

/** Waits until no transaction of any test hides the events. */
async function expectEvents(variables: object, expected: unknown[], token?: string) {
  await vi.waitFor(async () => {
    const page = await events(variables, token);
    expect(seatsOf(page)).toEqual(expected);
    expect(page.totalCount).toBe(expected.length);
  }, 10_000);
}

test('an organization sees all events of its seats, from newest to oldest', async () => {
  await expectEvents({}, [
    ['REVOKED', sam],
    ['ASSIGNED', foreign],
    ['ASSIGNED', mia],
    ['ASSIGNED', sam],
  ]);
  const { nodes } = await events({ filter: { type: ['REVOKED'] } });
  expect(nodes).toEqual([
    expect.objectContaining({
      holder: { email: 'sam@globex.example' },
      actor: { kind: 'MEMBER', via: 'REST' },
      pool: { id: fixture.ids.subscription },
    }),
  ]);
});

test('filters', async () => {
  const { subscription, order, otherCustomer, customer } = fixture.ids;
  await expectEvents({ filter: { type: ['ASSIGNED'], seatIds: [sam, mia] } }, [
    ['ASSIGNED', mia],
    ['ASSIGNED', sam],
  ]);
  await expectEvents({ filter: { poolIds: [order] } }, [['ASSIGNED', mia]]);
  await expectEvents({ filter: { customerId: otherCustomer } }, [['ASSIGNED', foreign]]);
  await expectEvents({ filter: { customerId: customer, poolIds: [subscription] } }, [
    ['REVOKED', sam],
    ['ASSIGNED', sam],
  ]);
  await expectEvents({ filter: { customerId: otherCustomer, poolIds: [subscription] } }, []);
  const { errors } = await usher.graphql(
    EVENTS,
    { filter: { type: [] } },
    fixture.tokens.organization,
  );
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

test.each(['customer', 'owner', 'member'] as const)(
  '%s session: the events of its own customer alone',
  async kind => {
    const token = fixture.tokens[kind];
    const own = [
      ['REVOKED', sam],
      ['ASSIGNED', mia],
      ['ASSIGNED', sam],
    ];
    await expectEvents({}, own, token);
    await expectEvents({ filter: { seatIds: [foreign] } }, [], token);
    await expectEvents({ filter: { customerId: fixture.ids.otherCustomer } }, [], token);
  },
);

test("a pool has its seats' events", async () => {
  const POOL = `query Pool($id: ID!) {
    seatPool(source: { subscriptionId: $id }) { seatEvents { totalCount nodes { seatId } } }
  }`;
  const variables = { id: fixture.ids.subscription };
  const { seatPool } = await ask<{ seatPool: { seatEvents: Page } }>(
    usher,
    POOL,
    fixture.tokens.manager,
    variables,
  );
  expect(seatPool.seatEvents).toEqual({ totalCount: 2, nodes: [{ seatId: sam }, { seatId: sam }] });
});

test('page by page, both ways, with the cursor that each event has in every list', async () => {
  const all = await events();
  expect(all.pageInfo.startCursor).toBe(all.nodes[0]?.cursor);
  const forward = await events({ first: 3, after: all.nodes[0]?.cursor });
  expect(seatsOf(forward)).toEqual(seatsOf(all).slice(1));
  expect(forward.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const backward = await events({ last: 2, before: all.nodes[3]?.cursor });
  expect(seatsOf(backward)).toEqual(seatsOf(all).slice(1, 3));
  const filtered = await events({ filter: { seatIds: [sam] }, after: all.nodes[1]?.cursor });
  expect(seatsOf(filtered)).toEqual([['ASSIGNED', sam]]);
  const other = await usher.addFixture();
  const { errors } = await usher.graphql(
    EVENTS,
    { after: all.nodes[0]?.cursor },
    other.tokens.organization,
  );
  expect(errors?.[0]?.message).toContain('not a cursor of this list');
});

test('an event that is committed late is not passed', async () => {
  const late = await usher.addFixture();
  const token = late.tokens.organization;
  const client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO outbox_events (organization_id, id, type, seat_id, payload, actor_kind, actor_channel)
       SELECT $1, gen_random_uuid(), 'customer_seat.assigned', $2, payload, actor_kind, actor_channel
         FROM outbox_events LIMIT 1`,
      [late.ids.organization, mia],
    );
    // It takes a later place in the sequence, and is committed first.
    const { id } = await givenSeat(usher, late, { email: 'sam@globex.example' });
    expect(seatsOf(await events({}, token))).toEqual([]);
    await client.query('COMMIT');
    await expectEvents(
      {},
      [
        ['ASSIGNED', id],
        ['ASSIGNED', mia],
      ],
      token,
    );
  } finally {
    await client.end();
  }
});

test('archived events stay in the list', async () => {
  const old = await usher.addFixture();
  const { id } = await givenSeat(usher, old, { email: 'sam@globex.example' });
  await expectEvents({}, [['ASSIGNED', id]], old.tokens.organization);
  const before = await events({}, old.tokens.organization);
  const signal = new AbortController().signal;
  const later = new Date(Date.now() + 60_000);
  await createFanOutJob({ db: usher.db, now: () => later }).run(signal);
  await createArchiveJob({ db: usher.db, now: () => later, retentionDays: 0 }).run(signal);
  expect(await usher.db.archivedEvent.count({ where: { seatId: String(id) } })).toBe(1);
  expect(await events({}, old.tokens.organization)).toEqual(before);
});
