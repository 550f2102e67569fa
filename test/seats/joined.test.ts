import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPool } from '../support/invariants.ts';
import { untilWaiting } from '../support/locks.ts';
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

  test('a person who is made by one keeps the external id that another gives them', async () => {
    for (let round = 0; round < 5; round++) {
      const world = await usher.addWorld();
      const email = 'sam@globex.example';
      const answers = await Promise.all([
        assign(world, { email }),
        assign(world, {
          subscription_id: null,
          order_id: world.ids.order,
          email,
          external_member_id: 'usr_sam',
        }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const where = { organizationId: world.ids.organization, email };
      expect(await usher.db.member.findMany({ where })).toMatchObject([{ externalId: 'usr_sam' }]);
    }
  });

  test('a checkout that is moved while they wait gives no seat away twice', async () => {
    for (let round = 0; round < 5; round++) {
      const world = await usher.addWorld();
      const { organization: organizationId, subscription, subscriptionCheckout } = world.ids;
      const { body } = await assign(world, { email: 'first@globex.example' });
      const path = `/v1/customer-seats/${body.id}`;
      await usher.rest('DELETE', path, { token: world.tokens.organization });
      const former = await usher.db.subscription.create({
        data: {
          id: randomUUID(),
          organizationId,
          customerId: world.ids.customer,
          productId: world.ids.product,
          seats: 5,
          checkoutId: randomUUID(),
        },
      });
      const move = (id: string, checkoutId: string) =>
        usher.db
          .$executeRaw`UPDATE subscriptions SET checkout_id = ${checkoutId}::uuid WHERE id = ${id}::uuid`;
      await move(former.id, subscriptionCheckout);
      await move(subscription, randomUUID());
      let waiting: Promise<{ status: number; body: { id: string } }[]> = Promise.resolve([]);
      await usher.db.$transaction(async tx => {
        await tx.$executeRaw`UPDATE subscriptions SET checkout_id = ${randomUUID()}::uuid WHERE id = ${former.id}::uuid`;
        await tx.$executeRaw`UPDATE subscriptions SET checkout_id = ${subscriptionCheckout}::uuid WHERE id = ${subscription}::uuid`;
        waiting = Promise.all([
          assign(world, {
            subscription_id: null,
            checkout_id: subscriptionCheckout,
            email: 'a@globex.example',
          }),
          assign(world, { email: 'b@globex.example' }),
        ]);
        await untilWaiting(usher, 2);
      });
      const answers = await waiting;
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(answers.map(answer => answer.body.id)).size).toBe(2);
      await checkPool(usher, { kind: 'subscription', id: subscription });
    }
  });
});
