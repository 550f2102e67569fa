import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSecrets } from '../../src/webhooks/stored-secrets.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { untilWaiting } from '../support/locks.ts';
import { WebhookDeliveriesDocument } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import {
  addDelivery,
  createdEndpoint,
  createEndpoint,
  disableEndpoint,
  ENDPOINT_URL,
  enableEndpoint,
  join,
  listEndpoints,
  removeEndpoint,
  rotateEndpoint,
  updateEndpoint,
} from '../support/webhooks.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const SECRET = /^whsec_[\w-]{43}$/;

const secretsOf = (row: Awaited<ReturnType<typeof rowOf>>) =>
  openSecrets({ secretKey: SECRET_KEY }, row);

async function rowOf(id: string) {
  return await usher.db.webhookEndpoint.findFirstOrThrow({ where: { id } });
}

describe('a new key', () => {
  test('takes over, and the one before signs besides for a day', async () => {
    const fixture = await usher.addFixture();
    const { id, secret: old } = await createdEndpoint(usher, fixture);
    const before = Date.now();
    const result = await rotateEndpoint(usher, fixture, id);
    expect(result).toMatchObject({ secret: expect.stringMatching(SECRET) });
    const row = await rowOf(id);
    expect(result).toMatchObject({
      secret: secretsOf(row)?.secret,
      endpoint: { previousSecretExpiresAt: row.previousSecretExpiresAt?.toISOString() },
    });
    expect(secretsOf(row)).toMatchObject({ previousSecret: old });
    const lasts = Number(row.previousSecretExpiresAt) - before;
    expect(lasts).toBeGreaterThanOrEqual(DAY_MS);
    expect(lasts).toBeLessThan(DAY_MS + 60_000);
    const { data } = await listEndpoints(usher, fixture.tokens.organization);
    expect(JSON.stringify(data)).not.toContain('whsec_');
  });

  test('is lost to no receiver of two concurrent rotations', async () => {
    const fixture = await usher.addFixture();
    const { id } = await createdEndpoint(usher, fixture);
    for (const _ of range(5)) {
      const results = await Promise.all([
        rotateEndpoint(usher, fixture, id),
        rotateEndpoint(usher, fixture, id),
      ]);
      const given = results.map(result =>
        result?.__typename === 'RotateWebhookSecretSuccess' ? result.secret : '',
      );
      const secrets = secretsOf(await rowOf(id));
      expect([secrets?.secret, secrets?.previousSecret].toSorted()).toEqual(given.toSorted());
    }
  });
});

describe('an endpoint that is disabled', () => {
  test('skips what was on its way to it and nothing else', async () => {
    const fixture = await usher.addFixture();
    const [one, other] = [
      await addEndpoint(usher, fixture, ENDPOINT_URL),
      await addEndpoint(usher, fixture, ENDPOINT_URL),
    ];
    const pending = await addDelivery(usher, one, { status: 'pending' });
    const failed = await addDelivery(usher, one, { status: 'failed' });
    const elsewhere = await addDelivery(usher, other, { status: 'pending' });
    expect(await disableEndpoint(usher, fixture, one.id)).toMatchObject({
      __typename: 'DisableWebhookEndpointSuccess',
      endpoint: { disabledAt: expect.any(String) },
    });
    const rows = await usher.db.webhookDelivery.findMany({
      where: { id: { in: [pending.id, failed.id, elsewhere.id] } },
    });
    const statusOf = (id: string) => rows.find(row => row.id === id)?.status;
    expect([pending, failed, elsewhere].map(({ id }) => statusOf(id))).toEqual([
      'skipped',
      'failed',
      'pending',
    ]);
    expect(rows.find(({ id }) => id === pending.id)?.finishedAt).not.toBeNull();
  });

  test('skips what was just being made ready for it, too', async () => {
    const fixture = await usher.addFixture();
    const endpoint = await addEndpoint(usher, fixture, ENDPOINT_URL);
    const { pending, disabled } = await usher.db.$transaction(async tx => {
      // As the worker does.
      await tx.$queryRaw`SELECT 1 FROM webhook_endpoints WHERE id = ${endpoint.id}::uuid FOR SHARE`;
      const disabled = disableEndpoint(usher, fixture, endpoint.id);
      await untilWaiting(usher);
      return { pending: await addDelivery({ db: tx }, endpoint, { status: 'pending' }), disabled };
    });
    expect(await disabled).toMatchObject({ __typename: 'DisableWebhookEndpointSuccess' });
    expect(
      await usher.db.webhookDelivery.findFirstOrThrow({ where: { id: pending.id } }),
    ).toMatchObject({ status: 'skipped' });
  });

  test('stays as it is when it is disabled again', async () => {
    const fixture = await usher.addFixture();
    const { id } = await addEndpoint(usher, fixture, ENDPOINT_URL);
    await disableEndpoint(usher, fixture, id);
    const before = await rowOf(id);
    expect(await disableEndpoint(usher, fixture, id)).toMatchObject({
      endpoint: { disabledAt: before.disabledAt?.toISOString() },
    });
    expect(await rowOf(id)).toEqual(before);
  });

  test('is enabled again with its failures forgotten, and no second time', async () => {
    const fixture = await usher.addFixture();
    const { id } = await addEndpoint(usher, fixture, ENDPOINT_URL);
    await usher.db.webhookEndpoint.updateMany({
      where: { id },
      data: { disabledAt: new Date(), consecutiveFailures: 10 },
    });
    expect(await enableEndpoint(usher, fixture, id)).toMatchObject({
      __typename: 'EnableWebhookEndpointSuccess',
      endpoint: { disabledAt: null, consecutiveFailures: 0 },
    });
    await usher.db.webhookEndpoint.updateMany({ where: { id }, data: { consecutiveFailures: 3 } });
    const before = await rowOf(id);
    expect(await enableEndpoint(usher, fixture, id)).toMatchObject({
      endpoint: { consecutiveFailures: 3 },
    });
    expect(await rowOf(id)).toEqual(before);
  });
});

