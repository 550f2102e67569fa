import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remove, update } from '../members/calls.ts';
import type { Fixture } from '../support/fixture.ts';
import { ImportError, importFile } from '../support/import.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

const load = (document: unknown) => importFile(usher.databaseUrl, document);

/** Returns the import file of the fixture with changes of its organization and first customer. */
function fileOf(fixture: Fixture, organization: Row = {}, customer: Row = {}) {
  const [first] = fixture.document.organizations;
  const [globex, ...others] = first?.customers ?? [];
  return {
    users: fixture.document.users,
    organizations: [
      { ...first, customers: [{ ...globex, ...customer }, ...others], ...organization },
    ],
  };
}

const membersOf = (fixture: Fixture) =>
  fixture.document.organizations[0]?.customers[0]?.members ?? [];
const customersOf = (fixture: Fixture): Row[] => fixture.document.organizations[0]?.customers ?? [];
const memberOf = (id: string) => usher.db.member.findFirstOrThrow({ where: { id } });

const asBefore = (notes: unknown) =>
  (notes as { path: string; message: string }[])
    .filter(({ message }) => !message.startsWith('replaces'))
    .map(({ path, message }) => ({
      path,
      message: message.replace(/who has this (?:address|external id)/, 'as in an earlier file'),
    }));

/** Imports a file again, and checks its notes and that nothing changes. */
async function expectUnchanged(file: unknown, notes: unknown): Promise<void> {
  const before = await contentsOf(usher.db);
  expect((await load(file)).notes).toEqual(notes);
  expect(await contentsOf(usher.db)).toEqual(before);
}

async function problemsOf(file: unknown): Promise<readonly unknown[]> {
  const error = await load(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ImportError)) throw new Error('not refused', { cause: error });
  return error.problems;
}

describe('a person who was assigned a seat and has a new id in a file', () => {
  test('is the same member, who keeps their id and references', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const sam = {
      id: randomUUID(),
      email: 'SAM@globex.example',
      name: 'Sam',
      externalId: 'usr_sam',
    };
    const session = { token: randomUUID(), memberId: sam.id, expiresAt: '2099-01-01T00:00:00Z' };
    const seat = {
      id: randomUUID(),
      orderId: fixture.ids.order,
      status: 'claimed',
      memberId: sam.id,
    };
    const file = fileOf(
      fixture,
      { seats: [seat] },
      { members: [...membersOf(fixture), sam], memberSessions: [session] },
    );
    const { notes } = await load(file);
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[3].id',
        message: `is member ${given.member_id}, who has this address, and keeps that id`,
      },
      {
        path: 'organizations[0].customers[0].members[3]',
        message: 'replaces values in usher: email, name, externalId',
      },
    ]);
    expect(await usher.db.member.count({ where: { id: sam.id } })).toBe(0);
    expect(await memberOf(given.member_id)).toMatchObject({ name: 'Sam', externalId: 'usr_sam' });
    expect(await usher.db.customerSeat.findFirst({ where: { id: seat.id } })).toMatchObject({
      memberId: given.member_id,
      status: 'claimed',
    });
    const { status } = await usher.rest('GET', '/v1/customer-portal/seats/subscriptions', {
      token: session.token,
    });
    expect(status).toBe(200);
    await expectUnchanged(file, asBefore(notes));
  });

  test('is the same member by external id if the address differs', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, {
      external_member_id: 'usr_kim',
      email: 'kim@globex.example',
    });
    const kim = { id: randomUUID(), email: 'kim@new.example', externalId: 'usr_kim' };
    const { notes } = await load(fileOf(fixture, {}, { members: [...membersOf(fixture), kim] }));
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[3].id',
        message: `is member ${given.member_id}, who has this external id, and keeps that id`,
      },
      {
        path: 'organizations[0].customers[0].members[3]',
        message: 'replaces values in usher: email',
      },
    ]);
    expect(await memberOf(given.member_id)).toMatchObject({ email: 'kim@new.example' });
  });

  test('is another person as a member of another customer', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const sam = { id: randomUUID(), email: 'sam@globex.example' };
    const [globex, initech] = customersOf(fixture);
    const file = fileOf(fixture, { customers: [globex, { ...initech, members: [sam] }] });
    expect(await load(file)).not.toHaveProperty('notes');
    expect(await memberOf(sam.id)).toMatchObject({ customerId: fixture.ids.otherCustomer });
  });

  test('is the same customer, with their purchases', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const given = await givenSeat(usher, fixture, { email: 'sam@hooli.example' });
    expect(given.customer_id).not.toBe(fixture.ids.customer);
    const sam = {
      id: randomUUID(),
      email: 'Sam@Hooli.example',
      name: 'Sam',
      externalId: 'cus_sam',
    };
    const order = { id: randomUUID(), customerId: sam.id, seats: 3 };
    const file = fileOf(fixture, { customers: [...customersOf(fixture), sam], orders: [order] });
    const { notes } = await load(file);
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[2].id',
        message: `is customer ${given.customer_id}, who has this address, and keeps that id`,
      },
    ]);
    expect(await usher.db.customer.findFirst({ where: { id: given.customer_id } })).toMatchObject({
      name: 'Sam',
      externalId: 'cus_sam',
    });
    expect(await usher.db.order.findFirst({ where: { id: order.id } })).toMatchObject({
      customerId: given.customer_id,
    });
    await expectUnchanged(file, asBefore(notes));
  });

  test('conflicts with a member whose id is known, and the problem names both', async () => {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const members = membersOf(fixture).map(member =>
      member.id === fixture.ids.member ? { ...member, email: 'sam@globex.example' } : member,
    );
    const before = await contentsOf(usher.db);
    expect(await problemsOf(fileOf(fixture, {}, { members }))).toEqual([
      {
        path: 'organizations[0].customers[0].members[2].email',
        message: `another member of this customer, ${given.member_id}, has this address: remove that member (removeMember), or use that id here`,
      },
    ]);
    expect(await contentsOf(usher.db)).toEqual(before);
  });
});

