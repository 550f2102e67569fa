import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { AssignSeatDocument } from '../support/operations/graphql.ts';
import { inParallel, range } from '../support/parallel.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

/** Assigns through GraphQL or REST by turns, as the seller or the billingCustomer by turns; says how it went. */
async function assign(fixture: Fixture, email: string, turn: number): Promise<string> {
  const token = turn % 4 < 2 ? fixture.tokens.organization : fixture.tokens.owner;
  if (turn % 2 === 0) {
    const { data } = await usher.graphql(
      AssignSeatDocument,
      { input: { source: { subscriptionId: fixture.ids.subscription }, recipient: { email } } },
      token,
    );
    return data?.assignSeat?.__typename ?? 'nothing';
  }
  const path = turn % 4 < 2 ? '/v1/customer-seats' : '/v1/customer-portal/seats';
  const body = { subscription_id: fixture.ids.subscription, email };
  const answer = await usher.rest('POST', path, { token, body });
  return answer.status === 200 ? 'AssignSeatSuccess' : `${answer.body.error}Error`;
}

function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function live(fixture: Fixture): Promise<number> {
  return await usher.db.customerSeat.count({
    where: { subscriptionId: fixture.ids.subscription, status: { not: 'revoked' } },
  });
}

describe('concurrent assignments', () => {
  test('200 assigns over 32 connections fill a pool of 60 exactly, on both APIs', async () => {
    const fixture = await usher.addFixture({ seats: 60 });
    const outcomes = await inParallel(range(200), 32, i =>
      assign(fixture, `person-${i}@globex.example`, i),
    );
    expect(tally(outcomes)).toEqual({ AssignSeatSuccess: 60, SeatNotAvailableError: 140 });
    expect(await live(fixture)).toBe(60);
    expect(
      await usher.db.outboxEvent.count({ where: { organizationId: fixture.ids.organization } }),
    ).toBe(60);
    // A refused assign leaves no member behind: three of the team, and sixty that hold a seat.
    expect(await usher.db.member.count({ where: { customerId: fixture.ids.customer } })).toBe(63);
  });

  test('one person gets one seat, however their address is spelled', async () => {
    const fixture = await usher.addFixture({ seats: 60 });
    const outcomes = await inParallel(range(40), 32, i =>
      assign(fixture, i % 2 === 0 ? 'sam@globex.example' : 'SAM@Globex.example', i),
    );
    expect(tally(outcomes)).toEqual({ AssignSeatSuccess: 1, SeatAlreadyAssignedError: 39 });
    expect(await live(fixture)).toBe(1);
  });

  test('a person who is new gets seats of two pools concurrently, and is one member', async () => {
    const fixture = await usher.addFixture({ seats: 60 });
    const { organization } = fixture.tokens;
    const people = range(20).map(i => `new-${i}@globex.example`);
    const outcomes = await inParallel(
      people.flatMap(email => [
        { email, subscription_id: fixture.ids.subscription },
        { email, order_id: fixture.ids.order },
      ]),
      32,
      async body =>
        (await usher.rest('POST', '/v1/customer-seats', { token: organization, body })).status,
    );
    expect(outcomes).toEqual(range(40).map(() => 200));
    const members = await usher.db.member.count({
      where: { customerId: fixture.ids.customer, email: { startsWith: 'new-' } },
    });
    expect(members).toBe(20);
  });

  test('without the member model one person becomes one customer', async () => {
    const fixture = await usher.addFixture({ seats: 60, memberModelEnabled: false });
    const outcomes = await inParallel(range(40), 32, i => assign(fixture, `one@globex.example`, i));
    expect(tally(outcomes)).toEqual({ AssignSeatSuccess: 1, SeatAlreadyAssignedError: 39 });
    const customers = await usher.db.customer.count({ where: { email: 'one@globex.example' } });
    expect(customers).toBe(1);
  });

  test('an external id that two concurrent assignments link is given to one member', async () => {
    const fixture = await usher.addFixture({ seats: 60 });
    const pools = [{ subscription_id: fixture.ids.subscription }, { order_id: fixture.ids.order }];
    // Half of the people are members already, without the id; half are new.
    const people = range(20).map(i => ({
      external_member_id: `ext-${i}`,
      email: `ext-${i}@globex.example`,
    }));
    await usher.db.member.createMany({
      data: people.slice(0, 10).map(({ email }) => ({
        id: randomUUID(),
        organizationId: fixture.ids.organization,
        customerId: fixture.ids.customer,
        email,
      })),
    });
    const outcomes = await inParallel(
      people.flatMap(person => pools.map(pool => ({ ...person, ...pool }))),
      32,
      async body =>
        (
          await usher.rest('POST', '/v1/customer-seats', {
            token: fixture.tokens.organization,
            body,
          })
        ).status,
    );
    expect(outcomes).toEqual(range(40).map(() => 200));
    const linked = await usher.db.member.count({ where: { externalId: { startsWith: 'ext-' } } });
    expect(linked).toBe(20);
  });
});
