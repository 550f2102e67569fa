import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../src/import/import-file.ts';
import { createAcme, seatOf } from './acme.ts';
import { openProbe } from './probe.ts';

// The keys of a file that `npm run export -- --all` has written.

let probe: Awaited<ReturnType<typeof openProbe>>;
beforeAll(async () => {
  probe = await openProbe();
});
afterAll(() => probe.close());

test('a malformed hash, nonce, time or setting is reported by its path', async () => {
  const { document, organization, globex, subscription } = createAcme();
  const hash = 'ab'.repeat(32);
  Object.assign(organization, {
    reminderHours: 24,
    returnUrl: 'http://evil.example/',
    invitationText: '{{#inviter}}',
    accessTokens: [
      { tokenHash: 'xyz', scopes: [] },
      { tokenHash: hash, token: 'both', scopes: [] },
      { scopes: [] },
    ],
    mailOptOuts: [{ email: 'nobody' }],
    seats: [
      { ...seatOf(subscription, 'a@example.com'), invitationNonce: 'ab' },
      { ...seatOf(subscription, 'b@example.com'), invitationTokenHash: hash, invitationToken: 'x' },
    ],
  });
  Object.assign(globex, { asOfByKey: { nonsense: null } });
  expect(
    (await probe.problemsOf(document)).map(line => line.replace(/^organizations\[0\]\./, '')),
  ).toEqual([
    'reminderHours: From 1 to 23 hours before the invitation ends.',
    'returnUrl: Must be an https:// address; http:// only leads to localhost.',
    expect.stringMatching(/^invitationText: /),
    'accessTokens[0].tokenHash: must be a SHA-256 in hexadecimal: 64 digits',
    'accessTokens[1].tokenHash: must not be given together with token',
    'accessTokens[2].token: is missing',
    expect.stringMatching(/^customers\[0\]\.asOfByKey\.nonsense: /),
    'seats[0].invitationNonce: must be 16 to 64 bytes in hexadecimal',
    'seats[1].invitationTokenHash: must not be given together with invitationToken',
    expect.stringMatching(/^mailOptOuts\[0\]\.email: must be an e-mail address/),
  ]);
});

test('settings and times count when the row is created, and no more', async () => {
  const { document, organization, jane } = createAcme();
  Object.assign(organization, {
    sendsInvitations: false,
    reminderHours: 2,
    createdAt: '2025-01-01T00:00:00Z',
  });
  Object.assign(jane, { createdAt: '2025-01-02T00:00:00Z' });
  await importFile(probe.url, document);
  const created = await probe.find('organizations', organization.id);
  expect(created).toMatchObject({
    sends_invitations: false,
    reminder_hours: 2,
    created_at: new Date('2025-01-01T00:00:00Z'),
  });
  Object.assign(organization, {
    sendsInvitations: true,
    reminderHours: null,
    createdAt: undefined,
  });
  Object.assign(jane, { createdAt: '2026-01-02T00:00:00Z' });
  await importFile(probe.url, document);
  expect(await probe.find('organizations', organization.id)).toEqual(created);
  expect(await probe.find('members', jane.id)).toMatchObject({
    created_at: new Date('2025-01-02T00:00:00Z'),
    modified_at: null,
  });
});

test('a row keeps the time of each key, so that later news counts as it would have', async () => {
  const { document, globex } = createAcme();
  const name = { name: 'Old', asOf: '2026-01-05T00:00:00Z' };
  Object.assign(globex, {
    ...name,
    asOfByKey: { email: '2026-01-09T00:00:00Z', externalId: null },
  });
  await importFile(probe.url, document);
  expect(await probe.find('customers', globex.id)).toMatchObject({
    as_of: new Date('2026-01-05T00:00:00Z'),
    as_of_by_column: { email: '2026-01-09T00:00:00.000Z', external_id: null },
  });
  // News of the 7th: newer than the name, older than the address.
  Object.assign(globex, {
    name: 'New',
    email: 'older@example.com',
    asOf: '2026-01-07T00:00:00Z',
    asOfByKey: undefined,
  });
  const before = await probe.find('customers', globex.id);
  await importFile(probe.url, document);
  expect(await probe.find('customers', globex.id)).toMatchObject({
    name: 'New',
    email: before?.email,
  });
});

test('an address that was unsubscribed here stays so, whatever its case', async () => {
  const { document, organization } = createAcme();
  Object.assign(organization, { mailOptOuts: [{ email: 'Never@Example.com' }] });
  await importFile(probe.url, document);
  await importFile(probe.url, document);
  const { rows } = await probe.client.query(
    'SELECT email FROM mail_opt_outs WHERE organization_id = $1',
    [organization.id],
  );
  expect(rows).toEqual([{ email: 'never@example.com' }]);
  Object.assign(organization, {
    mailOptOuts: [{ email: 'a@b.example' }, { email: 'A@b.example' }],
  });
  expect(await probe.problemsOf(document)).toEqual([
    'organizations[0].mailOptOuts[1].email: duplicates organizations[0].mailOptOuts[0].email',
  ]);
});
