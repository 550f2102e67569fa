import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { type ImportOptions, importFile } from '../support/import.ts';
import { tokenOf } from '../support/invitations.ts';
import { eventsOf, givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

function fileOf(fixture: Fixture, seats: Row[], pool: Row = {}) {
  const [organization] = structuredClone(fixture.document.organizations);
  Object.assign(organization?.subscriptions[0] ?? {}, pool);
  return { users: fixture.document.users, organizations: [{ ...organization, seats }] };
}

const seatOf = (fixture: Fixture, more: Row = {}): Row => ({
  id: randomUUID(),
  subscriptionId: fixture.ids.subscription,
  status: 'pending',
  email: 'old@globex.example',
  ...more,
});

const load = (document: unknown, options?: ImportOptions) =>
  importFile(usher.databaseUrl, document, options);

const rowOf = (id: unknown) =>
  usher.db.customerSeat.findFirstOrThrow({ where: { id: String(id) } });

async function revoke(fixture: Fixture, id: unknown): Promise<void> {
  const { organization } = fixture.tokens;
  const answer = await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token: organization });
  expect(answer.status).toBe(200);
}

/** Returns the message of the only note, which must be about the only seat. */
function noteOf(notes: unknown): string {
  const path = 'organizations[0].seats[0]';
  expect(notes).toEqual([{ path, message: expect.any(String) }]);
  const [{ message }] = notes as [{ message: string }];
  return message;
}

/** Imports an old file again, checks that it changes nothing, and returns the note. */
async function expectKept(fixture: Fixture, seat: Row): Promise<string> {
  const file = fileOf(fixture, [seat]);
  const before = await contentsOf(usher.db);
  const dry = await load(file, { isDryRun: true });
  expect(dry.changes).toEqual([]);
  const { notes } = await load(file);
  expect(await contentsOf(usher.db)).toEqual(before);
  expect(dry.notes).toEqual(notes);
  return noteOf(notes);
}

describe('an old file', () => {
  test('does not revoke a seat that was assigned again since', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture, { status: 'revoked', revokedAt: '2026-03-01T17:00:00Z' });
    await load(fileOf(fixture, [seat]));
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    expect(given.id).toBe(seat.id);
    const token = await tokenOf(usher, given.id);
    expect(await expectKept(fixture, seat)).toMatch(
      /^stays pending by sam@globex\.example: it was/,
    );
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: token },
    });
    expect(claim.status).toBe(200);
    expect(await expectKept(fixture, seat)).toMatch(/^stays claimed by sam@globex\.example/);
  });

  test('does not return a seat that was reassigned since', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture);
    await load(fileOf(fixture, [seat]));
    await revoke(fixture, seat.id);
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    expect(given.id).toBe(seat.id);
    expect(await expectKept(fixture, seat)).toMatch(/^stays pending by sam@.* revoke it first$/);
  });

  test('does not undo a claim', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture, { invitationToken: `link ${randomUUID()}` });
    await load(fileOf(fixture, [seat]));
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: seat.invitationToken },
    });
    expect(claim.status).toBe(200);
    expect(await expectKept(fixture, seat)).toMatch(/^stays claimed by old@globex\.example/);
  });

  test('does not restore a revoked seat', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture, { status: 'claimed' });
    await load(fileOf(fixture, [seat]));
    await revoke(fixture, seat.id);
    expect(await expectKept(fixture, seat)).toMatch(/^stays revoked/);
    expect((await rowOf(seat.id)).revokedAt).not.toBeNull();
  });

  test('adds no note and keeps revokedAt if the seat is revoked in both', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture);
    await load(fileOf(fixture, [seat]));
    await revoke(fixture, seat.id);
    const before = await contentsOf(usher.db);
    const counts = await load(fileOf(fixture, [{ ...seat, status: 'revoked' }]));
    expect(counts).not.toHaveProperty('notes');
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('does not restore an old invitation link', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture, { invitationToken: `link ${randomUUID()}` });
    await load(fileOf(fixture, [seat]));
    const { organization } = fixture.tokens;
    const path = `/v1/customer-seats/${seat.id}/resend`;
    expect((await usher.rest('POST', path, { token: organization })).status).toBe(200);
    const token = await tokenOf(usher, String(seat.id));
    expect(await expectKept(fixture, seat)).toMatch(/^keeps the invitation/);
    expect(await tokenOf(usher, String(seat.id))).toBe(token);
    const old = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: seat.invitationToken },
    });
    expect(old.body.error).toBe('InvalidInvitationToken');
  });

  test('does not change a seat that was created in usher', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const seat = seatOf(fixture, { id: given.id });
    expect(await expectKept(fixture, seat)).toMatch(/^stays pending by sam@/);
    expect(await expectKept(fixture, { ...seat, status: 'revoked' })).toMatch(
      /^stays pending by sam@/,
    );
  });

  test('leaves a revoked seat of the demo that was assigned to sam since', async () => {
    const demo = JSON.parse(await readFile('prisma/demo.json', 'utf8'));
    await load(demo);
    const seat = demo.organizations[0].seats[2];
    const where = { id: seat.id };
    await usher.db.customerSeat.updateMany({
      where,
      data: {
        status: 'claimed',
        email: 'sam@globex.example',
        revokedAt: null,
        modifiedAt: new Date(),
      },
    });
    const { notes } = await load(demo);
    expect(notes).toEqual([
      {
        path: 'organizations[0].seats[2]',
        message: expect.stringMatching(/^stays claimed by sam@/),
      },
    ]);
    expect(await rowOf(seat.id)).toMatchObject({ status: 'claimed', email: 'sam@globex.example' });
  });
});

