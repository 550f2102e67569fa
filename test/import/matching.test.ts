import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImportError, importWorld } from '../../src/import/import-world.ts';
import { remove, update } from '../members/calls.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

const load = (document: unknown) => importWorld(usher.databaseUrl, document);

/** The world's file again, its organization and first customer with other keys. */
function fileOf(world: World, organization: Row = {}, customer: Row = {}) {
  const [first] = world.document.organizations;
  const [globex, ...others] = first?.customers ?? [];
  return {
    users: world.document.users,
    organizations: [
      { ...first, customers: [{ ...globex, ...customer }, ...others], ...organization },
    ],
  };
}

const membersOf = (world: World) => world.document.organizations[0]?.customers[0]?.members ?? [];
const customersOf = (world: World): Row[] => world.document.organizations[0]?.customers ?? [];
const memberOf = (id: string) => usher.db.member.findFirstOrThrow({ where: { id } });

const asBefore = (notes: unknown) =>
  (notes as { path: string; message: string }[])
    .filter(({ message }) => !message.startsWith('replaces'))
    .map(({ path, message }) => ({
      path,
      message: message.replace(/who has this (?:address|external id)/, 'as in the file before'),
    }));

/** Imports a file that has been imported: these are the notes, and nothing changes. */
async function expectSettled(file: unknown, notes: unknown): Promise<void> {
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

describe('somebody who was assigned a seat and then stands in a file under an id of its own', () => {
  test('is the same member, who keeps their id, and so do references to them', async () => {
    const world = await usher.addWorld();
    const given = await givenSeat(usher, world, { email: 'sam@globex.example' });
    const sam = {
      id: randomUUID(),
      email: 'SAM@globex.example',
      name: 'Sam',
      externalId: 'usr_sam',
    };
    const session = { token: randomUUID(), memberId: sam.id, expiresAt: '2099-01-01T00:00:00Z' };
    const seat = {
      id: randomUUID(),
      orderId: world.ids.order,
      status: 'claimed',
      memberId: sam.id,
    };
    const file = fileOf(
      world,
      { seats: [seat] },
      { members: [...membersOf(world), sam], memberSessions: [session] },
    );
    const { notes } = await load(file);
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[3].id',
        message: `is member ${given.member_id}, who has this address, and keeps that id`,
      },
      {
        path: 'organizations[0].customers[0].members[3]',
        message: 'replaces what usher has: email, name, externalId',
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
    await expectSettled(file, asBefore(notes));
  });

  test('is the same member by external id, where the address differs', async () => {
    const world = await usher.addWorld();
    const given = await givenSeat(usher, world, {
      external_member_id: 'usr_kim',
      email: 'kim@globex.example',
    });
    const kim = { id: randomUUID(), email: 'kim@new.example', externalId: 'usr_kim' };
    const { notes } = await load(fileOf(world, {}, { members: [...membersOf(world), kim] }));
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[3].id',
        message: `is member ${given.member_id}, who has this external id, and keeps that id`,
      },
      {
        path: 'organizations[0].customers[0].members[3]',
        message: 'replaces what usher has: email',
      },
    ]);
    expect(await memberOf(given.member_id)).toMatchObject({ email: 'kim@new.example' });
  });

  test('is another person in the team of another customer', async () => {
    const world = await usher.addWorld();
    await givenSeat(usher, world, { email: 'sam@globex.example' });
    const sam = { id: randomUUID(), email: 'sam@globex.example' };
    const [globex, initech] = customersOf(world);
    const file = fileOf(world, { customers: [globex, { ...initech, members: [sam] }] });
    expect(await load(file)).not.toHaveProperty('notes');
    expect(await memberOf(sam.id)).toMatchObject({ customerId: world.ids.otherCustomer });
  });

  test('is the same customer, with their purchases', async () => {
    const world = await usher.addWorld({ memberModelEnabled: false });
    const given = await givenSeat(usher, world, { email: 'sam@hooli.example' });
    expect(given.customer_id).not.toBe(world.ids.customer);
    const sam = {
      id: randomUUID(),
      email: 'Sam@Hooli.example',
      name: 'Sam',
      externalId: 'cus_sam',
    };
    const order = { id: randomUUID(), customerId: sam.id, seats: 3 };
    const file = fileOf(world, { customers: [...customersOf(world), sam], orders: [order] });
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
    await expectSettled(file, asBefore(notes));
  });

  test('is in the way of somebody else whose id is known, and the problem names both', async () => {
    const world = await usher.addWorld();
    const given = await givenSeat(usher, world, { email: 'sam@globex.example' });
    const members = membersOf(world).map(member =>
      member.id === world.ids.member ? { ...member, email: 'sam@globex.example' } : member,
    );
    const before = await contentsOf(usher.db);
    expect(await problemsOf(fileOf(world, {}, { members }))).toEqual([
      {
        path: 'organizations[0].customers[0].members[2].email',
        message: `another member of this customer, ${given.member_id}, has this address: remove that member (removeMember), or name that id here`,
      },
    ]);
    expect(await contentsOf(usher.db)).toEqual(before);
  });
});

