import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../support/import.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { createAcme } from './acme.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const SECRET = 'whsec_bXkgc2VjcmV0IGtleSBvZiAzMiBieXRlcyEhISEhIQ==';

/** An organization with everything whose changes the audit list shows, imported once. */
async function importAcme() {
  const acme = createAcme();
  const user = { id: randomUUID(), email: 'ada@acme.example', accessTokens: [{ ...token() }] };
  const endpoint = {
    id: randomUUID(),
    url: 'https://hooks.example/a',
    secret: SECRET,
    events: ['customer_seat.claimed'],
  };
  const accessToken = token();
  acme.document.users.push(user);
  Object.assign(acme.organization, {
    userIds: [user.id],
    accessTokens: [accessToken],
    webhookEndpoints: [endpoint],
  });
  const load = (isDryRun = false) => importFile(usher.databaseUrl, acme.document, { isDryRun });
  const eventsOf = async () =>
    (
      await usher.db.auditEvent.findMany({
        where: { organizationId: acme.organization.id },
        orderBy: [{ type: 'asc' }, { subjectLabel: 'asc' }],
      })
    ).map(({ type, subjectId, subjectLabel, changes, actorKind, actorId, actorChannel }) => {
      expect({ actorKind, actorId, actorChannel }).toEqual({
        actorKind: 'system',
        actorId: null,
        actorChannel: 'import',
      });
      return { type, subjectId, subjectLabel, changes };
    });
  await load();
  return { ...acme, user, endpoint, accessToken, load, eventsOf };
}

const token = () => ({
  token: `usher_oat_${randomUUID()}`,
  scopes: ['customer_seats:read'],
  expiresAt: null as string | null,
});

test('an import records what is new', async () => {
  const { endpoint, user, eventsOf } = await importAcme();
  const created = { type: 'access_token_created', subjectId: expect.any(String), changes: [] };
  expect(await eventsOf()).toEqual([
    {
      type: 'webhook_endpoint_created',
      subjectId: endpoint.id,
      subjectLabel: endpoint.url,
      changes: [],
    },
    { ...created, subjectLabel: user.email },
    { ...created, subjectLabel: null },
  ]);
});

test('an import records what it changes, once', async () => {
  const { organization, jane, raj, endpoint, accessToken, user, load, eventsOf } =
    await importAcme();
  await usher.db.auditEvent.deleteMany();
  Object.assign(jane, { role: 'member' });
  Object.assign(raj, { role: 'owner', name: 'Raj' });
  Object.assign(endpoint, { url: 'https://hooks.example/b' });
  Object.assign(accessToken, { scopes: [], expiresAt: '2030-01-01T00:00:00Z' });
  Object.assign(organization, { name: 'Acme Inc.', slug: 'acme-inc', userIds: [] });
  await load(true);
  expect(await eventsOf()).toEqual([]);
  await load();
  const events = [
    { type: 'member_updated', subjectId: jane.id, subjectLabel: jane.email, changes: ['role'] },
    {
      type: 'member_updated',
      subjectId: raj.id,
      subjectLabel: raj.email,
      changes: ['name', 'role'],
    },
    {
      type: 'settings_updated',
      subjectId: organization.id,
      subjectLabel: 'acme-inc',
      changes: ['name', 'slug'],
    },
    {
      type: 'webhook_endpoint_updated',
      subjectId: endpoint.id,
      subjectLabel: endpoint.url,
      changes: ['url'],
    },
    {
      type: 'access_token_updated',
      subjectId: expect.any(String),
      subjectLabel: null,
      changes: ['expiresAt', 'scopes'],
    },
    { type: 'membership_ended', subjectId: user.id, subjectLabel: user.email, changes: [] },
  ];
  expect(await eventsOf()).toEqual(events);
  await load();
  expect(await eventsOf()).toEqual(events);
});

test('an import that replaces the owner records the former one', async () => {
  const { document, globex, jane, load, eventsOf } = await importAcme();
  await usher.db.auditEvent.deleteMany();
  globex.members = [{ id: randomUUID(), email: 'new@globex.example', role: 'owner' }];
  expect(document.organizations).toHaveLength(1);
  await load();
  expect(await eventsOf()).toEqual([
    { type: 'member_updated', subjectId: jane.id, subjectLabel: jane.email, changes: ['role'] },
  ]);
});

test('a value that was changed in usher and stays is no change', async () => {
  const { raj, load, eventsOf } = await importAcme();
  await usher.db.auditEvent.deleteMany();
  await usher.db.member.updateMany({ where: { id: raj.id }, data: { name: 'Raj' } });
  Object.assign(raj, { externalId: 'raj-1' });
  await load();
  expect(await eventsOf()).toEqual([
    { type: 'member_updated', subjectId: raj.id, subjectLabel: raj.email, changes: ['externalId'] },
  ]);
});
