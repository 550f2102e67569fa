import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { update } from '../members/calls.ts';
import { tokenOf } from '../support/invitations.ts';
import { RevokeSeatDocument } from '../support/operations/graphql.ts';
import { givenSeat } from '../support/seats.ts';
import { type SecondServer, startSecond } from '../support/second-server.ts';
import { inRounds, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

// What ends the sessions of a member by the way.

let usher: TestUsher;
let second: SecondServer;
beforeAll(async () => {
  usher = await startUsher();
  second = await startSecond(usher);
});
afterAll(async () => {
  await second.close();
  await usher.close();
});

async function statusOf(token: string, url = usher.url): Promise<number> {
  const answer = await fetch(`${url}/v1/customer-portal/seats/subscriptions`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** A seat that was claimed by its invitation, and the session that began with it. */
async function claimed(server: TestUsher, world: World, body: Record<string, unknown>) {
  const seat = await givenSeat(server, world, body);
  const answer = await server.rest('POST', '/v1/customer-seats/claim', {
    body: { invitation_token: await tokenOf(server, seat.id) },
  });
  const session: string = answer.body.customer_session_token;
  expect(await statusOf(session, server.url)).toBe(200);
  return { ...seat, session };
}

const revoke = (server: TestUsher, world: World, id: string) =>
  server.rest('DELETE', `/v1/customer-seats/${id}`, { token: world.tokens.organization });

describe('revoking the last claimed seat of somebody who has no other role', () => {
  test('ends their sessions immediately', async () => {
    const server = usher;
    const world = await server.addWorld();
    const { id, session } = await claimed(server, world, { email: 'sam@globex.example' });
    await revoke(server, world, id);
    expect(await statusOf(session, server.url)).toBe(401);
    expect(await statusOf(world.tokens.member, server.url)).toBe(200);
  });

  test('in every process, by GraphQL and by the customer too', async () => {
    const world = await usher.addWorld();
    const { id, session } = await claimed(usher, world, { member_id: world.ids.member });
    expect(await statusOf(session, second.url)).toBe(200);
    const input = { seatId: id };
    const { data } = await usher.graphql(RevokeSeatDocument, { input }, world.tokens.owner);
    expect(data?.revokeSeat?.__typename).toBe('RevokeSeatSuccess');
    expect(await statusOf(session)).toBe(401);
    await vi.waitFor(async () => expect(await statusOf(session, second.url)).toBe(401));
    // Sessions that no claim began were not given for a seat.
    expect(await statusOf(world.tokens.member)).toBe(200);
    expect(await statusOf(world.tokens.owner)).toBe(200);
  });

  test('not while they hold another seat, claimed or not', async () => {
    const world = await usher.addWorld();
    const email = 'sam@globex.example';
    const { id, session } = await claimed(usher, world, { email });
    const other = await givenSeat(usher, world, { email, order_id: world.ids.order });
    await revoke(usher, world, id);
    expect(await statusOf(session)).toBe(200);
    // What nobody has claimed has begun no session.
    await revoke(usher, world, other.id);
    expect(await statusOf(session)).toBe(200);
  });

  test.each(['owner', 'manager'] as const)('not where they are the %s', async role => {
    const world = await usher.addWorld();
    const { id, session } = await claimed(usher, world, { member_id: world.ids[role] });
    await revoke(usher, world, id);
    expect(await statusOf(session)).toBe(200);
  });

  test('so does an import that ends the pool', async () => {
    const world = await usher.addWorld();
    const { session } = await claimed(usher, world, { email: 'sam@globex.example' });
    const document = structuredClone(world.document);
    Object.assign(document.organizations[0]?.subscriptions[0] ?? {}, { status: 'canceled' });
    await usher.load(document);
    await vi.waitFor(async () => expect(await statusOf(session)).toBe(401));
  });

  test('of the last two at the same time, too', async () => {
    await inRounds(8, async random => {
      const world = await usher.addWorld();
      const email = 'sam@globex.example';
      const first = await claimed(usher, world, { email });
      const last = await claimed(usher, world, { email, order_id: world.ids.order });
      await race(random, [
        () => revoke(usher, world, first.id),
        () => revoke(usher, world, last.id),
      ]);
      expect([await statusOf(first.session), await statusOf(last.session)]).toEqual([401, 401]);
    });
  });
});

describe('a changed address', () => {
  test('ends the sessions of the member at once, and no other', async () => {
    const world = await usher.addWorld();
    const { member, manager, owner, customer, organization } = world.tokens;
    expect(await statusOf(member, second.url)).toBe(200);
    const input = { memberId: world.ids.member, email: 'mia@new.example' };
    expect((await update(usher, organization, input)).word).toBe('ok');
    expect(await statusOf(member)).toBe(401);
    await vi.waitFor(async () => expect(await statusOf(member, second.url)).toBe(401));
    for (const token of [manager, owner, customer]) expect(await statusOf(token)).toBe(200);
  });

  test.each([
    { email: 'MIA@globex.example' },
    { name: 'Mia' },
    { role: 'BILLING_MANAGER' as const },
  ])('is none: %o', async change => {
    const world = await usher.addWorld();
    const input = { memberId: world.ids.member, ...change };
    expect((await update(usher, world.tokens.organization, input)).word).toBe('ok');
    expect(await statusOf(world.tokens.member)).toBe(200);
  });

  test('that is refused ends nothing', async () => {
    const world = await usher.addWorld();
    const input = { memberId: world.ids.member, email: 'jane@globex.example' };
    expect((await update(usher, world.tokens.organization, input)).word).toBe('InvalidInput');
    expect(await statusOf(world.tokens.member)).toBe(200);
  });

  test.each(['member', 'customer'] as const)(
    'by an import ends the sessions of the %s, also those that the file lists, once and for all',
    async whose => {
      const world = await usher.addWorld();
      const document = structuredClone(world.document);
      const customer = document.organizations[0]?.customers[0];
      const renamed =
        whose === 'customer'
          ? customer
          : customer?.members.find(({ id }) => id === world.ids.member);
      Object.assign(renamed ?? {}, { email: 'new@globex.example' });
      const others = (['customer', 'owner', 'manager', 'member'] as const).filter(
        name => name !== whose,
      );
      for (let times = 0; times < 2; times++) {
        await usher.load(document);
        await vi.waitFor(async () => expect(await statusOf(world.tokens[whose])).toBe(401));
        for (const name of others) expect(await statusOf(world.tokens[name])).toBe(200);
      }
    },
  );
});

test('a role that an import changes counts at once', async () => {
  const world = await usher.addWorld();
  const assign = (email: string) =>
    usher.rest('POST', '/v1/customer-portal/seats', {
      token: world.tokens.manager,
      body: { subscription_id: world.ids.subscription, email },
    });
  expect((await assign('a@globex.example')).status).toBe(200);
  const document = structuredClone(world.document);
  const members = document.organizations[0]?.customers[0]?.members ?? [];
  Object.assign(members.find(({ id }) => id === world.ids.manager) ?? {}, { role: 'member' });
  await usher.load(document);
  await vi.waitFor(async () => expect((await assign('b@globex.example')).status).toBe(403));
});