describe('an owner of whom a file has news, after another member was made the owner', () => {
  const rolesOf = async (world: World) => {
    const members = await usher.db.member.findMany({
      where: { customerId: world.ids.customer },
      orderBy: { email: 'asc' },
    });
    return Object.fromEntries(members.map(({ email, role }) => [email, role]));
  };

  /** The world's file with another name for the owner. */
  const newsOf = (world: World) => {
    const [jane, ...others] = membersOf(world);
    return fileOf(world, {}, { members: [{ ...jane, name: 'Jane Doe' }, ...others] });
  };

  const keepsRole = (index: number) => ({
    path: `organizations[0].customers[0].members[${index}]`,
    message: 'keeps what was changed here since: role',
  });

  test('has the new name, and stays what they were made here', async () => {
    const world = await usher.addWorld();
    const input = { memberId: world.ids.manager, role: 'OWNER' } as const;
    expect((await update(usher, world.tokens.organization, input)).word).toBe('ok');
    const { notes } = await load(newsOf(world));
    expect(notes).toEqual([keepsRole(0), keepsRole(1)]);
    expect(await rolesOf(world)).toEqual({
      'jane@globex.example': 'billing_manager',
      'Mia@globex.example': 'member',
      'raj@globex.example': 'owner',
    });
    expect(await memberOf(world.ids.owner)).toMatchObject({ name: 'Jane Doe' });
    await expectSettled(newsOf(world), notes);
  });

  test('gives no role back to somebody who had it, where the owner was removed', async () => {
    const world = await usher.addWorld();
    const { owner, manager } = world.ids;
    const token = world.tokens.organization;
    expect((await update(usher, token, { memberId: manager, role: 'OWNER' })).word).toBe('ok');
    expect((await remove(usher, token, owner)).word).toBe('ok');
    await load(newsOf(world));
    expect(await rolesOf(world)).toMatchObject({ 'raj@globex.example': 'owner' });
  });
});

describe('a file in which somebody else is the owner than in the last one', () => {
  const asOwner = (world: World, id: string) =>
    membersOf(world).map(member => ({
      ...member,
      role: member.id === id ? 'owner' : member.id === world.ids.owner ? 'member' : undefined,
    }));
  const ownersOf = async (world: World) => {
    const where = { customerId: world.ids.customer, role: 'owner', deletedAt: null } as const;
    return (await usher.db.member.findMany({ where })).map(({ id }) => id);
  };

  test('hands the role over, also where the former owner is not listed, and back', async () => {
    const world = await usher.addWorld();
    const { owner, manager } = world.ids;
    const [raj] = asOwner(world, manager).filter(({ id }) => id === manager);
    const { notes } = await load(fileOf(world, {}, { members: [raj] }));
    expect(notes).toEqual([
      {
        path: 'organizations[0].customers[0].members[0].role',
        message:
          'takes the place of the owner, jane@globex.example, who stays as a billing manager',
      },
    ]);
    expect(await ownersOf(world)).toEqual([manager]);
    await load(fileOf(world));
    expect(await ownersOf(world)).toEqual([owner]);
  });

  test('takes the role from the owner whom usher has made since', async () => {
    const world = await usher.addWorld();
    const { manager, member } = world.ids;
    const token = world.tokens.organization;
    expect((await update(usher, token, { memberId: manager, role: 'OWNER' })).word).toBe('ok');
    const { notes } = await load(fileOf(world, {}, { members: asOwner(world, member) }));
    expect(JSON.stringify(notes)).toContain('takes the place of the owner, raj@globex.example');
    expect(JSON.stringify(notes)).not.toContain('members[1]","message":"keeps');
    expect(await ownersOf(world)).toEqual([member]);
  });
});

