import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { createDeliverJob } from '../../src/webhooks/deliver-job.ts';
import { createSender, type Sender } from '../../src/webhooks/send.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { UpdateWebhookEndpointDocument } from '../support/operations/graphql.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher({ clockStands: true, webhookPrivateAddresses: true });
});
afterAll(() => usher.close());

let receiver: Receiver;
let sender: Sender;
let fixture: Fixture;
let endpoint: Awaited<ReturnType<typeof addEndpoint>>;
beforeEach(async () => {
  receiver = await startReceiver();
  sender = createSender({ allowPrivateAddresses: true });
  fixture = await usher.addFixture();
  endpoint = await addEndpoint(usher, fixture, receiver.url);
});
afterEach(async () => {
  sender.close();
  await receiver.close();
  await usher.db.webhookEndpoint.deleteMany();
});

const HOUR_MS = 3_600_000;
const RETRY_DELAY_MS = 2_000;

let assigned = 0;
const assign = () => givenSeat(usher, fixture, { email: `sam${++assigned}@globex.example` });

/** Delivers everything that is due. */
async function deliver(): Promise<void> {
  const { db, now } = usher;
  const logger = pino({ enabled: false });
  const stop = new AbortController();
  const fanOut = createFanOutJob({ db, now });
  while (await fanOut.run(stop.signal));
  const job = createDeliverJob({
    db,
    sender,
    logger,
    now,
    retryDelayMs: RETRY_DELAY_MS,
    secretKey: SECRET_KEY,
  });
  await job.run(stop.signal);
  await job.drain?.();
}

const deliveries = () =>
  usher.db.webhookDelivery.findMany({
    where: { endpointId: endpoint.id },
    orderBy: { sequence: 'asc' },
  });
const statuses = async () => (await deliveries()).map(({ status }) => status);

const answer = (status: number, retryAfter?: string) =>
  receiver.behave(() => response => {
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
  });

describe('410 Gone', () => {
  test('disables the endpoint immediately, skips its pending deliveries and notifies the organization’s users', async () => {
    await assign();
    await assign();
    await assign();
    answer(410);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await statuses()).toEqual(['failed', 'skipped', 'skipped']);
    const where = {
      organizationId_id: { organizationId: endpoint.organizationId, id: endpoint.id },
    };
    const { disabledAt } = await usher.db.webhookEndpoint.findUniqueOrThrow({ where });
    expect(disabledAt).toEqual(usher.now());
    const mails = await usher.db.mail.findMany({ where: { endpointId: endpoint.id } });
    expect(mails).toMatchObject([{ kind: 'webhook_disabled', recipient: 'ada@acme.example' }]);
  });
});

describe.each([
  ['429', 429, '600'],
  ['503 with Retry-After', 503, '600'],
  ['429 with a date', 429, undefined],
])('%s', (_name, status, seconds) => {
  test('stops all deliveries to the endpoint for the requested time', async () => {
    await assign();
    answer(status, seconds ?? new Date(usher.now().getTime() + 600_000).toUTCString());
    await deliver();
    expect(receiver.received).toHaveLength(1);
    answer(200);
    // An event of another seat, due immediately.
    await assign();
    usher.advance(597_000);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    usher.advance(4_000);
    await deliver();
    expect(await statuses()).toEqual(['succeeded', 'succeeded']);
    expect((await deliveries()).map(({ attempts }) => attempts)).toEqual([2, 1]);
  });
});

