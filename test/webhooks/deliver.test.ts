import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { addEndpoint, startDelivering } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

let receiver: Receiver;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await receiver.close();
  // Undelivered events of one test must not reach the next test.
  await usher.db.webhookEndpoint.deleteMany();
});

const WAIT = { timeout: 15_000, interval: 20 };

async function deliver(options?: Parameters<typeof startDelivering>[1]) {
  const dispatcher = await startDelivering(usher, options);
  closing.push(dispatcher.close);
  return dispatcher;
}

async function revoke(fixture: Fixture, id: string) {
  await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token: fixture.tokens.organization });
}

/** Assigns, claims and revokes a seat, which makes three events. Returns the seat's id. */
async function givenLifecycle(fixture: Fixture, email: string): Promise<string> {
  const { id } = await givenSeat(usher, fixture, { email });
  const body = { invitation_token: await tokenOf(usher, id) };
  await usher.rest('POST', '/v1/customer-seats/claim', { body });
  await revoke(fixture, id);
  return id;
}

const deliveriesOf = (endpoint: { id: string }) =>
  usher.db.webhookDelivery.findMany({
    where: { endpointId: endpoint.id },
    orderBy: { sequence: 'asc' },
  });

const statusesOf = async (endpoint: { id: string }) =>
  (await deliveriesOf(endpoint)).map(({ status }) => status);

const typesOf = ({ received }: Receiver) =>
  received.map(({ event }) => event.type.replace('customer_seat.', ''));

describe('a delivering worker', () => {
  test('sends every event of a seat, in order, in the vendors’ format', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    await deliver();
    const seatId = await givenLifecycle(fixture, 'sam@globex.example');
    await vi.waitFor(() => expect(receiver.received).toHaveLength(3), WAIT);
    expect(typesOf(receiver)).toEqual(['assigned', 'claimed', 'revoked']);

    const events = await usher.db.$queryRaw<{ id: string; payload: string }[]>`
      SELECT id, payload::text FROM outbox_events WHERE seat_id = ${seatId}::uuid ORDER BY sequence`;
    for (const [n, { headers, body, event }] of receiver.received.entries()) {
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'webhook-id': events[n]?.id,
        'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
        'webhook-signature': expect.stringMatching(/^v1,[\w+/]{43}=$/),
      });
      expect(Object.keys(event)).toEqual(['type', 'timestamp', 'data']);
      expect(body).toContain(`"data":${events[n]?.payload}}`);
    }
    expect(receiver.received[2]?.event.data).toMatchObject({
      id: seatId,
      status: 'revoked',
      email: null,
      customer_email: 'sam@globex.example',
    });
    await vi.waitFor(
      async () => expect(await statusesOf(endpoint)).toEqual(Array(3).fill('succeeded')),
      WAIT,
    );
    expect((await deliveriesOf(endpoint))[0]).toMatchObject({
      attempts: 1,
      responseStatus: 200,
      responseBody: 'noted',
      error: null,
    });
  });

  test('sends the subscribed event types of the endpoint’s own organization', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url, ['customer_seat.revoked']);
    await givenLifecycle(stranger, 'sam@globex.example');
    const { id } = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const token = fixture.tokens.organization;
    await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token });
    await revoke(fixture, id);
    await deliver();
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).toEqual(['succeeded']), WAIT);
    expect(typesOf(receiver)).toEqual(['revoked']);
  });

  test('sends nothing of a blocked organization', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const where = { id: fixture.ids.organization };
    await usher.db.organization.update({ where, data: { status: 'blocked' } });
    await deliver();
    const waiting = { organizationId: fixture.ids.organization, dispatchedAt: null };
    await vi.waitFor(
      async () => expect(await usher.db.outboxEvent.count({ where: waiting })).toBe(0),
      WAIT,
    );
    expect(await deliveriesOf(endpoint)).toEqual([]);
  });
});

