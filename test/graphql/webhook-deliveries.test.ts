import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import {
  RedeliverWebhookDocument,
  SendTestWebhookDocument,
  WebhookDeliveriesDocument,
  type WebhookDeliveriesQueryVariables,
  WebhookDeliveryDocument,
} from '../support/operations/graphql.ts';
import { inParallel, range } from '../support/parallel.ts';
import { SEAT_KEYS } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { addDelivery, disableEndpoint } from '../support/webhooks.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const URL = 'https://hooks.acme.example/usher';

async function deliveries(
  fixture: Fixture,
  variables: WebhookDeliveriesQueryVariables,
  token = fixture.tokens.organization,
) {
  const { data, errors } = await usher.graphql(WebhookDeliveriesDocument, variables, token);
  return { page: data?.webhookEndpoint?.deliveries, errors };
}

async function delivery(fixture: Fixture, id: string, token = fixture.tokens.organization) {
  return (await usher.graphql(WebhookDeliveryDocument, { id }, token)).data?.webhookDelivery;
}

async function redeliver(
  fixture: Fixture,
  deliveryId: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(RedeliverWebhookDocument, { input: { deliveryId } }, token);
  return data?.redeliverWebhook;
}

async function sendTest(fixture: Fixture, endpointId: string, token = fixture.tokens.organization) {
  const { data } = await usher.graphql(
    SendTestWebhookDocument,
    { input: { id: endpointId } },
    token,
  );
  return data?.sendTestWebhook;
}

async function rowOf(id: string) {
  return await usher.db.webhookDelivery.findFirstOrThrow({ where: { id } });
}