describe('an owner whom a file changes after another member became the owner', () => {
  const rolesOf = async (fixture: Fixture) => {
    const members = await usher.db.member.findMany({
      where: { customerId: fixture.ids.customer },
      orderBy: { email: 'asc' },
    });
    return Object.fromEntries(members.map(({ email, role }) => [email, role]));
  };

  /** Returns the import file of the fixture with another name for the owner. */
  const renamedOwner = (fixture: Fixture) => {
    const [jane, ...others] = membersOf(fixture);
    return fileOf(fixture, {}, { members: [{ ...jane, name: 'Jane Doe' }, ...others] });
  };

  const keepsRole = (index: number) => ({
    path: `organizations[0].customers[0].members[${index}]`,
    message: 'keeps values changed in usher since the last import: role',
  });

  test('gets the new name and keeps the role from usher', async () => {
    const fixture = await usher.addFixture();
    const input = { memberId: fixture.ids.manager, role: 'OWNER' } as const;
    expect((await update(usher, fixture.tokens.organization, input)).word).toBe('ok');
    const { notes } = await load(renamedOwner(fixture));
    expect(notes).toEqual([keepsRole(0), keepsRole(1)]);
    expect(await rolesOf(fixture)).toEqual({
      'jane@globex.example': 'billing_manager',
      'Mia@globex.example': 'member',
      'raj@globex.example': 'owner',
    });
    expect(await memberOf(fixture.ids.owner)).toMatchObject({ name: 'Jane Doe' });
    await expectUnchanged(renamedOwner(fixture), notes);
  });

  test('does not return the role if the new owner was removed', async () => {
    const fixture = await usher.addFixture();
    const { owner, manager } = fixture.ids;
    const token = fixture.tokens.organization;
    expect((await update(usher, token, { memberId: manager, role: 'OWNER' })).word).toBe('ok');
    expect((await remove(usher, token, owner)).word).toBe('ok');
    await load(renamedOwner(fixture));
    expect(await rolesOf(fixture)).toMatchObject({ 'raj@globex.example': 'owner' });
  });
});

describe('a file with another owner than the last one', () => {
  const asOwner = (fixture: Fixture, id: string) =>
    membersOf(fixture).map(member => ({
      ...member,
      role: member.id === id ? 'owner' : member.id === fixture.ids.owner ? 'member' : undefined,
    }));
  const ownersOf = async (fixture: Fixture) => {
    const where = { customerId: fixture.ids.customer, role: 'owner', deletedAt: null } as const;
    return (await usher.db.member.findMany({ where })).map(({ id }) => id);
  };

  test('transfers the role and returns it, even if the former owner is not listed', async () => {
    const fixture = await usher.addFixture();
    const { owner, manager } = fixture.ids;
    const [raj] = asOwner(fixture, manager).filter(({ id }) => id === manager);
    const { notes } = await load(fileOf(fixture, {}, { members: [raj] }));
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[0].role',
        message: 'replaces the owner, jane@globex.example, who becomes a billing manager',
      },
    ]);
    expect(await ownersOf(fixture)).toEqual([manager]);
    await load(fileOf(fixture));
    expect(await ownersOf(fixture)).toEqual([owner]);
  });

  test('takes precedence over the owner set in usher', async () => {
    const fixture = await usher.addFixture();
    const { manager, member } = fixture.ids;
    const token = fixture.tokens.organization;
    expect((await update(usher, token, { memberId: manager, role: 'OWNER' })).word).toBe('ok');
    const { notes } = await load(fileOf(fixture, {}, { members: asOwner(fixture, member) }));
    expect(JSON.stringify(notes)).toContain('replaces the owner, raj@globex.example');
    expect(JSON.stringify(notes)).not.toContain('members[1]","message":"keeps');
    expect(await ownersOf(fixture)).toEqual([member]);
  });
});

