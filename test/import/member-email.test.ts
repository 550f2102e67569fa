import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { type ImportOptions, importFile } from '../support/import.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat, historyOf } from '../support/seats.ts';
import { inRounds, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const LATER = new Date('2030-02-02T00:00:00Z');
const NEW = 'mia@new.example';

type Row = Record<string, unknown>;
type Person = 'owner' | 'manager' | 'member';

/** Returns the import file of the fixture with new addresses of members, and with seats. */
function fileOf(fixture: Fixture, addresses: Partial<Record<Person, string>>, seats: Row[] = []) {
  const document = structuredClone(fixture.document);
  const [organization] = document.organizations;
  for (const member of organization?.customers[0]?.members ?? []) {
    for (const [person, email] of Object.entries(addresses)) {
      // `Object.entries` types the keys as string.
      if (member.id === fixture.ids[person as Person]) member.email = email;
    }
  }
  return { users: document.users, organizations: [{ ...organization, seats }] };
}

async function load(document: unknown, options?: ImportOptions) {
  return await importFile(usher.databaseUrl, document, options);
}

async function rowOf(id: unknown) {
  return await usher.db.customerSeat.findFirstOrThrow({ where: { id: String(id) } });
}

/** Returns a seat of a member as a row of the file; it is of the subscription by default. */
const seatFor = (fixture: Fixture, person: Person, more: Row = {}): Row => ({
  id: randomUUID(),
  subscriptionId: fixture.ids.subscription,
  status: 'pending',
  memberId: fixture.ids[person],
  ...more,
});

/** Returns a fixture in which Mia has a pending and a claimed seat. */
async function givenMia() {
  const fixture = await usher.addFixture();
  const person = { member_id: fixture.ids.member };
  const pending = await givenSeat(usher, fixture, person);
  const order = { order_id: fixture.ids.order };
  const claimed = await givenSeat(usher, fixture, { ...person, ...order, immediate_claim: true });
  return { fixture, pending, claimed };
}

describe('a file that changes the address of a member', () => {
  test('changes the live seats of that member, and records no event', async () => {
    const { fixture, pending, claimed } = await givenMia();
    const jane = await givenSeat(usher, fixture, { member_id: fixture.ids.owner });
    await load(fileOf(fixture, { member: NEW }), { now: () => LATER });
    for (const seat of [pending, claimed]) {
      expect(await rowOf(seat.id)).toMatchObject({ email: NEW, modifiedAt: LATER });
    }
    expect(await historyOf(usher, pending.id)).toEqual(['assigned']);
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed']);
    expect(await rowOf(jane.id)).toMatchObject({ email: jane.email, modifiedAt: null });
  });

  test('does not change seats of other people with the same address', async () => {
    const { fixture } = await givenMia();
    const { pending: theirs } = await givenMia();
    await load(fileOf(fixture, { member: NEW }));
    expect(await rowOf(theirs.id)).toMatchObject({ email: theirs.email, modifiedAt: null });
  });

  test('does not change a revoked seat', async () => {
    const fixture = await usher.addFixture();
    const seat = seatFor(fixture, 'member', { status: 'revoked', email: 'mia@old.example' });
    await load(fileOf(fixture, {}, [seat]));
    await load(fileOf(fixture, { member: NEW }));
    expect(await rowOf(seat.id)).toMatchObject({ email: 'mia@old.example', modifiedAt: null });
  });

  test.each([NEW, 'MIA@globex.example'])('keeps invitations valid (%s)', async address => {
    const { fixture, pending } = await givenMia();
    const invitation_token = await tokenOf(usher, pending.id);
    await load(
      fileOf(fixture, { member: address }, [seatFor(fixture, 'member', { id: pending.id })]),
    );
    const path = `/v1/customer-seats/claim/${invitation_token}`;
    expect((await usher.rest('GET', path)).body.customer_email).toBe(address);
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token },
    });
    expect(claim.status).toBe(200);
    expect(claim.body.seat).toMatchObject({ email: address, member_id: fixture.ids.member });
  });

  test('overrides the old address of its seats, and changes nothing when repeated', async () => {
    const { fixture, pending, claimed } = await givenMia();
    const seats = [
      seatFor(fixture, 'member', { id: pending.id, email: pending.email }),
      seatFor(fixture, 'member', {
        id: claimed.id,
        subscriptionId: undefined,
        orderId: fixture.ids.order,
        status: 'claimed',
        email: claimed.email,
        claimedAt: claimed.claimed_at,
      }),
    ];
    const file = fileOf(fixture, { member: NEW }, seats);
    await load(file);
    for (const seat of [pending, claimed]) {
      expect(await rowOf(seat.id)).toMatchObject({ email: NEW, status: seat.status });
    }
    const before = await contentsOf(usher.db);
    await load(file);
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('can swap the addresses of all holders in one pool', async () => {
    const fixture = await usher.addFixture({ seats: 3 });
    const addresses = {
      owner: 'raj@globex.example',
      manager: 'MIA@globex.example',
      member: 'jane@globex.example',
    };
    const people = ['owner', 'manager', 'member'] as const;
    const seats: { id: string; email: string }[] = [];
    for (const person of people) {
      seats.push(await givenSeat(usher, fixture, { member_id: fixture.ids[person] }));
    }
    const rows = people.map((person, i) =>
      seatFor(fixture, person, { id: seats[i]?.id, email: seats[i]?.email }),
    );
    await load(fileOf(fixture, addresses, rows.slice(1)));
    const after = await usher.db.customerSeat.findMany({
      where: { subscriptionId: fixture.ids.subscription },
    });
    expect(new Map(after.map(({ memberId, email }) => [memberId, email]))).toEqual(
      new Map(people.map(person => [fixture.ids[person], addresses[person]])),
    );
  });

  test('changes a seat that it moves to another pool', async () => {
    const { fixture, claimed } = await givenMia();
    const seat = seatFor(fixture, 'member', {
      id: claimed.id,
      email: claimed.email,
      status: 'claimed',
    });
    const file = fileOf(fixture, { member: NEW }, [seat]);
    await usher.db.customerSeat.deleteMany({ where: { subscriptionId: fixture.ids.subscription } });
    await load(file);
    expect(await rowOf(claimed.id)).toMatchObject({
      subscriptionId: fixture.ids.subscription,
      email: NEW,
    });
  });

  test('can also end the pool', async () => {
    const { fixture, pending, claimed } = await givenMia();
    const file = fileOf(fixture, { member: NEW });
    Object.assign(file.organizations[0]?.subscriptions?.[0] ?? {}, { status: 'canceled' });
    expect(await load(file)).toMatchObject({ revokedSeats: 1 });
    expect(await rowOf(pending.id)).toMatchObject({ status: 'revoked', email: null });
    expect(await rowOf(claimed.id)).toMatchObject({ email: NEW });
  });
});

