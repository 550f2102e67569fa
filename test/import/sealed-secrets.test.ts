import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OtherSecretKey } from '../../src/db/secret-key-check.ts';
import { openSecrets } from '../../src/webhooks/stored-secrets.ts';
import type { Fixture } from '../support/fixture.ts';
import { importFile, SECRET_KEY } from '../support/import.ts';
import { placesOf } from '../support/stored-text.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const NEW_KEY = 'a new key for tests, thirty-two bytes or more';

let usher: TestUsher;
let fixture: Fixture;
beforeEach(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterEach(() => usher.close());

const keysOf = (secretKey: string, previousSecretKey?: string) => ({
  secretKey,
  previousSecretKey,
  isGenerated: false,
});
const endpoint = {
  id: randomUUID(),
  url: 'https://hooks.example/one',
  events: ['customer_seat.claimed'],
};

const load = (secret: string, options: Parameters<typeof importFile>[2] = {}) => {
  const [organization] = fixture.document.organizations;
  const organizations = [{ ...organization, webhookEndpoints: [{ ...endpoint, secret }] }];
  return importFile(usher.databaseUrl, { ...fixture.document, organizations }, options);
};

const row = () => usher.db.webhookEndpoint.findFirstOrThrow({ where: { id: endpoint.id } });
const opened = async (secretKey: string) => openSecrets({ secretKey }, await row())?.secret;

test('a file with webhook endpoints is refused without a key, and with another key than that of the database', async () => {
  await expect(load('whsec_one', { keys: undefined })).rejects.toThrow(
    'organizations[0].webhookEndpoints[0].secret: needs SECRET_KEY',
  );
  await load('whsec_one');
  await expect(load('whsec_one', { keys: keysOf(NEW_KEY) })).rejects.toThrow(OtherSecretKey);
});

test('the same secret changes nothing, whichever key encrypted it', async () => {
  await load('whsec_one');
  const before = await row();
  expect(await load('whsec_one')).not.toHaveProperty('notes');
  expect(await load('whsec_one', { keys: keysOf(NEW_KEY, SECRET_KEY) })).not.toHaveProperty(
    'notes',
  );
  expect(await row()).toEqual(before);
  expect(await opened(SECRET_KEY)).toBe('whsec_one');
});

test('the same secret encrypts one that another program stored as plain text', async () => {
  await load('whsec_one');
  await usher.db.webhookEndpoint.updateMany({ data: { secret: 'whsec_one', sealedSecret: null } });
  expect(await load('whsec_one')).not.toHaveProperty('notes');
  expect(await placesOf(usher, 'whsec_')).toEqual([]);
  expect(await opened(SECRET_KEY)).toBe('whsec_one');
  expect(await row()).toMatchObject({ modifiedAt: null });
});

test('another secret replaces it, and the dry run and the audit list say so', async () => {
  await load('whsec_one');
  const path = 'organizations[0].webhookEndpoints[0]';
  const { changes } = await load('whsec_two', { isDryRun: true });
  expect(changes).toEqual([{ path, message: 'changes secret' }]);
  await load('whsec_two');
  expect(await opened(SECRET_KEY)).toBe('whsec_two');
  const [event] = await usher.db.auditEvent.findMany({
    where: { subjectId: endpoint.id, type: 'webhook_endpoint_updated' },
  });
  expect(event?.changes).toEqual(['secret']);
});