describe('a person whom an earlier file matched by address', () => {
  async function matched() {
    const fixture = await usher.addFixture();
    const given = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const sam = { id: randomUUID(), email: 'sam@globex.example' };
    const { subscription } = fixture.ids;
    const seat = {
      id: randomUUID(),
      subscriptionId: subscription,
      status: 'pending',
      memberId: sam.id,
    };
    const file = fileOf(fixture, { seats: [seat] }, { members: [...membersOf(fixture), sam] });
    await load(file);
    const people = () =>
      usher.db.member.findMany({
        where: { customerId: fixture.ids.customer, email: { startsWith: 'sam' } },
      });
    const live = () =>
      usher.db.customerSeat.count({
        where: { subscriptionId: subscription, status: { not: 'revoked' } },
      });
    return { fixture, file, memberId: String(given.member_id), people, live };
  }

  test('stays removed', async () => {
    const { fixture, file, memberId, people, live } = await matched();
    expect((await remove(usher, fixture.tokens.organization, memberId)).word).toBe('ok');
    const { notes } = await load(file);
    expect(JSON.stringify(notes)).toMatch(
      /stays removed.*is skipped: its member was removed in usher/,
    );
    expect(await people()).toMatchObject([{ id: memberId, deletedAt: expect.any(Date) }]);
    expect(await live()).toBe(0);
    await expectUnchanged(file, notes);
  });

  test('keeps an address that was changed in usher', async () => {
    const { fixture, file, memberId, people, live } = await matched();
    const input = { memberId, email: 'samuel@globex.example' };
    expect((await update(usher, fixture.tokens.organization, input)).word).toBe('ok');
    const { notes } = await load(file);
    expect(JSON.stringify(notes)).toContain(
      'keeps values changed in usher since the last import: email',
    );
    expect(await people()).toMatchObject([{ id: memberId, email: 'samuel@globex.example' }]);
    expect(await live()).toBe(1);
    await expectUnchanged(file, notes);
  });
});

describe('the users who may act for an organization', () => {
  const viewerOf = async (fixture: Fixture) => {
    const path = `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
    return (await usher.rest('GET', path, { token: fixture.tokens.personal })).status;
  };
  const ended = (email: string) => [
    {
      path: 'organizations[0].userIds',
      message: `ends the membership of ${email}, who is not listed`,
    },
  ];
  const membersIn = async ({ ids }: Fixture) => {
    const where = { organizationId: ids.organization };
    const memberships = await usher.db.organizationMembership.findMany({ where });
    return memberships.map(({ userId }) => userId);
  };

  test('are none if the list is empty, and a running server applies that', async () => {
    const fixture = await usher.addFixture();
    await expect.poll(() => viewerOf(fixture)).toBe(200);
    expect((await load(fileOf(fixture, { userIds: [] }))).notes).toEqual(ended('ada@acme.example'));
    expect(await membersIn(fixture)).toEqual([]);
    await expect.poll(() => viewerOf(fixture)).toBe(404);
    await expectUnchanged(fileOf(fixture, { userIds: [] }), undefined);
  });

  test('stay if the file has no list', async () => {
    const fixture = await usher.addFixture();
    const [organization] = fixture.document.organizations;
    const { userIds: _, ...others } = organization ?? {};
    const file = { users: fixture.document.users, organizations: [others] };
    await expectUnchanged(file, undefined);
    expect(await membersIn(fixture)).toEqual([fixture.ids.user]);
  });

  test('follow a changed list', async () => {
    const fixture = await usher.addFixture();
    const eve = { id: randomUUID(), email: 'eve@acme.example' };
    const file = {
      ...fileOf(fixture, { userIds: [eve.id] }),
      users: [...fixture.document.users, eve],
    };
    expect((await load(file)).notes).toEqual(ended('ada@acme.example'));
    expect(await membersIn(fixture)).toEqual([eve.id]);
    await expect.poll(() => viewerOf(fixture)).toBe(404);
    await load(fileOf(fixture, { userIds: [fixture.ids.user, eve.id] }));
    expect((await membersIn(fixture)).toSorted()).toEqual([fixture.ids.user, eve.id].toSorted());
    await expect.poll(() => viewerOf(fixture)).toBe(200);
  });
});
