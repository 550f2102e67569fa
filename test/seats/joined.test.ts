import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPool } from '../support/invariants.ts';
import { inParallel } from '../support/parallel.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function assign(world: World, facts: object) {
  const body = { subscription_id: world.ids.subscription, ...facts };
  return await usher.rest('POST', '/v1/customer-seats', { token: world.tokens.organization, body });
}

describe('assignments of the same moment', () => {
  test('everybody gets what they would get alone, and the pool is never oversold', async () => {
    const world = await usher.addWorld({ seats: 30 });
    const emails = Array.from({ length: 60 }, (_, i) => `person-${i % 40}@globex.example`);
    const answers = await inParallel(emails, 60, email => assign(world, { email }));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(30);
    const refusals = new Set(answers.filter(a => a.status !== 200).map(a => a.body.error));
    expect([...refusals].toSorted()).toEqual(
      [...refusals].filter(name => /^Seat(NotAvailable|AlreadyAssigned)$/.test(name)).toSorted(),
    );
    await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  });

  test('without the member model, each customer has one seat, and the pool is never oversold', async () => {
    const world = await usher.addWorld({ seats: 20, memberModelEnabled: false });
    const people = [
      ...Array.from({ length: 45 }, (_, i) => ({ email: `person-${i % 30}@globex.example` })),
      ...Array.from({ length: 5 }, () => ({ customer_id: world.ids.otherCustomer })),
    ];
    const answers = await inParallel(people, 50, person => assign(world, person));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await checkPool(usher, { kind: 'subscription', id: world.ids.subscription });
  });

  test('one that is refused keeps nobody else from theirs', async () => {
    const world = await usher.addWorld({ seats: 30 });
    await assign(world, { email: 'raj@globex.example' });
    const emails = [
      'raj@globex.example',
      'a@globex.example',
      'A@globex.example',
      'b@globex.example',
    ];
    const answers = await inParallel(emails, 60, email => assign(world, { email }));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 400, 400]);
  });

  test('of several pools and kinds, each gets its own', async () => {
    const world = await usher.addWorld({ seats: 30 });
    const { subscription, order } = world.ids;
    const wanted = Array.from({ length: 20 }, (_, i) => ({
      ...(i % 2 === 0
        ? { subscription_id: subscription }
        : { subscription_id: null, order_id: order }),
      email: `person-${i >> 1}@globex.example`,
    }));
    const answers = await inParallel(wanted, 20, facts => assign(world, facts));
    for (const [i, { status, body }] of answers.entries()) {
      expect([status, body.email, body.subscription_id ?? body.order_id]).toEqual([
        200,
        wanted[i]?.email,
        i % 2 === 0 ? subscription : order,
      ]);
    }
    const people = await usher.db.member.count({ where: { email: { startsWith: 'person-' } } });
    expect(people).toBeGreaterThanOrEqual(10);
    await checkPool(usher, { kind: 'order', id: order });
  });
});