describe('a failing delivery', () => {
  test('is attempted again with the same id before the next event of its seat', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    const failing = await givenLifecycle(fixture, 'sam@globex.example');
    const other = await givenLifecycle(fixture, 'kim@globex.example');
    expect(failing).toBe(other);
    const answers = ['drop', 500, 302, 429] as const;
    let asked = 0;
    receiver.behave(() => answers[asked++] ?? 204);
    await deliver();
    await vi.waitFor(
      async () => expect(await statusesOf(endpoint)).toEqual(Array(6).fill('succeeded')),
      WAIT,
    );
    const [first] = await deliveriesOf(endpoint);
    expect(first?.attempts).toBe(5);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids.slice(0, 5)).toEqual(Array(5).fill(first?.eventId));
    expect(new Set(ids.slice(4)).size).toBe(6);
    expect(typesOf(receiver).slice(4)).toEqual([
      'assigned',
      'claimed',
      'revoked',
      'assigned',
      'claimed',
      'revoked',
    ]);
  });

  test('does not delay other seats', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    const refused = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    for (const email of ['kim@globex.example', 'lee@globex.example']) {
      await givenSeat(usher, fixture, { email });
    }
    receiver.behave(({ event }) => (event.data.id === refused.id ? 503 : 200));
    await deliver({ retryDelayMs: 60_000 });
    await vi.waitFor(
      async () => expect(await statusesOf(endpoint)).toEqual(['pending', 'succeeded', 'succeeded']),
      WAIT,
    );
    const [waiting] = await deliveriesOf(endpoint);
    expect(waiting).toMatchObject({ attempts: 1, responseStatus: 503, responseBody: 'noted' });
    const delay = Number(waiting?.nextAttemptAt) - Number(waiting?.lastAttemptAt);
    expect(delay).toBeGreaterThanOrEqual(60_000);
    expect(delay).toBeLessThan(125_000);
    usher.advance(delay);
    receiver.behave(() => 200);
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).not.toContain('pending'), WAIT);
  });

  test('postpones the later events of its seat, and no other seat', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url, ['customer_seat.claimed']);
    const refused = crypto.randomUUID();
    const [other, organizationId] = [crypto.randomUUID(), fixture.ids.organization];
    await usher.db.$executeRaw`
      INSERT INTO outbox_events (organization_id, id, type, seat_id, payload, actor_kind, actor_channel)
      SELECT ${organizationId}::uuid, gen_random_uuid(), 'customer_seat.claimed', seat::uuid,
             json_build_object('id', seat), 'system', 'worker'
        FROM (SELECT ${refused}::text AS seat FROM generate_series(1, 250)
              UNION ALL SELECT ${other}::text) AS events`;
    receiver.behave(({ event }) => (event.data.id === refused ? 503 : 200));
    await deliver({ retryDelayMs: 60_000 });
    const where = { endpointId: endpoint.id };
    await vi.waitFor(async () => {
      const due = { ...where, status: 'pending', nextAttemptAt: { lte: usher.now() } } as const;
      expect(await usher.db.webhookDelivery.count({ where })).toBe(251);
      expect(await usher.db.webhookDelivery.count({ where: due })).toBe(0);
    }, WAIT);
    expect(receiver.received.map(({ event }) => event.data.id).sort()).toEqual(
      [refused, other].sort(),
    );
    receiver.behave(() => 200);
    usher.advance(130_000);
    await vi.waitFor(
      async () =>
        expect(
          await usher.db.webhookDelivery.count({ where: { ...where, status: 'succeeded' } }),
        ).toBe(251),
      WAIT,
    );
  }, 40_000);

  test('fails after ten attempts, stays listed, and releases the next event of its seat', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    await givenLifecycle(fixture, 'sam@globex.example');
    receiver.behave(({ event }) => (event.type === 'customer_seat.assigned' ? 400 : 200));
    await deliver();
    const ended = ['failed', 'succeeded', 'succeeded'];
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).toEqual(ended), WAIT);
    expect(typesOf(receiver)).toEqual([...Array(10).fill('assigned'), 'claimed', 'revoked']);
    expect((await deliveriesOf(endpoint))[0]).toMatchObject({ attempts: 10, responseStatus: 400 });
    const { disabledAt, consecutiveFailures } = await usher.db.webhookEndpoint.findFirstOrThrow({
      where: { id: endpoint.id },
    });
    expect([disabledAt, consecutiveFailures]).toEqual([null, 0]);
  }, 30_000);

  test('that is the tenth failed event in a row disables the endpoint, skips its pending deliveries and notifies the organization’s users', async () => {
    const fixture = await usher.addFixture({ seats: 20 });
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    for (let n = 0; n < 12; n++) {
      await givenSeat(usher, fixture, { email: `${n}@globex.example` });
    }
    receiver.behave(() => 500);
    const isDisabled = async () =>
      (await usher.db.webhookEndpoint.count({
        where: { id: endpoint.id, disabledAt: { not: null } },
      })) === 1;
    // Nine events have failed before.
    await usher.db.webhookEndpoint.updateMany({
      where: { id: endpoint.id },
      data: { consecutiveFailures: 9 },
    });
    await deliver();
    await vi.waitFor(async () => expect(await isDisabled()).toBe(true), WAIT);
    const statuses = await statusesOf(endpoint);
    expect(new Set(statuses)).toEqual(new Set(['failed', 'skipped']));
    const mails = await usher.db.mail.findMany({
      where: { organizationId: fixture.ids.organization, kind: 'webhook_disabled' },
    });
    expect(mails).toMatchObject([
      { recipient: 'ada@acme.example', endpointId: endpoint.id, status: 'pending' },
    ]);
    // The endpoint gets no further deliveries.
    await givenSeat(usher, fixture, { email: 'later@globex.example' });
    const waiting = { organizationId: fixture.ids.organization, dispatchedAt: null };
    await vi.waitFor(
      async () => expect(await usher.db.outboxEvent.count({ where: waiting })).toBe(0),
      WAIT,
    );
    expect(await deliveriesOf(endpoint)).toHaveLength(12);
  }, 60_000);
});

