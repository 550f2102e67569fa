import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccessToken, revokeAccessToken } from '../../src/auth/access-tokens.ts';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Who changed what besides seats.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const EVENTS = `query Events($filter: AuditEventFilter, $first: Int, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { type subjectId subjectLabel changes actor { kind id label via } }
    pageInfo { endCursor }
  }
}`;

interface Event {
  type: string;
  subjectId: string;
  subjectLabel: string | null;
  changes: string[];
  actor: { kind: string; id: string | null; label: string | null; via: string };
}
interface Page {
  totalCount: number;
  nodes: Event[];
  pageInfo: { endCursor: string };
}

async function eventsOf(fixture: Fixture, variables: object = {}): Promise<Page> {
  const token = fixture.tokens.organization;
  const { auditEvents } = await ask<{ auditEvents: Page }>(usher, EVENTS, token, variables);
  return auditEvents;
}

/** The fixture's world, whose import is not in its audit list. */
async function addFixture(): Promise<Fixture> {
  const fixture = await usher.addFixture();
  await usher.db.auditEvent.deleteMany({ where: { organizationId: fixture.ids.organization } });
  return fixture;
}

/** Runs a mutation, which has to succeed, and returns its answer. */
async function run(mutation: string, input: object, token: string) {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const selection = mutation.endsWith('WebhookEndpoint')
    ? `... on ${name}Success { endpoint { id } }`
    : '';
  const text = `mutation Run($input: ${name}Input!) { ${mutation}(input: $input) { __typename ${selection} } }`;
  type Answer = Record<string, { __typename: string; endpoint?: { id: string } }>;
  const data = await ask<Answer>(usher, text, token, { input });
  expect(data[mutation]?.__typename).toBe(`${name}Success`);
  return data[mutation]?.endpoint?.id ?? '';
}

test('each verb records what it changed and who did it', async () => {
  const fixture = await addFixture();
  const { ids, tokens } = fixture;
  const { id: tokenId } = await usher.db.accessToken.findFirstOrThrow({
    where: { organizationId: ids.organization, scopes: { has: 'members:write' }, expiresAt: null },
  });
  await run(
    'updateMember',
    { memberId: ids.member, name: 'Mia', role: 'BILLING_MANAGER' },
    tokens.organization,
  );
  await run('updateMember', { memberId: ids.member, email: 'mia2@globex.example' }, tokens.owner);
  await run('removeMember', { memberId: ids.member }, tokens.manager);
  await run(
    'updateOrganizationSettings',
    { sendsInvitations: false, reminderHours: 2 },
    tokens.personal,
  );
  const url = 'https://hooks.example/a';
  const endpoint = await run(
    'createWebhookEndpoint',
    { url, events: ['CUSTOMER_SEAT_CLAIMED'] },
    tokens.organization,
  );
  await run(
    'updateWebhookEndpoint',
    { id: endpoint, events: ['CUSTOMER_SEAT_REVOKED'] },
    tokens.organization,
  );
  await run('rotateWebhookSecret', { id: endpoint }, tokens.organization);
  await run('disableWebhookEndpoint', { id: endpoint }, tokens.organization);
  // Again, which changes nothing.
  await run('disableWebhookEndpoint', { id: endpoint }, tokens.organization);
  await run('enableWebhookEndpoint', { id: endpoint }, tokens.organization);
  await run('deleteWebhookEndpoint', { id: endpoint }, tokens.organization);
  await run('endSessions', { memberId: ids.manager }, tokens.organization);
  await run('endMembership', { user: { userId: ids.user } }, tokens.organization);
  const subject = { organization: `org-${ids.organization}` };
  const grant = { scopes: ['customer_seats:read' as const], expiresAt: null };
  const { id: newToken } = await createAccessToken(usher.db, subject, grant, new Date());
  await revokeAccessToken(usher.db, newToken, new Date());

  const bySeller = { kind: 'ORGANIZATION', id: tokenId, label: tokenId, via: 'GRAPHQL' };
  const by = (kind: string, id: string | null, label: string | null, via = 'GRAPHQL') => ({
    kind,
    id,
    label,
    via,
  });
  const byProgram = by('SYSTEM', null, null, 'COMMAND');
  const ofEndpoint = { subjectId: endpoint, subjectLabel: url, changes: [], actor: bySeller };
  const ofMember = { subjectId: ids.member, subjectLabel: 'mia2@globex.example' };
  const { nodes, totalCount } = await eventsOf(fixture);
  expect(totalCount).toBe(14);
  expect(nodes).toHaveLength(14);
  // Those of one millisecond are in no certain order.
  const expected = [
    {
      type: 'MEMBER_UPDATED',
      subjectId: ids.member,
      subjectLabel: 'Mia@globex.example',
      changes: ['name', 'role'],
      actor: bySeller,
    },
    {
      ...ofMember,
      type: 'MEMBER_UPDATED',
      changes: ['email'],
      actor: by('MEMBER', ids.owner, 'jane@globex.example'),
    },
    {
      ...ofMember,
      type: 'MEMBER_REMOVED',
      changes: [],
      actor: by('MEMBER', ids.manager, 'raj@globex.example'),
    },
    {
      type: 'SETTINGS_UPDATED',
      subjectId: ids.organization,
      subjectLabel: `org-${ids.organization}`,
      changes: ['reminderHours', 'sendsInvitations'],
      actor: by('USER', ids.user, 'ada@acme.example'),
    },
    { ...ofEndpoint, type: 'WEBHOOK_ENDPOINT_CREATED' },
    { ...ofEndpoint, type: 'WEBHOOK_ENDPOINT_UPDATED', changes: ['events'] },
    { ...ofEndpoint, type: 'WEBHOOK_SECRET_ROTATED' },
    { ...ofEndpoint, type: 'WEBHOOK_ENDPOINT_DISABLED' },
    { ...ofEndpoint, type: 'WEBHOOK_ENDPOINT_ENABLED' },
    { ...ofEndpoint, type: 'WEBHOOK_ENDPOINT_DELETED' },
    {
      type: 'SESSIONS_ENDED',
      subjectId: ids.manager,
      subjectLabel: null,
      changes: [],
      actor: bySeller,
    },
    {
      type: 'MEMBERSHIP_ENDED',
      subjectId: ids.user,
      subjectLabel: 'ada@acme.example',
      changes: [],
      actor: bySeller,
    },
    {
      type: 'ACCESS_TOKEN_CREATED',
      subjectId: newToken,
      subjectLabel: null,
      changes: [],
      actor: byProgram,
    },
    {
      type: 'ACCESS_TOKEN_REVOKED',
      subjectId: newToken,
      subjectLabel: null,
      changes: [],
      actor: byProgram,
    },
  ];
  expect(nodes).toEqual(expect.arrayContaining(expected));
});

