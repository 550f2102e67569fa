import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newToken } from '../../src/auth/token.ts';
import { remove, update } from '../members/calls.ts';
import type { Fixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

const ENDPOINT = {
  id: '',
  url: 'https://hooks.example/usher',
  secret: 'whsec_bXkgc2VjcmV0IGtleSBvZiAzMiBieXRlcyEhISEhIQ==',
  events: ['customer_seat.assigned'],
};

/** Imports a fixture whose file also has a webhook endpoint. */
async function importFixture() {
  const fixture = await usher.addFixture();
  const [organization] = fixture.document.organizations as unknown as Row[];
  const endpoint = { ...ENDPOINT, id: crypto.randomUUID() };
  Object.assign(organization ?? {}, { webhookEndpoints: [endpoint] });
  const load = (isDryRun = false) => importFile(usher.databaseUrl, fixture.document, { isDryRun });
  expect(await load()).not.toHaveProperty('notes');
  return { fixture, endpoint, organization: organization ?? {}, load };
}

const membersOf = (fixture: Fixture): Row[] =>
  fixture.document.organizations[0]?.customers[0]?.members ?? [];

const memberRow = (id: string) => usher.db.member.findFirstOrThrow({ where: { id } });
const endpointRow = (id: string) => usher.db.webhookEndpoint.findFirstOrThrow({ where: { id } });

async function call(fixture: Fixture, field: string, input: Row): Promise<void> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename } }`;
  const { data } = await usher.graphql<Row, Row>(query, { input }, fixture.tokens.organization);
  expect(data).toEqual({ [field]: { __typename: `${type}Success` } });
}

/** Imports the file, checks that a dry run and a repetition have the same notes, and returns the notes. */
async function notesOf(load: (isDryRun?: boolean) => Promise<{ notes?: unknown }>) {
  const { notes: dry } = await load(true);
  const { notes } = await load();
  expect(dry).toEqual(notes);
  return notes;
}

const member = (index: number) => `organizations[0].customers[0].members[${index}]`;

describe('importing the last file again', () => {
  test('keeps changed names, addresses and roles of members', async () => {
    const { fixture, load } = await importFixture();
    const token = fixture.tokens.organization;
    const { member: mia, manager: raj } = fixture.ids;
    const changes = [
      { memberId: mia, name: 'Mia Wong', email: 'wong@globex.example' },
      { memberId: raj, role: 'OWNER' as const },
    ];
    for (const input of changes) expect((await update(usher, token, input)).word).toBe('ok');
    const notes = [
      {
        path: member(0),
        message: 'keeps values changed in usher since the last import: role',
      },
      { path: member(1), message: 'keeps values changed in usher since the last import: role' },
      {
        path: member(2),
        message: 'keeps values changed in usher since the last import: email, name',
      },
    ];
    for (let time = 0; time < 2; time++) expect(await notesOf(load)).toEqual(notes);
    expect(await memberRow(mia)).toMatchObject({ name: 'Mia Wong', email: 'wong@globex.example' });
    expect(await memberRow(raj)).toMatchObject({ role: 'owner' });
  });

  test('does not restore a removed member, nor assign a seat to them', async () => {
    const { fixture, organization, load } = await importFixture();
    const { member: id, subscription: subscriptionId } = fixture.ids;
    expect((await remove(usher, fixture.tokens.organization, id)).word).toBe('ok');
    const removed = [
      {
        path: member(2),
        message:
          'stays removed: it was removed in usher since the last import. To make the person a member, use a new id',
      },
    ];
    for (let time = 0; time < 2; time++) expect(await notesOf(load)).toEqual(removed);
    Object.assign(membersOf(fixture)[2] ?? {}, { name: 'News of Mia' });
    expect(await notesOf(load)).toEqual(removed);
    expect(await memberRow(id)).toMatchObject({ deletedAt: expect.any(Date) });
    const seat = { id: crypto.randomUUID(), subscriptionId, status: 'claimed', memberId: id };
    Object.assign(organization, { seats: [seat] });
    expect(await notesOf(load)).toEqual([
      ...removed,
      {
        path: 'organizations[0].seats[0]',
        message: 'is skipped: its member was removed in usher',
      },
    ]);
    expect(await usher.db.customerSeat.count({ where: { memberId: id } })).toBe(0);
  });

  test('creates no session of a removed member', async () => {
    const { fixture, load } = await importFixture();
    const { member: id } = fixture.ids;
    expect((await remove(usher, fixture.tokens.organization, id)).word).toBe('ok');
    const session = newToken('memberSession');
    fixture.document.organizations[0]?.customers[0]?.memberSessions?.push({
      token: session,
      memberId: id,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(await notesOf(load)).toEqual([
      { path: member(2), message: expect.stringMatching(/^stays removed/) },
      {
        path: 'organizations[0].customers[0].memberSessions[4]',
        message: 'is skipped: its member was removed in usher',
      },
    ]);
    expect(await usher.db.memberSession.count({ where: { memberId: id, endedAt: null } })).toBe(0);
  });

  test('matches a person who was removed and assigned a seat again', async () => {
    const { fixture, load } = await importFixture();
    const { member: id, subscription } = fixture.ids;
    const token = fixture.tokens.organization;
    const { email } = await memberRow(id);
    expect((await remove(usher, token, id)).word).toBe('ok');
    const body = { subscription_id: subscription, email };
    expect((await usher.rest('POST', '/v1/customer-seats', { token, body })).status).toBe(200);
    expect(await notesOf(load)).toEqual([
      { path: member(2), message: expect.stringMatching(/^stays removed/) },
    ]);
  });

  test('does not restart an ended membership', async () => {
    const { fixture, organization, load } = await importFixture();
    await call(fixture, 'endMembership', { user: { userId: fixture.ids.user } });
    const stays = {
      path: 'organizations[0].userIds[0]',
      message:
        'stays ended: it was ended in usher since the last import. To restart it, import a file without it and then one with it',
    };
    for (let time = 0; time < 2; time++) expect(await notesOf(load)).toEqual([stays]);
    Object.assign(organization, { userIds: [] });
    expect(await notesOf(load)).toBeUndefined();
    Object.assign(organization, { userIds: [fixture.ids.user] });
    expect(await notesOf(load)).toBeUndefined();
    expect(
      await usher.db.organizationMembership.count({ where: { userId: fixture.ids.user } }),
    ).toBe(1);
  });

  test('does not restore the old secret, URL or events of an endpoint', async () => {
    const { fixture, endpoint, load } = await importFixture();
    const id = endpoint.id;
    const url = 'https://hooks.example/newer';
    await call(fixture, 'updateWebhookEndpoint', { id, url });
    await call(fixture, 'rotateWebhookSecret', { id });
    const { sealedSecret } = await endpointRow(id);
    const path = 'organizations[0].webhookEndpoints[0]';
    for (let time = 0; time < 2; time++) {
      expect(await notesOf(load)).toEqual([
        { path, message: 'keeps values changed in usher since the last import: url, secret' },
      ]);
    }
    expect(await endpointRow(id)).toMatchObject({ url, sealedSecret });
    await call(fixture, 'deleteWebhookEndpoint', { id });
    for (let time = 0; time < 2; time++) {
      expect(await notesOf(load)).toEqual([
        {
          path,
          message:
            'stays deleted: it was deleted in usher since the last import. To create it again, use a new id',
        },
      ]);
    }
    expect(await endpointRow(id)).toMatchObject({ deletedAt: expect.any(Date) });
  });
});

describe('a file with a new value', () => {
  test('replaces a value that was changed in usher, and adds a note', async () => {
    const { fixture, endpoint, load } = await importFixture();
    const token = fixture.tokens.organization;
    const input = { memberId: fixture.ids.member, name: 'Mia Wong' };
    expect((await update(usher, token, input)).word).toBe('ok');
    await call(fixture, 'updateWebhookEndpoint', {
      id: endpoint.id,
      url: 'https://hooks.example/newer',
    });
    Object.assign(membersOf(fixture)[2] ?? {}, { name: 'Mia Li' });
    endpoint.url = 'https://hooks.example/newest';
    expect(await notesOf(load)).toEqual([
      { path: member(2), message: 'replaces values changed in usher since the last import: name' },
      {
        path: 'organizations[0].webhookEndpoints[0]',
        message: 'replaces values changed in usher since the last import: url',
      },
    ]);
    expect(await memberRow(fixture.ids.member)).toMatchObject({ name: 'Mia Li' });
    expect(await endpointRow(endpoint.id)).toMatchObject({ url: endpoint.url });
    expect(await notesOf(load)).toBeUndefined();
  });

  test('keeps the other values that were changed in usher', async () => {
    const { fixture, endpoint, load } = await importFixture();
    const token = fixture.tokens.organization;
    const input = { memberId: fixture.ids.member, email: 'wong@globex.example' };
    expect((await update(usher, token, input)).word).toBe('ok');
    await call(fixture, 'rotateWebhookSecret', { id: endpoint.id });
    const { sealedSecret } = await endpointRow(endpoint.id);
    Object.assign(membersOf(fixture)[2] ?? {}, { name: 'Mia Li' });
    endpoint.url = 'https://hooks.example/newest';
    expect(await notesOf(load)).toEqual([
      { path: member(2), message: 'keeps values changed in usher since the last import: email' },
      {
        path: 'organizations[0].webhookEndpoints[0]',
        message: 'keeps values changed in usher since the last import: secret',
      },
    ]);
    expect(await memberRow(fixture.ids.member)).toMatchObject({
      email: input.email,
      name: 'Mia Li',
    });
    expect(await endpointRow(endpoint.id)).toMatchObject({ sealedSecret, url: endpoint.url });
  });

  test('ignores the order of events and the case of an address', async () => {
    const { fixture, endpoint, load } = await importFixture();
    endpoint.events = ['customer_seat.claimed', 'customer_seat.assigned'];
    await load();
    const token = fixture.tokens.organization;
    const { member: memberId } = fixture.ids;
    expect((await update(usher, token, { memberId, email: 'wong@globex.example' })).word).toBe(
      'ok',
    );
    await call(fixture, 'updateWebhookEndpoint', {
      id: endpoint.id,
      events: ['CUSTOMER_SEAT_REVOKED'],
    });
    endpoint.events.reverse();
    Object.assign(membersOf(fixture)[2] ?? {}, { email: 'MIA@GLOBEX.example' });
    await load();
    expect(await memberRow(memberId)).toMatchObject({ email: 'wong@globex.example' });
    expect(await endpointRow(endpoint.id)).toMatchObject({ events: ['customer_seat.revoked'] });
  });

  test('changes a row back and forth without a note if nobody changed it in usher', async () => {
    const { fixture, load } = await importFixture();
    for (const name of ['Mia Li', 'Mia Wong', 'Mia Li']) {
      Object.assign(membersOf(fixture)[2] ?? {}, { name });
      expect(await notesOf(load)).toBeUndefined();
      expect(await memberRow(fixture.ids.member)).toMatchObject({ name });
    }
  });
});