describe('a newer file', () => {
  test('revokes a seat if its revokedAt is later than the last change in usher', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const revokedAt = new Date().toISOString();
    const seat = seatOf(fixture, { id: given.id, status: 'revoked', revokedAt });
    expect(await load(fileOf(fixture, [seat]))).not.toHaveProperty('notes');
    expect(await historyOf(usher, given.id)).toEqual(['assigned', 'revoked']);
    expect((await rowOf(given.id)).revokedAt).toEqual(new Date(revokedAt));
  });

  test('does not revoke a seat if its revokedAt is in the future', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const revokedAt = '2099-01-01T00:00:00Z';
    expect(
      await expectKept(fixture, seatOf(fixture, { id: given.id, status: 'revoked', revokedAt })),
    ).toMatch(/^stays pending/);
  });

  test('claims a seat for its holder', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const seat = seatOf(fixture, {
      id: given.id,
      status: 'claimed',
      email: undefined,
      memberId: fixture.ids.member,
    });
    await load(fileOf(fixture, [seat]));
    expect(await historyOf(usher, given.id)).toEqual(['assigned', 'claimed']);
    expect((await rowOf(given.id)).claimedAt).not.toBeNull();
    expect(await load(fileOf(fixture, [seat]))).not.toHaveProperty('notes');
  });
});

describe('every change of a seat', () => {
  test('records an event, except for seats of a new pool', async () => {
    const fixture = await usher.addFixture();
    const pool = { id: randomUUID() };
    const loaded = seatOf(fixture, { subscriptionId: pool.id });
    await load(fileOf(fixture, [loaded], pool));
    expect(await historyOf(usher, String(loaded.id))).toEqual([]);
    const added = seatOf(fixture, { subscriptionId: pool.id, email: 'new@globex.example' });
    await load(fileOf(fixture, [loaded, added], pool));
    expect(await historyOf(usher, String(loaded.id))).toEqual([]);
    expect(await historyOf(usher, String(added.id))).toEqual(['assigned']);
    const later = [
      { ...loaded, email: 'next@globex.example', status: 'claimed' },
      { ...added, status: 'revoked' },
    ];
    await load(fileOf(fixture, later, pool));
    expect(await historyOf(usher, String(loaded.id))).toEqual(['revoked', 'claimed']);
    expect(await historyOf(usher, String(added.id))).toEqual(['assigned', 'revoked']);
    const [revoked, claimed] = await eventsOf(usher, String(loaded.id));
    expect(revoked?.payload).toMatchObject({
      status: 'revoked',
      email: null,
      member_id: null,
      subscription_id: pool.id,
    });
    expect(claimed?.payload).toMatchObject({ status: 'claimed', email: 'next@globex.example' });
  });

  test('records the former holder, like the verb', async () => {
    const fixture = await usher.addFixture();
    const seat = seatOf(fixture, { email: undefined, memberId: fixture.ids.member });
    await load(fileOf(fixture, [seat]));
    await load(fileOf(fixture, [{ ...seat, status: 'revoked' }]));
    expect((await eventsOf(usher, String(seat.id))).at(-1)?.payload).toMatchObject({
      status: 'revoked',
      member_id: null,
      email: null,
      member: { id: fixture.ids.member },
      customer_email: 'Mia@globex.example',
    });
  });

  test('sends no invitation', async () => {
    const fixture = await usher.addFixture();
    await load(fileOf(fixture, [seatOf(fixture, { invitationToken: randomUUID() })]));
    const row = await usher.db.customerSeat.findFirstOrThrow({
      where: { organizationId: fixture.ids.organization },
    });
    expect(row.invitationNonce).toBeNull();
  });
});

