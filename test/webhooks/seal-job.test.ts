import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { createDeliverJob } from '../../src/webhooks/deliver-job.ts';
import { createSealJob, NOT_OPENED } from '../../src/webhooks/seal-job.ts';
import { type SealingKeys, sealPrefix } from '../../src/webhooks/sealed-secret.ts';
import { createSender } from '../../src/webhooks/send.ts';
import { signedHeaders } from '../../src/webhooks/sign.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import { placesOf } from '../support/stored-text.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import { createdEndpoint, rotateEndpoint } from '../support/webhooks.ts';

let usher: TestUsher;
let fixture: Fixture;
let receiver: Receiver;
let log: string[];
beforeEach(async () => {
  usher = await startUsher({ webhookPrivateAddresses: true });
  fixture = await usher.addFixture();
  receiver = await startReceiver();
  log = [];
});
afterEach(async () => {
  await receiver.close();
  await usher.close();
});

const KEYS = { secretKey: SECRET_KEY };
const NEW_KEY = 'a new key for tests, thirty-two bytes or more';
const { signal } = new AbortController();
const logger = () => pino({}, { write: line => void log.push(line) });

async function seal(keys: SealingKeys): Promise<void> {
  const job = createSealJob({ ...keys, db: usher.db, logger: logger(), now: usher.now });
  while (await job.run(signal));
}

async function deliver(keys: SealingKeys): Promise<void> {
  const { db, now } = usher;
  const sender = createSender({ allowPrivateAddresses: true });
  const fanOut = createFanOutJob({ db, now });
  while (await fanOut.run(signal));
  const job = createDeliverJob({ ...keys, db, sender, logger: logger(), now, retryDelayMs: 1 });
  await job.run(signal);
  await job.drain?.();
  sender.close();
}

const signs = (secret: string) => {
  const [webhook] = receiver.received.slice(-1);
  if (webhook === undefined) throw new Error('Nothing arrived.');
  const verifier = new Webhook(Buffer.from(secret, 'utf8').toString('base64'));
  verifier.verify(webhook.body, webhook.headers as Record<string, string>);
  return true;
};

const rowOf = (id: string) => usher.db.webhookEndpoint.findFirstOrThrow({ where: { id } });
const assignTo = (email: string) => givenSeat(usher, fixture, { email });

test('no secret of an endpoint is in the database, however it got there', async () => {
  const created = await createdEndpoint(usher, fixture, { url: receiver.url });
  await rotateEndpoint(usher, fixture, created.id);
  const [organization] = fixture.document.organizations;
  await usher.load({
    organizations: [
      {
        ...organization,
        webhookEndpoints: [
          {
            id: randomUUID(),
            url: receiver.url,
            secret: 'whsec_imported',
            events: ['customer_seat.assigned'],
          },
        ],
      },
    ],
  });
  expect(await placesOf(usher, 'whsec_')).toEqual([]);
});

test('a secret that another program stored as plain text signs, and is encrypted', async () => {
  const endpoint = await addEndpoint(usher, fixture, receiver.url);
  await usher.db.webhookEndpoint.updateMany({
    data: {
      previousSecret: 'whsec_before',
      previousSecretExpiresAt: new Date(usher.now().getTime() + 60_000),
    },
  });
  await assignTo('one@globex.example');
  await deliver(KEYS);
  expect(signs(endpoint.secret) && signs('whsec_before')).toBe(true);
  expect(await placesOf(usher, 'whsec_')).toHaveLength(2);
  await seal(KEYS);
  expect(await placesOf(usher, 'whsec_')).toEqual([]);
  await assignTo('two@globex.example');
  await deliver(KEYS);
  expect(signs(endpoint.secret) && signs('whsec_before')).toBe(true);
  expect(await rowOf(endpoint.id)).toMatchObject({ modifiedAt: null });
});

