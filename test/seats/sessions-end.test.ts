import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { update } from '../members/calls.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { RevokeSeatDocument } from '../support/operations/graphql.ts';
import { givenSeat } from '../support/seats.ts';
import { type SecondServer, startSecond } from '../support/second-server.ts';
import { inRounds, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

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
async function claimed(server: TestUsher, fixture: Fixture, body: Record<string, unknown>) {
  const seat = await givenSeat(server, fixture, body);
  const answer = await server.rest('POST', '/v1/customer-seats/claim', {
    body: { invitation_token: await tokenOf(server, seat.id) },
  });
  const session: string = answer.body.customer_session_token;
  expect(await statusOf(session, server.url)).toBe(200);
  return { ...seat, session };
}

const revoke = (server: TestUsher, fixture: Fixture, id: string) =>
  server.rest('DELETE', `/v1/customer-seats/${id}`, { token: fixture.tokens.organization });

describe('revoking the last claimed seat of somebody who has no other role', () => {
  test('ends their sessions immediately', async () => {
    const server = usher;
    const fixture = await server.addFixture();
    const { id, session } = await claimed(server, fixture, { email: 'sam@globex.example' });
    await revoke(server, fixture, id);
    expect(await statusOf(session, server.url)).toBe(401);
    expect(await statusOf(fixture.tokens.member, server.url)).toBe(200);
  });

  test('in every process, by GraphQL and by the customer too', async () => {
    const fixture = await usher.addFixture();
    const { id, session } = await claimed(usher, fixture, { member_id: fixture.ids.member });
    expect(await statusOf(session, second.url)).toBe(200);
    const input = { seatId: id };
    const { data } = await usher.graphql(RevokeSeatDocument, { input }, fixture.tokens.owner);
    expect(data?.revokeSeat?.__typename).toBe('RevokeSeatSuccess');
    expect(await statusOf(session)).toBe(401);
    await vi.waitFor(async () => expect(await statusOf(session, second.url)).toBe(401));
    // Sessions that no claim began were not given for a seat.
    expect(await statusOf(fixture.tokens.member)).toBe(200);
    expect(await statusOf(fixture.tokens.owner)).toBe(200);
  });

  test('not while they hold another seat, claimed or not', async () => {
    const fixture = await usher.addFixture();
    const email = 'sam@globex.example';
    const { id, session } = await claimed(usher, fixture, { email });
    const other = await givenSeat(usher, fixture, { email, order_id: fixture.ids.order });
    await revoke(usher, fixture, id);
    expect(await statusOf(session)).toBe(200);
    // What nobody has claimed has begun no session.
    await revoke(usher, fixture, other.id);
    expect(await statusOf(session)).toBe(200);
  });

  test.each(['owner', 'manager'] as const)('not where they are the %s', async role => {
    const fixture = await usher.addFixture();
    const { id, session } = await claimed(usher, fixture, { member_id: fixture.ids[role] });
    await revoke(usher, fixture, id);
    expect(await statusOf(session)).toBe(200);
  });

  test('so does an import that ends the pool', async () => {
    const fixture = await usher.addFixture();
    const { session } = await claimed(usher, fixture, { email: 'sam@globex.example' });
    const document = structuredClone(fixture.document);
    Object.assign(document.organizations[0]?.subscriptions[0] ?? {}, { status: 'canceled' });
    await usher.load(document);
    await vi.waitFor(async () => expect(await statusOf(session)).toBe(401));
  });

  test('of the last two at the same time, too', async () => {
    await inRounds(8, async random => {
      const fixture = await usher.addFixture();
      const email = 'sam@globex.example';
      const first = await claimed(usher, fixture, { email });
      const last = await claimed(usher, fixture, { email, order_id: fixture.ids.order });
      await race(random, [
        () => revoke(usher, fixture, first.id),
        () => revoke(usher, fixture, last.id),
      ]);
      expect([await statusOf(first.session), await statusOf(last.session)]).toEqual([401, 401]);
    });
  });
});

describe('a changed address', () => {
  test('ends the sessions of the member immediately, and no others', async () => {
    const fixture = await usher.addFixture();
    const { member, manager, owner, customer, organization } = fixture.tokens;
    expect(await statusOf(member, second.url)).toBe(200);
    const input = { memberId: fixture.ids.member, email: 'mia@new.example' };
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
    const fixture = await usher.addFixture();
    const input = { memberId: fixture.ids.member, ...change };
    expect((await update(usher, fixture.tokens.organization, input)).word).toBe('ok');
    expect(await statusOf(fixture.tokens.member)).toBe(200);
  });

  test('that is refused ends nothing', async () => {
    const fixture = await usher.addFixture();
    const input = { memberId: fixture.ids.member, email: 'jane@globex.example' };
    expect((await update(usher, fixture.tokens.organization, input)).word).toBe('InvalidInput');
    expect(await statusOf(fixture.tokens.member)).toBe(200);
  });

  test.each(['member', 'customer'] as const)(
    'by an import ends the sessions of the %s, also those that the file lists, once and for all',
    async whose => {
      const fixture = await usher.addFixture();
      const document = structuredClone(fixture.document);
      const customer = document.organizations[0]?.customers[0];
      const renamed =
        whose === 'customer'
          ? customer
          : customer?.members.find(({ id }) => id === fixture.ids.member);
      Object.assign(renamed ?? {}, { email: 'new@globex.example' });
      const others = (['customer', 'owner', 'manager', 'member'] as const).filter(
        name => name !== whose,
      );
      for (let times = 0; times < 2; times++) {
        await usher.load(document);
        await vi.waitFor(async () => expect(await statusOf(fixture.tokens[whose])).toBe(401));
        for (const name of others) expect(await statusOf(fixture.tokens[name])).toBe(200);
      }
    },
  );
});

test('a role that an import changes applies immediately', async () => {
  const fixture = await usher.addFixture();
  const assign = (email: string) =>
    usher.rest('POST', '/v1/customer-portal/seats', {
      token: fixture.tokens.manager,
      body: { subscription_id: fixture.ids.subscription, email },
    });
  expect((await assign('a@globex.example')).status).toBe(200);
  const document = structuredClone(fixture.document);
  const members = document.organizations[0]?.customers[0]?.members ?? [];
  Object.assign(members.find(({ id }) => id === fixture.ids.manager) ?? {}, { role: 'member' });
  await usher.load(document);
  await vi.waitFor(async () => expect((await assign('b@globex.example')).status).toBe(403));
});