describe('a dry run', () => {
  test('lists each row that would change, and writes nothing', async () => {
    const fixture = await usher.addFixture();
    const seats = ['a', 'b', 'c'].map(name => seatOf(fixture, { email: `${name}@globex.example` }));
    await load(fileOf(fixture, seats));
    const [one, two, three] = seats;
    const later = [
      { ...one, status: 'revoked' },
      { ...two, email: 'next@globex.example', invitationToken: randomUUID() },
      three ?? {},
      seatOf(fixture, { email: 'new@globex.example' }),
    ];
    const file = fileOf(fixture, later, { status: 'past_due', seats: 4 });
    const before = await contentsOf(usher.db);
    const sequence = () =>
      usher.db.$queryRaw`SELECT last_value::text, is_called FROM outbox_events_sequence_seq`;
    const sequenceBefore = await sequence();
    const { changes } = await load(file, { isDryRun: true });
    expect(changes).toEqual([
      { path: 'organizations[0].subscriptions[0]', message: 'changes seats, status' },
      { path: 'organizations[0].seats[0]', message: 'changes status, customerId' },
      { path: 'organizations[0].seats[1]', message: 'changes email, invitationToken' },
      { path: 'organizations[0].seats[3]', message: 'new' },
    ]);
    const canceled = fileOf(fixture, seats, { status: 'canceled' });
    expect((await load(canceled, { isDryRun: true })).revokedSeats).toBe(3);
    expect(await contentsOf(usher.db)).toEqual(before);
    expect(await sequence()).toEqual(sequenceBefore);
  });
});

describe('people', () => {
  test('who were assigned in usher keep their id if the file has another one', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const { memberId } = await rowOf(seat.id);
    const file = fileOf(fixture, []);
    const [organization] = file.organizations;
    const customer = organization?.customers?.[0];
    const listed = { id: randomUUID(), email: 'SAM@globex.example', name: 'Sam' };
    Object.assign(customer ?? {}, { members: [...(customer?.members ?? []), listed] });
    const { notes } = await load(file);
    expect(notes).toMatchObject([
      { message: expect.stringMatching(/^is member/) },
      { message: 'replaces values in usher: email, name' },
    ]);
    const sam = { email: { equals: 'sam@globex.example', mode: 'insensitive' } } as const;
    const rows = await usher.db.member.findMany({
      where: { organizationId: fixture.ids.organization, ...sam },
    });
    expect(rows).toMatchObject([{ id: memberId, name: 'Sam' }]);
    expect(await rowOf(seat.id)).toMatchObject({ status: 'pending', memberId });
  });

  test('lose their membership if the organization no longer lists them', async () => {
    const fixture = await usher.addFixture();
    const organizationId = fixture.ids.organization;
    const count = () => usher.db.organizationMembership.count({ where: { organizationId } });
    const file = fileOf(fixture, []);
    const [organization = {}] = file.organizations as Row[];
    expect(await count()).toBe(1);
    delete organization.userIds;
    await load(file);
    expect(await count()).toBe(1);
    organization.userIds = [];
    await load(file);
    expect(await count()).toBe(0);
  });
});