describe('an address that another seat of the pool has', () => {
  test('is reported at the member', async () => {
    const { fixture } = await givenMia();
    const seat = seatFor(fixture, 'member', { memberId: undefined, email: 'MIA@new.example' });
    await load(fileOf(fixture, {}, [seat]));
    await expect(load(fileOf(fixture, { member: NEW }))).rejects.toThrow(
      'organizations[0].customers[0].members[2].email: another seat of the same subscription or order has this address',
    );
  });

  test('is free if the file changes that seat', async () => {
    const { fixture, pending } = await givenMia();
    const seat = seatFor(fixture, 'member', { memberId: undefined, email: NEW });
    await load(fileOf(fixture, {}, [seat]));
    await load(fileOf(fixture, { member: NEW }, [{ ...seat, email: 'else@new.example' }]));
    expect(await rowOf(pending.id)).toMatchObject({ email: NEW });
  });
});

describe('the address that the file has for a seat', () => {
  test('counts for a new seat, stays, and follows the member later', async () => {
    const fixture = await usher.addFixture();
    const seat = seatFor(fixture, 'member', { email: 'mia@home.example' });
    await load(fileOf(fixture, {}, [seat]));
    expect(await rowOf(seat.id)).toMatchObject({ email: 'mia@home.example' });
    const before = await contentsOf(usher.db);
    await load(fileOf(fixture, {}, [seat]));
    await load(fileOf(fixture, {}, [{ ...seat, email: 'mia@elsewhere.example' }]));
    expect(await contentsOf(usher.db)).toEqual(before);
    await load(fileOf(fixture, { member: NEW }, [seat]));
    expect(await rowOf(seat.id)).toMatchObject({ email: NEW });
  });

  test('counts for a new holder', async () => {
    const fixture = await usher.addFixture();
    const pending = seatFor(fixture, 'member');
    await load(fileOf(fixture, {}, [pending]));
    const seat = seatFor(fixture, 'manager', { id: pending.id, email: 'raj@home.example' });
    await load(fileOf(fixture, { member: NEW }, [seat]));
    expect(await rowOf(pending.id)).toMatchObject({
      memberId: fixture.ids.manager,
      email: 'raj@home.example',
    });
    await load(fileOf(fixture, { member: NEW }, [{ ...seat, memberId: undefined, email: NEW }]));
    expect(await rowOf(pending.id)).toMatchObject({ memberId: null, email: NEW });
  });

  test('counts for a seat without a member', async () => {
    const fixture = await usher.addFixture();
    const seat = seatFor(fixture, 'member', { memberId: undefined, email: 'one@b.example' });
    await load(fileOf(fixture, {}, [seat]));
    await load(fileOf(fixture, {}, [{ ...seat, email: 'two@b.example' }]));
    expect(await rowOf(seat.id)).toMatchObject({ email: 'two@b.example' });
  });
});

test('every seat has the address of its member, even under concurrent assignments', async () => {
  await inRounds(15, async random => {
    const { fixture, claimed } = await givenMia();
    await usher.db.customerSeat.deleteMany({ where: { id: claimed.id } });
    const file = fileOf(fixture, { member: NEW });
    const isEnd = random.below(2) === 0;
    if (isEnd) Object.assign(file.organizations[0]?.subscriptions?.[0] ?? {}, { status: 'unpaid' });
    const recipient = random.pick<Record<string, string>>([
      { member_id: fixture.ids.member },
      { external_member_id: 'usr_mia' },
    ]);
    const [, assigned] = await race<unknown>(random, [
      () => load(file),
      () => givenSeat(usher, fixture, { order_id: fixture.ids.order, ...recipient }),
    ]);
    expect(assigned).toMatchObject({ status: 'pending' });
    const seats = await usher.db.customerSeat.findMany({
      where: { memberId: fixture.ids.member, status: { not: 'revoked' } },
    });
    expect(seats.map(({ email }) => email)).toEqual(seats.map(() => NEW));
    expect(seats).toHaveLength(isEnd ? 1 : 2);
  });
});