test('a program before the encryption cannot sign for an encrypted secret, and its rotation counts', async () => {
  const { id, secret } = await createdEndpoint(usher, fixture, { url: receiver.url });
  const row = await rowOf(id);
  const old = {
    secret: row.secret,
    previousSecret: row.previousSecret,
    previousSecretExpiresAt: null,
  };
  expect(() => signedHeaders(old, 'msg', '{}', usher.now())).toThrow("Secret can't be empty.");
  await usher.db.webhookEndpoint.updateMany({
    data: {
      secret: 'whsec_of_the_old_program',
      previousSecret: row.secret,
      previousSecretExpiresAt: new Date(usher.now().getTime() + 60_000),
    },
  });
  for (const email of ['one@globex.example', 'two@globex.example']) {
    await assignTo(email);
    await deliver(KEYS);
    expect(signs('whsec_of_the_old_program') && signs(secret)).toBe(true);
    await seal(KEYS);
    expect(await placesOf(usher, 'whsec_')).toEqual([]);
  }
});

test('a new key opens what the previous one encrypted, and encrypts it anew in batches', async () => {
  const { id, secret } = await createdEndpoint(usher, fixture, { url: receiver.url });
  const rows = Array.from({ length: 450 }, (_, n) => ({
    id: randomUUID(),
    organizationId: fixture.ids.organization,
    url: receiver.url,
    secret: `whsec_${n}`,
    events: [],
  }));
  await usher.db.webhookEndpoint.createMany({ data: rows });
  await seal(KEYS);
  const keys = { secretKey: NEW_KEY, previousSecretKey: SECRET_KEY };
  await assignTo('one@globex.example');
  await deliver(keys);
  expect(signs(secret)).toBe(true);
  expect((await rowOf(id)).sealedSecret).toContain(sealPrefix(SECRET_KEY));
  await seal(keys);
  const sealed = await usher.db.webhookEndpoint.findMany({ select: { sealedSecret: true } });
  expect(sealed).toHaveLength(451);
  for (const { sealedSecret } of sealed) expect(sealedSecret).toContain(sealPrefix(NEW_KEY));
  await assignTo('two@globex.example');
  await deliver({ secretKey: NEW_KEY });
  expect(signs(secret)).toBe(true);
});

test('while no key opens a secret, the deliveries wait and say so, and go out with the key', async () => {
  const { id, secret } = await createdEndpoint(usher, fixture, { url: receiver.url });
  const other = await addEndpoint(usher, fixture, receiver.url);
  await assignTo('one@globex.example');
  const wrong = { secretKey: NEW_KEY };
  await seal(wrong);
  await deliver(wrong);
  const delivery = () => usher.db.webhookDelivery.findFirstOrThrow({ where: { endpointId: id } });
  expect(await delivery()).toMatchObject({ status: 'pending', attempts: 0, error: NOT_OPENED });
  expect(log.filter(line => line.includes(NOT_OPENED) && line.includes(id))).toHaveLength(2);
  expect(log.join()).not.toContain(secret);
  // The other endpoint is delivered to.
  expect(receiver.received).toHaveLength(1);
  expect(signs(other.secret)).toBe(true);
  usher.advance(61_000);
  await deliver({ ...wrong, previousSecretKey: SECRET_KEY });
  expect(signs(secret)).toBe(true);
  expect(await delivery()).toMatchObject({ status: 'succeeded', error: null });
});

test('an encrypted secret that was copied to another endpoint does not sign', async () => {
  const one = await createdEndpoint(usher, fixture, { url: receiver.url });
  const { sealedSecret } = await rowOf(one.id);
  const other = await createdEndpoint(usher, fixture, { url: receiver.url });
  await usher.db.webhookEndpoint.updateMany({ where: { id: other.id }, data: { sealedSecret } });
  await assignTo('one@globex.example');
  await deliver(KEYS);
  expect(receiver.received).toHaveLength(1);
  expect(signs(one.secret)).toBe(true);
});
