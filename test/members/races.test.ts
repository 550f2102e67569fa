import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../src/auth/access-tokens.ts';
import type { Ctx } from '../../src/context.ts';
import { openDatabase } from '../../src/db/client.ts';
import { updateMember } from '../../src/members/update.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { untilWaiting } from '../support/locks.ts';
import { range } from '../support/parallel.ts';
import { givenSeat, historyOf } from '../support/seats.ts';
import { inRounds, type Random, race } from '../support/seeded.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import { verbsOf } from '../support/verbs.ts';
import { remove, update } from './calls.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
  // A deadlock fails the test: it becomes a lock timeout and a 503, which no test expects.
  const client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  const name = new URL(usher.databaseUrl).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET deadlock_timeout = '60s'`);
  await client.end();
});
afterAll(() => usher.close());

const SAM = 'sam@globex.example';

const poolsOf = ({ ids }: Fixture) =>
  [
    { kind: 'subscription', id: ids.subscription },
    { kind: 'order', id: ids.order },
  ] as const;

/** Returns a fixture in which Sam has a pending seat and, in the other pool, a claimed one. */
async function givenSam() {
  const fixture = await usher.addFixture({ seats: 4 });
  const pending = await givenSeat(usher, fixture, { email: SAM });
  const claimed = await givenSeat(usher, fixture, {
    email: SAM,
    order_id: fixture.ids.order,
    immediate_claim: true,
  });
  return { fixture, memberId: String(pending.member_id), pending, claimed };
}

function anyCaller(random: Random, fixture: Fixture) {
  return random.pick([
    { token: fixture.tokens.organization, side: 'admin' },
    { token: fixture.tokens.owner, side: 'portal' },
  ] as const);
}

/** Checks that every live seat has an existing member with the same address, and returns the live seats. */
async function checkHolders(fixture: Fixture) {
  for (const pool of poolsOf(fixture)) await checkPool(usher, pool);
  const seats = await usher.db.customerSeat.findMany({
    where: { organizationId: fixture.ids.organization, status: { not: 'revoked' } },
    include: { member: true },
  });
  for (const { email, member } of seats) expect(member).toMatchObject({ deletedAt: null, email });
  return seats;
}

test('a removed member keeps no seat, even under concurrent requests', async () => {
  await inRounds(20, async random => {
    const { fixture, memberId, pending, claimed } = await givenSam();
    const token = await tokenOf(usher, pending.id);
    const [subscription] = poolsOf(fixture);
    const assign = async () => {
      const verbs = verbsOf(usher, random.pick(['rest', 'graphql']));
      return await verbs.assign(anyCaller(random, fixture), subscription, SAM, true);
    };
    const assignById = async () => {
      const body = { subscription_id: fixture.ids.subscription, member_id: memberId };
      const { status } = await usher.rest('POST', '/v1/customer-seats', {
        token: fixture.tokens.organization,
        body,
      });
      return { word: `${status}` };
    };
    const verbs = verbsOf(usher, 'rest');
    const caller = anyCaller(random, fixture);
    const [removed, ...others] = await race<{ word: string }>(random, [
      () => remove(usher, fixture.tokens.organization, memberId),
      () => verbs.claim(token),
      () => verbs.resend(caller, pending.id),
      () => verbs.revoke(caller, random.pick([pending.id, claimed.id])),
      assign,
      assignById,
      () => update(usher, fixture.tokens.owner, { memberId, name: 'Sam' }),
    ]);
    expect(removed?.word).toBe('ok');
    const expected =
      /^(ok|InvalidInvitationToken|SeatNotPending|SeatAlreadyAssigned|ResourceNotFound|200|400|404)$/;
    for (const { word } of others) expect(word).toMatch(expected);
    // A seat that is live afterwards belongs to a new member.
    for (const seat of await checkHolders(fixture)) expect(seat.memberId).not.toBe(memberId);
  });
});

test('a seat has the address of its member, even if it changes during the assignment', async () => {
  await inRounds(20, async random => {
    const { fixture, memberId } = await givenSam();
    const orderless = { order_id: fixture.ids.order };
    await usher.db.customerSeat.deleteMany({ where: { orderId: fixture.ids.order } });
    const linked = 'usr_sam';
    await usher.db.member.updateMany({ where: { id: memberId }, data: { externalId: linked } });
    const recipient = random.pick<Record<string, string>>([
      { member_id: memberId },
      { external_member_id: linked },
      { email: SAM },
    ]);
    const [changed] = await race<{ word: string }>(random, [
      () => update(usher, fixture.tokens.organization, { memberId, email: 'sam@new.example' }),
      async () => {
        const { status } = await usher.rest('POST', '/v1/customer-seats', {
          token: fixture.tokens.organization,
          body: { ...orderless, ...recipient },
        });
        return { word: `${status}` };
      },
    ]);
    expect(changed?.word).toBe('ok');
    await checkHolders(fixture);
  });
});

test('an address changes even under concurrent requests for the seats', async () => {
  await inRounds(15, async random => {
    const { fixture, memberId, pending, claimed } = await givenSam();
    const token = await tokenOf(usher, pending.id);
    const verbs = verbsOf(usher, random.pick(['rest', 'graphql']));
    const caller = anyCaller(random, fixture);
    const [changed, renamed, ...others] = await race<{ word: string }>(random, [
      () => update(usher, fixture.tokens.organization, { memberId, email: 'sam@new.example' }),
      () => update(usher, fixture.tokens.owner, { memberId, name: 'Sam', role: 'OWNER' }),
      () => verbs.claim(token),
      () => verbs.resend(caller, pending.id),
      () => verbs.revoke(caller, random.pick([pending.id, claimed.id])),
    ]);
    expect([changed?.word, renamed?.word]).toEqual(['ok', 'ok']);
    for (const { word } of others) {
      expect(word).toMatch(/^(ok|InvalidInvitationToken|SeatNotPending)$/);
    }
    await checkHolders(fixture);
    const member = await usher.db.member.findFirst({ where: { id: memberId } });
    expect(member).toMatchObject({ email: 'sam@new.example', name: 'Sam', role: 'owner' });
  });
});

test('an invitation without a member is not claimed for a member who is being removed', async () => {
  await inRounds(15, async random => {
    const { fixture, memberId, pending } = await givenSam();
    // Like after an import: an address without a member.
    await usher.db.customerSeat.updateMany({
      where: { id: pending.id },
      data: { memberId: null },
    });
    const token = await tokenOf(usher, pending.id);
    const [removed, claim] = await race<{ word: string }>(random, [
      () => remove(usher, fixture.tokens.organization, memberId),
      () => verbsOf(usher, 'rest').claim(token),
    ]);
    expect(removed?.word).toBe('ok');
    expect(claim?.word).toBe('ok');
    for (const seat of await checkHolders(fixture)) expect(seat.memberId).not.toBe(memberId);
  });
});

test('two concurrent removals and two concurrent changes of the owner do not conflict', async () => {
  await inRounds(10, async random => {
    const fixture = await usher.addFixture({ seats: 5 });
    const { ids, tokens } = fixture;
    const members: string[] = [];
    for (const i of range(4)) {
      const person = { email: `p${i}@globex.example` };
      const order = { ...person, order_id: ids.order };
      members.push((await givenSeat(usher, fixture, person)).member_id);
      await givenSeat(usher, fixture, order);
    }
    const [one = '', two = '', three = '', four = ''] = members;
    const outcomes = await race(random, [
      () => remove(usher, tokens.organization, one),
      () => remove(usher, tokens.customer, two),
      () => update(usher, tokens.organization, { memberId: three, role: 'OWNER' }),
      () => update(usher, tokens.customer, { memberId: four, role: 'OWNER' }),
    ]);
    expect(outcomes.map(({ word }) => word)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const owners = await usher.db.member.findMany({
      where: { customerId: ids.customer, role: 'owner', deletedAt: null },
    });
    expect(owners).toHaveLength(1);
    expect(await checkHolders(fixture)).toHaveLength(4);
  });
});

test.each(['removed', 'changed'] as const)(
  'a seat that is assigned while a member is being %s is not missed',
  async what => {
    const fixture = await usher.addFixture();
    const { member: memberId, organization: organizationId, customer: customerId } = fixture.ids;
    const outcome = await usher.db.$transaction(async tx => {
      // Locks the member like an assignment.
      await tx.$queryRaw`SELECT 1 FROM members WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`;
      const outcome =
        what === 'removed'
          ? remove(usher, fixture.tokens.organization, memberId)
          : update(usher, fixture.tokens.organization, { memberId, email: 'mia@new.example' });
      await untilWaiting(usher);
      const seat = { id: randomUUID(), organizationId, orderId: fixture.ids.order };
      await tx.customerSeat.create({
        data: { ...seat, status: 'claimed', customerId, memberId, email: 'Mia@globex.example' },
      });
      return { outcome };
    });
    expect((await outcome.outcome).word).toBe('ok');
    const seats = await usher.db.customerSeat.findMany({
      where: { organizationId, status: { not: 'revoked' } },
    });
    expect(seats.map(({ email }) => email)).toEqual(what === 'removed' ? [] : ['mia@new.example']);
  },
);

test('a seat that is assigned between reading a member and changing their address gets a new invitation', async () => {
  const fixture = await usher.addFixture();
  const { member: memberId, organization: organizationId } = fixture.ids;
  const database = openDatabase(usher.databaseUrl);
  let given: { id: string } | undefined;
  const db = database.db.$extends({
    query: {
      customerSeat: {
        async findMany({ args, query }) {
          const found = await query(args);
          given ??= await givenSeat(usher, fixture, { member_id: memberId });
          return found;
        },
      },
    },
  });
  const ctx = {
    actor: { kind: 'organization', organizationId, scopes: SCOPES, tokenId: null, label: null },
    channel: 'graphql',
    db,
    secretKey: SECRET_KEY,
    actors: { forgetMembers: () => undefined },
    changes: { announce: () => undefined },
    now: () => new Date(),
  } as unknown as Ctx;
  await updateMember(ctx, { memberId, email: 'mia@new.example' });
  await database.close();
  expect(await historyOf(usher, given?.id ?? '')).toEqual(['assigned', 'invitation_resent']);
  expect(await checkHolders(fixture)).toHaveLength(1);
});

test('the session of a concurrent claim ends with the member', async () => {
  const { fixture, memberId, pending } = await givenSam();
  const { organization: organizationId, customer: customerId } = fixture.ids;
  const outcome = await usher.db.$transaction(async tx => {
    // Does the same as a claim.
    const data = { status: 'claimed', claimedAt: new Date() } as const;
    await tx.customerSeat.updateMany({ where: { id: pending.id }, data });
    const removed = remove(usher, fixture.tokens.organization, memberId);
    await untilWaiting(usher);
    const session = { tokenHash: randomBytes(32), expiresAt: new Date(Date.now() + 60_000) };
    await tx.memberSession.create({ data: { ...session, organizationId, customerId, memberId } });
    return { removed };
  });
  expect((await outcome.removed).word).toBe('ok');
  expect(await usher.db.memberSession.count({ where: { memberId, endedAt: null } })).toBe(0);
  expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'revoked']);
});

test('a session that begins during a change of the address ends', async () => {
  const { fixture, memberId } = await givenSam();
  const { organization: organizationId, customer: customerId } = fixture.ids;
  const outcome = await usher.db.$transaction(async tx => {
    await tx.$queryRaw`SELECT 1 FROM members WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`;
    const input = { memberId, email: 'sam@new.example' };
    const updated = update(usher, fixture.tokens.organization, input);
    await untilWaiting(usher);
    const session = { tokenHash: randomBytes(32), expiresAt: new Date(Date.now() + 60_000) };
    await tx.memberSession.create({ data: { ...session, organizationId, customerId, memberId } });
    return { updated };
  });
  expect((await outcome.updated).word).toBe('ok');
  expect(await usher.db.memberSession.count({ where: { memberId, endedAt: null } })).toBe(0);
});