test('a new owner is recorded, and the former one too', async () => {
  const fixture = await addFixture();
  const { ids, tokens } = fixture;
  await run('updateMember', { memberId: ids.manager, role: 'OWNER' }, tokens.organization);
  const { nodes } = await eventsOf(fixture);
  expect(new Set(nodes.map(({ subjectId }) => subjectId))).toEqual(
    new Set([ids.manager, ids.owner]),
  );
  expect(nodes.map(({ changes }) => changes)).toEqual([['role'], ['role']]);
});

test('a refused change, and one that changes nothing, are not recorded', async () => {
  const fixture = await addFixture();
  const { ids, tokens } = fixture;
  const UPDATE = `mutation Update($input: UpdateMemberInput!) { updateMember(input: $input) { __typename } }`;
  for (const input of [{ email: 'raj@globex.example' }, { name: null }]) {
    await ask(usher, UPDATE, tokens.organization, { input: { memberId: ids.member, ...input } });
  }
  await run('updateOrganizationSettings', { sendsInvitations: true }, tokens.organization);
  await run('updateOrganizationSettings', {}, tokens.organization);
  await run('endSessions', { memberId: ids.member }, tokens.organization);
  await run('endSessions', { memberId: ids.member }, tokens.organization);
  const { nodes } = await eventsOf(fixture);
  expect(nodes.map(({ type }) => type)).toEqual(['SESSIONS_ENDED']);
});

test('filters and pages', async () => {
  const fixture = await addFixture();
  const { ids, tokens } = fixture;
  for (const name of ['A', 'B']) {
    await run('updateMember', { memberId: ids.member, name }, tokens.organization);
  }
  await run('removeMember', { memberId: ids.manager }, tokens.organization);
  const types = async (variables: object) =>
    (await eventsOf(fixture, variables)).nodes.map(({ type }) => type);
  expect(await types({ filter: { type: ['MEMBER_REMOVED'] } })).toEqual(['MEMBER_REMOVED']);
  expect(await types({ filter: { subjectId: ids.member } })).toEqual([
    'MEMBER_UPDATED',
    'MEMBER_UPDATED',
  ]);
  const { pageInfo } = await eventsOf(fixture, { first: 1 });
  expect(await types({ after: pageInfo.endCursor })).toEqual(['MEMBER_UPDATED', 'MEMBER_UPDATED']);
  const other = await addFixture();
  expect((await eventsOf(other, { filter: { subjectId: ids.member } })).nodes).toEqual([]);
});