test('an endpoint that is deleted is found no more, nor is what it was sent', async () => {
  const fixture = await usher.addFixture();
  const endpoint = await addEndpoint(usher, fixture, ENDPOINT_URL);
  const { id } = endpoint;
  const delivery = await addDelivery(usher, endpoint, { status: 'pending' });
  expect(await removeEndpoint(usher, fixture, id)).toMatchObject({
    __typename: 'DeleteWebhookEndpointSuccess',
    endpoint: { id },
  });
  expect(await rowOf(id)).toMatchObject({ deletedAt: expect.any(Date) });
  expect(
    await usher.db.webhookDelivery.findFirstOrThrow({ where: { id: delivery.id } }),
  ).toMatchObject({ status: 'skipped' });
  expect(
    (await listEndpoints(usher, fixture.tokens.organization)).data?.webhookEndpoints?.totalCount,
  ).toBe(0);
  for (const verb of [removeEndpoint, disableEndpoint, enableEndpoint, rotateEndpoint]) {
    expect(await verb(usher, fixture, id)).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  }
  expect(await updateEndpoint(usher, fixture, { id, url: ENDPOINT_URL })).toMatchObject({
    code: 'RESOURCE_NOT_FOUND',
  });
  const { data } = await usher.graphql(
    WebhookDeliveriesDocument,
    { id },
    fixture.tokens.organization,
  );
  expect(data?.webhookEndpoint).toBeNull();
});

describe('to another organization', () => {
  test("an organization's endpoint is as if it did not exist", async () => {
    const [fixture, stranger] = [await usher.addFixture(), await usher.addFixture()];
    const { id } = await addEndpoint(usher, fixture, ENDPOINT_URL);
    const before = await rowOf(id);
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      for (const verb of [removeEndpoint, disableEndpoint, enableEndpoint, rotateEndpoint]) {
        const [real, unreal] = [
          await verb(usher, fixture, id, token),
          await verb(usher, fixture, randomUUID(), token),
        ];
        expect(real).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
        expect(real).toEqual(unreal);
      }
      expect(await updateEndpoint(usher, fixture, { id, url: ENDPOINT_URL }, token)).toEqual(
        await updateEndpoint(usher, fixture, { id: randomUUID(), url: ENDPOINT_URL }, token),
      );
      const read = await usher.graphql(WebhookDeliveriesDocument, { id }, token);
      expect(read).toMatchObject({ status: 200, data: { webhookEndpoint: null } });
      expect(read.errors).toBeUndefined();
    }
    expect(await rowOf(id)).toEqual(before);
  });

  test('its endpoints cannot be listed, nor one be created for it', async () => {
    const [fixture, stranger] = [await usher.addFixture(), await usher.addFixture()];
    await addEndpoint(usher, fixture, ENDPOINT_URL);
    const { organization: organizationId } = fixture.ids;
    const token = stranger.tokens.organization;
    expect(await listEndpoints(usher, token, organizationId)).toMatchObject({
      data: { webhookEndpoints: null },
    });
    expect(await createEndpoint(usher, fixture, { organizationId }, token)).toEqual(
      await createEndpoint(usher, fixture, { organizationId: randomUUID() }, token),
    );
    expect(await createEndpoint(usher, fixture, { organizationId }, token)).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      message: 'Organization not found',
    });
    expect(await usher.db.webhookEndpoint.count({ where: ownedBy(fixture) })).toBe(1);
  });
});

describe('a person who acts for several organizations', () => {
  test('has to name the one to create or list for, and reaches the endpoints of each', async () => {
    const [fixture, second, stranger] = await Promise.all([
      usher.addFixture(),
      usher.addFixture(),
      usher.addFixture(),
    ]);
    await join(usher, fixture, second);
    const token = fixture.tokens.personal;
    expect(await createEndpoint(usher, fixture, {}, token)).toMatchObject({
      issues: [{ path: ['organizationId'], code: 'REQUIRED' }],
    });
    const unnamed = await listEndpoints(usher, token);
    expect(unnamed.data?.webhookEndpoints).toBeNull();
    expect(unnamed.errors?.[0]?.extensions?.code).toBe('INVALID_INPUT');
    for (const { ids } of [fixture, second]) {
      const organizationId = ids.organization;
      const result = await createEndpoint(usher, fixture, { organizationId }, token);
      expect(result).toMatchObject({ __typename: 'CreateWebhookEndpointSuccess' });
      const { data } = await listEndpoints(usher, token, organizationId);
      expect(data?.webhookEndpoints?.nodes).toMatchObject([
        { organization: { id: organizationId } },
      ]);
      const id = data?.webhookEndpoints?.nodes[0]?.id ?? '';
      expect(await disableEndpoint(usher, fixture, id, token)).toMatchObject({ endpoint: { id } });
    }
    const organizationId = stranger.ids.organization;
    expect(await createEndpoint(usher, fixture, { organizationId }, token)).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    expect(await listEndpoints(usher, token, organizationId)).toMatchObject({
      data: { webhookEndpoints: null },
    });
  });
});

function ownedBy(fixture: Fixture) {
  return { organizationId: fixture.ids.organization, deletedAt: null };
}
