import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { untilWaiting } from '../support/locks.ts';
import { inParallel } from '../support/parallel.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function assign(fixture: Fixture, facts: object) {
  const body = { subscription_id: fixture.ids.subscription, ...facts };
  return await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    body,
  });
}

describe('assignments of the same moment', () => {
  test('everybody gets what they would get alone, and the pool is never oversold', async () => {
    const fixture = await usher.addFixture({ seats: 30 });
    const emails = Array.from({ length: 60 }, (_, i) => `person-${i % 40}@globex.example`);
    const answers = await inParallel(emails, 60, email => assign(fixture, { email }));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(30);
    const refusals = new Set(answers.filter(a => a.status !== 200).map(a => a.body.error));
    expect([...refusals].toSorted()).toEqual(
      [...refusals].filter(name => /^Seat(NotAvailable|AlreadyAssigned)$/.test(name)).toSorted(),
    );
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });

  test('without the member model, each customer has one seat, and the pool is never oversold', async () => {
    const fixture = await usher.addFixture({ seats: 20, memberModelEnabled: false });
    const people = [
      ...Array.from({ length: 45 }, (_, i) => ({ email: `person-${i % 30}@globex.example` })),
      ...Array.from({ length: 5 }, () => ({ customer_id: fixture.ids.otherCustomer })),
    ];
    const answers = await inParallel(people, 50, person => assign(fixture, person));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });

  test('one that is refused keeps nobody else from theirs', async () => {
    const fixture = await usher.addFixture({ seats: 30 });
    await assign(fixture, { email: 'raj@globex.example' });
    const emails = [
      'raj@globex.example',
      'a@globex.example',
      'A@globex.example',
      'b@globex.example',
    ];
    const answers = await inParallel(emails, 60, email => assign(fixture, { email }));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 400, 400]);
  });

  test('of several pools and kinds, each gets its own', async () => {
    const fixture = await usher.addFixture({ seats: 30 });
    const { subscription, order } = fixture.ids;
    const wanted = Array.from({ length: 20 }, (_, i) => ({
      ...(i % 2 === 0
        ? { subscription_id: subscription }
        : { subscription_id: null, order_id: order }),
      email: `person-${i >> 1}@globex.example`,
    }));
    const answers = await inParallel(wanted, 20, facts => assign(fixture, facts));
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
      const fixture = await usher.addFixture();
      const email = 'sam@globex.example';
      const answers = await Promise.all([
        assign(fixture, { email }),
        assign(fixture, {
          subscription_id: null,
          order_id: fixture.ids.order,
          email,
          external_member_id: 'usr_sam',
        }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const where = { organizationId: fixture.ids.organization, email };
      expect(await usher.db.member.findMany({ where })).toMatchObject([{ externalId: 'usr_sam' }]);
    }
  });

  test('a checkout that is moved while they wait gives no seat away twice', async () => {
    for (let round = 0; round < 5; round++) {
      const fixture = await usher.addFixture();
      const { organization: organizationId, subscription, subscriptionCheckout } = fixture.ids;
      const { body } = await assign(fixture, { email: 'first@globex.example' });
      const path = `/v1/customer-seats/${body.id}`;
      await usher.rest('DELETE', path, { token: fixture.tokens.organization });
      const former = await usher.db.subscription.create({
        data: {
          id: randomUUID(),
          organizationId,
          customerId: fixture.ids.customer,
          productId: fixture.ids.product,
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
          assign(fixture, {
            subscription_id: null,
            checkout_id: subscriptionCheckout,
            email: 'a@globex.example',
          }),
          assign(fixture, { email: 'b@globex.example' }),
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
