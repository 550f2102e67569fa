import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSecrets } from '../../src/webhooks/stored-secrets.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { CreateWebhookEndpointDocument } from '../support/operations/graphql.ts';
import { inParallel, range } from '../support/parallel.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import {
  createdEndpoint,
  createEndpoint,
  ENDPOINT_URL,
  listEndpoints,
  removeEndpoint,
  updateEndpoint,
} from '../support/webhooks.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const SECRET = /^whsec_[\w-]{43}$/;

async function rowOf(id: string) {
  return await usher.db.webhookEndpoint.findFirstOrThrow({ where: { id } });
}

describe('an endpoint that is created', () => {
  test('comes with its key, which signs from then on and is shown nowhere else', async () => {
    const fixture = await usher.addFixture();
    const { secret, ...endpoint } = await createdEndpoint(usher, fixture, {
      events: ['CUSTOMER_SEAT_REVOKED', 'CUSTOMER_SEAT_ASSIGNED'],
    });
    expect(secret).toMatch(SECRET);
    expect(endpoint).toEqual({
      id: expect.any(String),
      url: ENDPOINT_URL,
      events: ['CUSTOMER_SEAT_REVOKED', 'CUSTOMER_SEAT_ASSIGNED'],
      disabledAt: null,
      consecutiveFailures: 0,
      previousSecretExpiresAt: null,
    });
    const row = await rowOf(endpoint.id);
    expect(openSecrets({ secretKey: SECRET_KEY }, row)).toMatchObject({ secret });
    expect(row).toMatchObject({
      organizationId: fixture.ids.organization,
      secret: '',
      events: ['customer_seat.revoked', 'customer_seat.assigned'],
      modifiedAt: null,
    });
    const { data } = await listEndpoints(usher, fixture.tokens.organization);
    expect(data?.webhookEndpoints?.nodes).toEqual([
      {
        ...endpoint,
        createdAt: expect.any(String),
        modifiedAt: null,
        organization: { id: fixture.ids.organization },
      },
    ]);
    expect(JSON.stringify(data)).not.toContain(secret);
    expect(usher.log.join('')).not.toContain(secret);
  });

  test('has its own secret', async () => {
    const fixture = await usher.addFixture();
    const one = await createdEndpoint(usher, fixture);
    const result = await createEndpoint(usher, fixture, {}, fixture.tokens.personal);
    expect(result).toMatchObject({ secret: expect.stringMatching(SECRET) });
    expect(result).not.toMatchObject({ secret: one.secret });
  });

  test.each([
    ['no address', { url: 'hooks.acme.example' }, 'url', 'URL'],
    ['another scheme', { url: 'ftp://hooks.acme.example' }, 'url', 'URL'],
    ['a password', { url: 'https://me:secret@hooks.acme.example' }, 'url', 'CREDENTIALS'],
    ['a fragment', { url: 'https://hooks.acme.example/#usher' }, 'url', 'FRAGMENT'],
    ['a private address', { url: 'https://10.1.2.3/hook' }, 'url', 'PRIVATE_ADDRESS'],
    ['itself', { url: 'http://localhost:4000/hook' }, 'url', 'PRIVATE_ADDRESS'],
    ['a long address', { url: `https://a.example/${'x'.repeat(2_048)}` }, 'url', 'TOO_LONG'],
    ['half a character', { url: 'https://a.example/\ud800' }, 'url', 'TEXT'],
    ['no events', { events: [] }, 'events', 'REQUIRED'],
    [
      'an event twice',
      { events: ['CUSTOMER_SEAT_CLAIMED', 'CUSTOMER_SEAT_CLAIMED'] },
      'events',
      'DUPLICATE',
    ],
  ] as const)('with %s is refused', async (_name, input, field, code) => {
    const fixture = await usher.addFixture();
    const issues = [{ path: [field], code, message: expect.any(String) }];
    expect(await createEndpoint(usher, fixture, { ...input } as object)).toMatchObject({
      __typename: 'InvalidInputError',
      issues,
    });
    const { id } = await createdEndpoint(usher, fixture);
    expect(await updateEndpoint(usher, fixture, { id, ...input } as never)).toMatchObject({
      __typename: 'InvalidInputError',
      issues,
    });
    expect(await usher.db.webhookEndpoint.count({ where: ownedBy(fixture) })).toBe(1);
    expect(await rowOf(id)).toMatchObject({ url: ENDPOINT_URL, modifiedAt: null });
  });

  test('is one of 20 at the most, even under concurrent requests', async () => {
    const fixture = await usher.addFixture();
    for (const _ of range(15)) await addEndpoint(usher, fixture, ENDPOINT_URL);
    const results = await inParallel(range(10), 10, () => createEndpoint(usher, fixture));
    const isMade = (result: (typeof results)[number]) =>
      result?.__typename === 'CreateWebhookEndpointSuccess';
    expect(results.filter(isMade)).toHaveLength(5);
    for (const result of results.filter(result => !isMade(result))) {
      expect(result).toMatchObject({ issues: [{ path: ['organizationId'], code: 'TOO_MANY' }] });
    }
    const { id } = await usher.db.webhookEndpoint.findFirstOrThrow({ where: ownedBy(fixture) });
    await removeEndpoint(usher, fixture, id);
    expect(await createEndpoint(usher, fixture)).toMatchObject({
      __typename: 'CreateWebhookEndpointSuccess',
    });
  });
});

test('where private addresses are allowed, an endpoint may be on this machine', async () => {
  const lenient = await startUsher({ webhookPrivateAddresses: true });
  try {
    const fixture = await lenient.addFixture();
    const { data } = await lenient.graphql(
      CreateWebhookEndpointDocument,
      { input: { url: 'http://127.0.0.1:9000/hook', events: ['CUSTOMER_SEAT_CLAIMED'] } },
      fixture.tokens.organization,
    );
    expect(data?.createWebhookEndpoint?.__typename).toBe('CreateWebhookEndpointSuccess');
  } finally {
    await lenient.close();
  }
});

test('an update changes what it names, and leaves the rest', async () => {
  const fixture = await usher.addFixture();
  const { id } = await createdEndpoint(usher, fixture);
  const moved = await updateEndpoint(usher, fixture, { id, url: 'http://other.acme.example' });
  expect(moved).toMatchObject({
    endpoint: { url: 'http://other.acme.example', events: ['CUSTOMER_SEAT_ASSIGNED'] },
  });
  const events = ['CUSTOMER_SEAT_CLAIMED', 'CUSTOMER_SEAT_REVOKED'] as const;
  expect(
    await updateEndpoint(usher, fixture, { id, url: null, events: [...events] }),
  ).toMatchObject({
    endpoint: { url: 'http://other.acme.example', events },
  });
  expect((await rowOf(id)).modifiedAt).not.toBeNull();
});

test('event types that are none are passed over where an endpoint is read', async () => {
  const fixture = await usher.addFixture();
  const { id } = await addEndpoint(usher, fixture, ENDPOINT_URL, [
    'order.paid',
    'customer_seat.claimed',
  ]);
  const { data, errors } = await listEndpoints(usher, fixture.tokens.organization);
  expect(errors).toBeUndefined();
  expect(data?.webhookEndpoints?.nodes).toMatchObject([{ id, events: ['CUSTOMER_SEAT_CLAIMED'] }]);
});

function ownedBy(fixture: Fixture) {
  return { organizationId: fixture.ids.organization, deletedAt: null };
}