describe('a receiver', () => {
  test('that never answers does not delay other endpoints', async () => {
    const fixture = await usher.addFixture({ seats: 30 });
    const silent = await startReceiver();
    closing.push(silent.close);
    silent.behave(() => 'hang');
    const unanswered = await addEndpoint(usher, fixture, silent.url);
    const answered = await addEndpoint(usher, fixture, receiver.url);
    for (let n = 0; n < 25; n++) {
      await givenSeat(usher, fixture, { email: `${n}@globex.example` });
    }
    await deliver({ attemptMs: 30_000 });
    await vi.waitFor(
      async () => expect(await statusesOf(answered)).toEqual(Array(25).fill('succeeded')),
      WAIT,
    );
    expect(await statusesOf(unanswered)).toEqual(Array(25).fill('pending'));
    expect(silent.underWay()).toBe(1);
    await silent.close();
  });

  test('that does not answer in time fails the attempt', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    receiver.behave(() => 'hang');
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await deliver({ attemptMs: 200, retryDelayMs: 60_000 });
    await vi.waitFor(async () => {
      expect(await deliveriesOf(endpoint)).toMatchObject([
        { status: 'pending', attempts: 1, responseStatus: null, error: 'No answer within 0.2 s' },
      ]);
    }, WAIT);
  });

  test('that switches protocols, or closes the connection without an answer, fails the attempt', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    const words = [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      '',
    ];
    receiver.behave(() => response => void response.socket?.end(words.shift() ?? ''));
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await deliver({ retryDelayMs: 100 });
    await vi.waitFor(async () => {
      const [delivery] = await deliveriesOf(endpoint);
      expect(delivery?.attempts).toBeGreaterThanOrEqual(2);
      expect(delivery).toMatchObject({ responseStatus: null, error: expect.any(String) });
    }, WAIT);
  });

  test('at a private address is called only if private addresses are allowed', async () => {
    const fixture = await usher.addFixture();
    const { port } = new URL(receiver.url);
    const urls = [
      receiver.url,
      `http://localhost:${port}`,
      `http://[::1]:${port}`,
      `http://0.0.0.0:${port}`,
    ];
    for (const url of urls) await addEndpoint(usher, fixture, url);
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await deliver({ allowPrivateAddresses: false, retryDelayMs: 60_000 });
    await vi.waitFor(async () => {
      const deliveries = await usher.db.webhookDelivery.findMany();
      expect(deliveries.map(({ error }) => error)).toEqual(
        Array(4).fill(expect.stringMatching(/not allowed/)),
      );
    }, WAIT);
    expect(receiver.received).toEqual([]);
  });

  test('that sends a long body is read up to a limit', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    receiver.behave(() => response => {
      response.writeHead(200).write(`\0${'é'.repeat(5_000)}`);
    });
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await deliver();
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).toEqual(['succeeded']), WAIT);
    const [delivery] = await deliveriesOf(endpoint);
    expect(delivery?.responseBody).toBe(`\u{FFFD}${'é'.repeat(2_047)}`);
  });
});

describe('several dispatchers', () => {
  test('deliver each event once, in order per seat', async () => {
    const fixture = await usher.addFixture({ seats: 40 });
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    await Promise.all([deliver(), deliver(), deliver()]);
    const seats = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { id } = await givenSeat(usher, fixture, { email: `${n}@globex.example` });
        const body = { invitation_token: await tokenOf(usher, id) };
        await usher.rest('POST', '/v1/customer-seats/claim', { body });
        return id as string;
      }),
    );
    await vi.waitFor(
      async () => expect(await statusesOf(endpoint)).toEqual(Array(40).fill('succeeded')),
      WAIT,
    );
    expect(receiver.received).toHaveLength(40);
    for (const seatId of seats) {
      const types = receiver.received
        .filter(({ event }) => event.data.id === seatId)
        .map(({ event }) => event.type);
      expect(types).toEqual(['customer_seat.assigned', 'customer_seat.claimed']);
    }
  });

  test('take over an endpoint after the lease of a dead process expires', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, receiver.url);
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const leasedUntil = new Date(usher.now().getTime() + 20_000);
    const dead = { leasedBy: crypto.randomUUID(), leasedUntil };
    await usher.db.webhookEndpoint.updateMany({ where: { id: endpoint.id }, data: dead });
    await deliver();
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).toEqual(['pending']), WAIT);
    expect(receiver.received).toEqual([]);
    usher.advance(20_001);
    await vi.waitFor(async () => expect(await statusesOf(endpoint)).toEqual(['succeeded']), WAIT);
  });
});

test('a closing dispatcher finishes running attempts and starts no others', async () => {
  const fixture = await usher.addFixture();
  const endpoint = await addEndpoint(usher, fixture, receiver.url);
  let answer = () => {};
  receiver.behave(() => response => {
    answer = () => void response.end();
  });
  await givenLifecycle(fixture, 'sam@globex.example');
  const dispatcher = await startDelivering(usher);
  await vi.waitFor(() => expect(receiver.underWay()).toBe(1), WAIT);
  const closed = dispatcher.close();
  answer();
  await closed;
  expect(await statusesOf(endpoint)).toEqual(['succeeded', 'pending', 'pending']);
  const { leasedBy } = await usher.db.webhookEndpoint.findFirstOrThrow({
    where: { id: endpoint.id },
  });
  expect(leasedBy).toBeNull();
});