describe('429', () => {
  test('with a very long Retry-After is attempted again after an hour', async () => {
    await assign();
    answer(429, '99999999');
    await deliver();
    usher.advance(HOUR_MS - 1_000);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    usher.advance(2_000);
    await deliver();
    expect(receiver.received).toHaveLength(2);
  });

  test.each(['0', undefined, 'soon'])(
    'with Retry-After %s stops the queue for at least the usual delay',
    async retryAfter => {
      await assign();
      answer(429, retryAfter);
      await deliver();
      await assign();
      usher.advance(RETRY_DELAY_MS - 1);
      await deliver();
      expect(receiver.received).toHaveLength(1);
      usher.advance(RETRY_DELAY_MS + 1);
      await deliver();
      expect(receiver.received.length).toBeGreaterThan(1);
    },
  );

  test('ten times fails the delivery', async () => {
    await assign();
    answer(429, '1');
    for (let i = 0; i < 10; i++) {
      await deliver();
      usher.advance(HOUR_MS);
    }
    expect(await statuses()).toEqual(['failed']);
    expect(receiver.received).toHaveLength(10);
  });

  test('does not delay deliveries to a new URL of the endpoint', async () => {
    await assign();
    answer(429, '600');
    await deliver();
    const other = await startReceiver();
    const input = { id: endpoint.id, url: other.url };
    const { errors } = await usher.graphql(
      UpdateWebhookEndpointDocument,
      { input },
      fixture.tokens.organization,
    );
    expect(errors).toBeUndefined();
    await assign();
    await deliver();
    expect(other.received).toHaveLength(1);
    await other.close();
  });
});

test('503 without Retry-After does not delay other seats', async () => {
  await assign();
  answer(503);
  await deliver();
  await assign();
  await deliver();
  expect(receiver.received).toHaveLength(2);
});

describe('421', () => {
  test('is retried once, immediately, on another connection', async () => {
    const ports: (number | undefined)[] = [];
    receiver.behave(() => response => {
      ports.push(response.socket?.remotePort);
      response.writeHead(ports.length === 2 ? 421 : 200).end();
    });
    await assign();
    await deliver();
    await assign();
    await deliver();
    expect(await statuses()).toEqual(['succeeded', 'succeeded']);
    expect((await deliveries()).map(({ attempts }) => attempts)).toEqual([1, 1]);
    const [first, second, third] = ports;
    // The second attempt reused the connection, which may have led to the wrong server.
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('twice fails the attempt', async () => {
    await assign();
    answer(421);
    await deliver();
    expect(receiver.received).toHaveLength(2);
    expect(await deliveries()).toMatchObject([
      { status: 'pending', attempts: 1, responseStatus: 421 },
    ]);
  });
});

describe('a receiver cannot block usher for longer than an attempt', () => {
  const shortenAttempts = () => {
    sender.close();
    sender = createSender({ allowPrivateAddresses: true, attemptMs: 200 });
  };

  test('with slow headers', async () => {
    shortenAttempts();
    receiver.behave(() => ({ socket }) => {
      socket?.write('HTTP/1.1 200 OK\r\n');
      const trickle = setInterval(() => socket?.write('x-slow: 1\r\n'), 20);
      socket?.once('close', () => clearInterval(trickle));
    });
    await assign();
    await deliver();
    expect(await deliveries()).toMatchObject([
      { status: 'pending', error: 'No answer within 0.2 s' },
    ]);
  });

  test('with endless early hints', async () => {
    shortenAttempts();
    receiver.behave(() => response => {
      const hint = setInterval(() => response.writeEarlyHints({ link: '</a>; rel=preload' }), 20);
      response.socket?.once('close', () => clearInterval(hint));
    });
    await assign();
    await deliver();
    expect(await deliveries()).toMatchObject([
      { status: 'pending', error: 'No answer within 0.2 s' },
    ]);
  });

  test('with endless headers', async () => {
    receiver.behave(() => ({ socket }) => {
      socket?.write(`HTTP/1.1 200 OK\r\n${'x-long: 1\r\n'.repeat(100_000)}`);
      socket?.on('error', () => undefined);
    });
    await assign();
    await deliver();
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ status: 'pending', responseStatus: null });
    expect(delivery?.error).toMatch(/overflow/i);
  });

  test('with an endless body', async () => {
    receiver.behave(() => response => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour).on('error', () => undefined);
      pour();
    });
    await assign();
    await deliver();
    const [delivery] = await deliveries();
    expect(delivery?.status).toBe('succeeded');
    expect(delivery?.responseBody?.length).toBeLessThanOrEqual(2_048);
  });
});