describe('the deliveries of an endpoint', () => {
  /** Seven of them, of which two were made ready in the same instant; the newest first. */
  async function seven(fixture: Fixture) {
    const endpoint = await addEndpoint(usher, fixture, URL);
    await addDelivery(usher, await addEndpoint(usher, fixture, URL));
    const rows = [];
    for (const index of range(7)) {
      const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, Math.min(index, 5)));
      const status = index % 3 === 0 ? 'failed' : 'succeeded';
      rows.push(await addDelivery(usher, endpoint, { createdAt, status }));
    }
    const newestFirst = rows.toSorted(
      (a, b) => Number(b.createdAt) - Number(a.createdAt) || (a.id < b.id ? 1 : -1),
    );
    return { endpoint, ids: newestFirst.map(({ id }) => id) };
  }

  test('come the newest first, page by page, each once', async () => {
    const fixture = await usher.addFixture();
    const { endpoint, ids } = await seven(fixture);
    const seen: string[] = [];
    let after: string | null | undefined;
    do {
      const { page } = await deliveries(fixture, { id: endpoint.id, first: 2, after });
      expect(page?.totalCount).toBe(7);
      expect(page?.pageInfo.hasPreviousPage).toBe(after !== undefined);
      seen.push(...(page?.nodes.map(({ id }) => id) ?? []));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
    } while (after);
    expect(seen).toEqual(ids);
  });

  test('come backward too, from the oldest', async () => {
    const fixture = await usher.addFixture();
    const { endpoint, ids } = await seven(fixture);
    const pages: string[][] = [];
    let before: string | null | undefined;
    do {
      const { page } = await deliveries(fixture, { id: endpoint.id, last: 3, before });
      pages.push(page?.nodes.map(({ id }) => id) ?? []);
      before = page?.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : undefined;
    } while (before);
    expect(pages).toEqual([ids.slice(4), ids.slice(1, 4), ids.slice(0, 1)]);
  });

  test('between two cursors are those between', async () => {
    const fixture = await usher.addFixture();
    const { endpoint, ids } = await seven(fixture);
    const { page: first } = await deliveries(fixture, { id: endpoint.id, first: 2 });
    const { page: last } = await deliveries(fixture, { id: endpoint.id, last: 2 });
    const { page } = await deliveries(fixture, {
      id: endpoint.id,
      after: first?.pageInfo.endCursor,
      before: last?.pageInfo.startCursor,
    });
    expect(page?.nodes.map(({ id }) => id)).toEqual(ids.slice(2, 5));
  });

  test('are told apart by their status: the failed ones are the dead letters', async () => {
    const fixture = await usher.addFixture();
    const { endpoint } = await seven(fixture);
    const { page } = await deliveries(fixture, { id: endpoint.id, status: ['FAILED'] });
    expect(page?.totalCount).toBe(3);
    expect(new Set(page?.nodes.map(({ status }) => status))).toEqual(new Set(['FAILED']));
    const { errors } = await deliveries(fixture, { id: endpoint.id, status: [] });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  test('tell what was sent, what was answered, and what comes next', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, URL);
    const failed = await addDelivery(usher, endpoint);
    await usher.db.webhookDelivery.updateMany({
      where: { id: failed.id },
      data: { responseStatus: 503, responseBody: 'Try later', durationMs: 12, error: null },
    });
    const pending = await addDelivery(usher, endpoint, { status: 'pending' });
    const { page } = await deliveries(fixture, { id: endpoint.id });
    const node = (id: string) => page?.nodes.find(node => node.id === id);
    expect(node(failed.id)).toEqual({
      id: failed.id,
      status: 'FAILED',
      attempts: 10,
      createdAt: failed.createdAt.toISOString(),
      nextAttemptAt: null,
      lastAttemptAt: null,
      finishedAt: failed.finishedAt?.toISOString(),
      durationMs: 12,
      responseStatus: 503,
      responseBody: 'Try later',
      error: null,
      event: {
        id: failed.eventId,
        type: 'customer_seat.revoked',
        createdAt: expect.any(String),
        seatId: failed.seatId,
        payload: { id: failed.seatId, status: 'revoked' },
      },
    });
    expect(node(pending.id)).toMatchObject({
      status: 'PENDING',
      attempts: 0,
      nextAttemptAt: pending.nextAttemptAt.toISOString(),
      finishedAt: null,
    });
    expect(await delivery(fixture, failed.id)).toMatchObject({
      id: failed.id,
      endpoint: { id: endpoint.id, url: URL },
    });
  });

  test('come a hundred at a time with all there is to know', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, URL);
    for (const _ of range(101)) await addDelivery(usher, endpoint);
    const { page, errors } = await deliveries(fixture, { id: endpoint.id, first: 100 });
    expect(errors).toBeUndefined();
    expect(page?.nodes).toHaveLength(100);
    expect(page?.pageInfo.hasNextPage).toBe(true);
  });

  test.each([{ first: 101 }, { last: -1 }, { before: 'nonsense' }])(
    'a page that cannot be: %o',
    async args => {
      const fixture = await usher.addFixture();
      const { id } = await addEndpoint(usher, fixture, URL);
      const { errors } = await deliveries(fixture, { id, ...args });
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    },
  );
});

describe('an event that is redelivered', () => {
  test.each(['succeeded', 'failed', 'skipped'] as const)(
    'after it has %s, has all its attempts before it again, from now on',
    async status => {
      const fixture = await usher.addFixture();
      const { id } = await addDelivery(usher, await addEndpoint(usher, fixture, URL), { status });
      const before = Date.now();
      expect(await redeliver(fixture, id)).toMatchObject({
        __typename: 'RedeliverWebhookSuccess',
        delivery: { id, status: 'PENDING', attempts: 0, finishedAt: null },
      });
      const row = await rowOf(id);
      expect(row).toMatchObject({ status: 'pending', attempts: 0, finishedAt: null });
      expect(Number(row.nextAttemptAt)).toBeGreaterThanOrEqual(before);
      expect(Number(row.nextAttemptAt)).toBeLessThanOrEqual(Date.now());
    },
  );

  test('is refused while it is on its way, and where the endpoint is disabled', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, URL);
    const pending = await addDelivery(usher, endpoint, { status: 'pending' });
    const failed = await addDelivery(usher, endpoint);
    expect(await redeliver(fixture, pending.id)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['deliveryId'], code: 'PENDING' }],
    });
    await disableEndpoint(usher, fixture, endpoint.id);
    expect(await redeliver(fixture, failed.id)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['deliveryId'], code: 'DISABLED' }],
    });
    expect(await rowOf(failed.id)).toMatchObject({ status: 'failed', attempts: 10 });
  });

  test('is sent once for several concurrent requests', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, URL);
    for (const _ of range(5)) {
      const { id } = await addDelivery(usher, endpoint);
      const results = await inParallel(range(6), 6, () => redeliver(fixture, id));
      const types = results.map(result => result?.__typename).toSorted();
      expect(types).toEqual([
        ...range(5).map(() => 'InvalidInputError'),
        'RedeliverWebhookSuccess',
      ]);
    }
  });

  test('while its endpoint is disabled, is not left on its way to it', async () => {
    const fixture = await usher.addFixture();
    for (const _ of range(10)) {
      const endpoint = await addEndpoint(usher, fixture, URL);
      const all = [];
      for (const _ of range(4)) all.push(await addDelivery(usher, endpoint));
      await Promise.all([
        ...all.map(({ id }) => redeliver(fixture, id)),
        disableEndpoint(usher, fixture, endpoint.id),
        ...range(4).map(() => sendTest(fixture, endpoint.id)),
      ]);
      const where = { endpointId: endpoint.id, status: 'pending' } as const;
      expect(await usher.db.webhookDelivery.count({ where })).toBe(0);
    }
  });
});