describe('somebody whom an earlier file has matched by address', () => {
  async function matched() {
    const world = await usher.addWorld();
    const given = await givenSeat(usher, world, { email: 'sam@globex.example' });
    const sam = { id: randomUUID(), email: 'sam@globex.example' };
    const { subscription } = world.ids;
    const seat = {
      id: randomUUID(),
      subscriptionId: subscription,
      status: 'pending',
      memberId: sam.id,
    };
    const file = fileOf(world, { seats: [seat] }, { members: [...membersOf(world), sam] });
    await load(file);
    const people = () =>
      usher.db.member.findMany({
        where: { customerId: world.ids.customer, email: { startsWith: 'sam' } },
      });
    const live = () =>
      usher.db.customerSeat.count({
        where: { subscriptionId: subscription, status: { not: 'revoked' } },
      });
    return { world, file, memberId: String(given.member_id), people, live };
  }

  test('stays removed', async () => {
    const { world, file, memberId, people, live } = await matched();
    expect((await remove(usher, world.tokens.organization, memberId)).word).toBe('ok');
    const { notes } = await load(file);
    expect(JSON.stringify(notes)).toMatch(
      /stays removed.*is left out: its member was removed here/,
    );
    expect(await people()).toMatchObject([{ id: memberId, deletedAt: expect.any(Date) }]);
    expect(await live()).toBe(0);
    await expectSettled(file, notes);
  });

  test('keeps the address that they were given since', async () => {
    const { world, file, memberId, people, live } = await matched();
    const input = { memberId, email: 'samuel@globex.example' };
    expect((await update(usher, world.tokens.organization, input)).word).toBe('ok');
    const { notes } = await load(file);
    expect(JSON.stringify(notes)).toContain('keeps what was changed here since: email');
    expect(await people()).toMatchObject([{ id: memberId, email: 'samuel@globex.example' }]);
    expect(await live()).toBe(1);
    await expectSettled(file, notes);
  });
});

describe('the users who may act for an organization', () => {
  const viewerOf = async (world: World) => {
    const path = `/v1/customer-seats?subscription_id=${world.ids.subscription}`;
    return (await usher.rest('GET', path, { token: world.tokens.personal })).status;
  };
  const ended = (email: string) => [
    {
      path: 'organizations[0].userIds',
      message: `ends the membership of ${email}, who is not listed`,
    },
  ];
  const membersIn = async ({ ids }: World) => {
    const where = { organizationId: ids.organization };
    const memberships = await usher.db.organizationMembership.findMany({ where });
    return memberships.map(({ userId }) => userId);
  };

  test('are none where the list is empty, which a running server heeds', async () => {
    const world = await usher.addWorld();
    await expect.poll(() => viewerOf(world)).toBe(200);
    expect((await load(fileOf(world, { userIds: [] }))).notes).toEqual(ended('ada@acme.example'));
    expect(await membersIn(world)).toEqual([]);
    await expect.poll(() => viewerOf(world)).toBe(404);
    await expectSettled(fileOf(world, { userIds: [] }), undefined);
  });

  test('stay where the file has no list', async () => {
    const world = await usher.addWorld();
    const [organization] = world.document.organizations;
    const { userIds: _, ...others } = organization ?? {};
    const file = { users: world.document.users, organizations: [others] };
    await expectSettled(file, undefined);
    expect(await membersIn(world)).toEqual([world.ids.user]);
  });

  test('are those of a list that has changed', async () => {
    const world = await usher.addWorld();
    const eve = { id: randomUUID(), email: 'eve@acme.example' };
    const file = { ...fileOf(world, { userIds: [eve.id] }), users: [...world.document.users, eve] };
    expect((await load(file)).notes).toEqual(ended('ada@acme.example'));
    expect(await membersIn(world)).toEqual([eve.id]);
    await expect.poll(() => viewerOf(world)).toBe(404);
    await load(fileOf(world, { userIds: [world.ids.user, eve.id] }));
    expect((await membersIn(world)).toSorted()).toEqual([world.ids.user, eve.id].toSorted());
    await expect.poll(() => viewerOf(world)).toBe(200);
  });
});