describe('a test', () => {
  test("is an event about nobody's seat in the vendors' form, for this endpoint alone", async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, URL, ['customer_seat.revoked']);
    const other = await addEndpoint(usher, fixture, URL);
    const result = await sendTest(fixture, endpoint.id);
    expect(result).toMatchObject({
      __typename: 'SendTestWebhookSuccess',
      delivery: { status: 'PENDING', event: { type: 'customer_seat.assigned' } },
    });
    const [event] = await usher.db.outboxEvent.findMany({
      where: { organizationId: fixture.ids.organization },
      include: { deliveries: true },
    });
    expect(event).toMatchObject({
      type: 'customer_seat.assigned',
      dispatchedAt: expect.any(Date),
      deliveries: [{ endpointId: endpoint.id, sequence: event?.sequence, seatId: event?.seatId }],
    });
    expect(await usher.db.webhookDelivery.count({ where: { endpointId: other.id } })).toBe(0);
    const payload = Object(event?.payload);
    expect(Object.keys(payload)).toEqual(SEAT_KEYS);
    expect(payload).toMatchObject({
      id: event?.seatId,
      status: 'pending',
      member: { role: 'member', id: payload.member_id, email: payload.email },
      seat_metadata: { test: true },
    });
    expect(await usher.db.customerSeat.count({ where: { id: event?.seatId } })).toBe(0);
  });

  test('is not for an endpoint that is disabled', async () => {
    const fixture = await usher.addFixture();
    const { id } = await addEndpoint(usher, fixture, URL);
    await disableEndpoint(usher, fixture, id);
    expect(await sendTest(fixture, id)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['id'], code: 'DISABLED' }],
    });
  });
});

test('what creates work tells every process of it', async () => {
  const fixture = await usher.addFixture();
  const endpoint = await addEndpoint(usher, fixture, URL);
  const failed = await addDelivery(usher, endpoint);
  const changes = openSeatChanges(usher.databaseUrl, usher.db, pino({ enabled: false }));
  try {
    let heard = 0;
    changes.onAnyChange(() => {
      heard += 1;
    });
    await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(0);
    for (const act of [() => redeliver(fixture, failed.id), () => sendTest(fixture, endpoint.id)]) {
      const before = heard;
      await act();
      await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(before);
    }
  } finally {
    await changes.close();
  }
});

test('to another organization, deliveries are as if they did not exist', async () => {
  const [fixture, stranger] = [await usher.addFixture(), await usher.addFixture()];
  const endpoint = await addEndpoint(usher, fixture, URL);
  const { id } = await addDelivery(usher, endpoint);
  for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
    expect(await delivery(fixture, id, token)).toBeNull();
    const real = await redeliver(fixture, id, token);
    expect(real).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(real).toEqual(await redeliver(fixture, randomUUID(), token));
    expect(await sendTest(fixture, endpoint.id, token)).toEqual(
      await sendTest(fixture, randomUUID(), token),
    );
  }
  expect(await rowOf(id)).toMatchObject({ status: 'failed' });
  expect(await usher.db.webhookDelivery.count({ where: { endpointId: endpoint.id } })).toBe(1);
});
