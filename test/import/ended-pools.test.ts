import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCounts } from '../../src/import/counts.ts';
import type { Fixture, FixtureOptions } from '../support/fixture.ts';
import { ImportError, importFile } from '../support/import.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { untilWaiting } from '../support/locks.ts';
import { range } from '../support/parallel.ts';
import { assign, eventsOf, givenSeat, historyOf, SEAT_KEYS } from '../support/seats.ts';
import { inRounds, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { verbsOf } from '../support/verbs.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Kind = 'subscription' | 'order';
type Row = Record<string, unknown>;

/** Returns the import file of the fixture with a changed pool, and with seats. */
function fileOf(fixture: Fixture, kind: Kind, pool: Row, seats: Row[] = []) {
  const [organization] = structuredClone(fixture.document.organizations);
  const pools = organization?.[`${kind}s`] ?? [];
  Object.assign(pools[0] ?? {}, pool);
  return { users: fixture.document.users, organizations: [{ ...organization, seats }] };
}

async function load(document: unknown) {
  return await importFile(usher.databaseUrl, document);
}

const sourceOf = (fixture: Fixture, kind: Kind) =>
  kind === 'order'
    ? { order_id: fixture.ids.order }
    : { subscription_id: fixture.ids.subscription };

/** Returns a seat of the pool as a row of the file. */
const seatIn = (fixture: Fixture, kind: Kind, more: Row): Row => ({
  id: randomUUID(),
  [`${kind}Id`]: fixture.ids[kind],
  status: 'pending',
  ...more,
});

async function rowOf(id: unknown) {
  return await usher.db.customerSeat.findFirstOrThrow({ where: { id: String(id) } });
}

/** Returns a fixture whose pool has a pending, a claimed and a revoked seat, and whose other pool has one seat. */
async function givenSeats(kind: Kind, options: FixtureOptions = {}) {
  const fixture = await usher.addFixture(options);
  const source = sourceOf(fixture, kind);
  const person = (name: string) => ({ ...source, email: `${name}@globex.example` });
  const pending = await givenSeat(usher, fixture, person('Sam'));
  const claimed = await givenSeat(usher, fixture, { ...person('Kim'), immediate_claim: true });
  const revoked = await givenSeat(usher, fixture, person('lou'));
  await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, {
    token: fixture.tokens.organization,
  });
  const other = await givenSeat(usher, fixture, {
    ...sourceOf(fixture, kind === 'order' ? 'subscription' : 'order'),
    email: 'Sam@globex.example',
  });
  return { fixture, pending, claimed, revoked, other };
}

describe('a file that ends a pool', () => {
  test.each<[Kind, string, string]>([
    ['subscription', 'active', 'canceled'],
    ['subscription', 'past_due', 'unpaid'],
    ['subscription', 'trialing', 'incomplete_expired'],
    ['order', 'paid', 'refunded'],
    ['order', 'partially_refunded', 'void'],
  ])(
    'revokes its live seats, with an event each (%s: from %s to %s)',
    async (kind, from, status) => {
      const { fixture, pending, claimed, revoked, other } = await givenSeats(kind);
      await load(fileOf(fixture, kind, { status: from }));
      expect(await historyOf(usher, pending.id)).toEqual(['assigned']);

      const counts = await load(fileOf(fixture, kind, { status }));
      expect(counts.revokedSeats).toBe(2);
      expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'revoked']);
      expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
      expect(await historyOf(usher, revoked.id)).toEqual(['assigned', 'revoked']);
      expect(await historyOf(usher, other.id)).toEqual(['assigned']);
      const rows = await checkPool(usher, { kind, id: fixture.ids[kind] });
      expect(rows.map(row => row.status)).toEqual(['revoked', 'revoked', 'revoked']);
    },
  );

  // The event of a revoked seat names its former holder.
  test.each([true, false])(
    'tells of each what the verb tells (member model: %s)',
    async memberModelEnabled => {
      const { fixture, pending, claimed } = await givenSeats('subscription', {
        memberModelEnabled,
      });
      await load(fileOf(fixture, 'subscription', { status: 'canceled' }));
      for (const seat of [pending, claimed]) {
        const row = await rowOf(seat.id);
        const payload = (await eventsOf(usher, seat.id)).at(-1)?.payload;
        const instant = row.revokedAt?.toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
        expect(payload).toEqual({
          ...seat,
          status: 'revoked',
          customer_id: null,
          member_id: null,
          email: null,
          revoked_at: instant,
          modified_at: instant,
        });
        expect(Object.keys(payload ?? {})).toEqual(SEAT_KEYS);
        expect(row.invitationNonce).toBeNull();
      }
    },
  );

  test('closes the invitations', async () => {
    const { fixture, pending } = await givenSeats('subscription');
    const invitation_token = await tokenOf(usher, pending.id);
    await load(fileOf(fixture, 'subscription', { status: 'canceled' }));
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token },
    });
    expect([claim.status, claim.body.error]).toEqual([400, 'InvalidInvitationToken']);
  });

  test('revokes the seats even if the organization has disabled seats', async () => {
    const { fixture, pending } = await givenSeats('order');
    const file = fileOf(fixture, 'order', { status: 'void' });
    Object.assign(file.organizations[0] ?? {}, {
      status: 'blocked',
      seatBasedPricingEnabled: false,
    });
    await load(file);
    expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'revoked']);
  });

  test.each<[Kind, string]>([
    ['subscription', 'incomplete'],
    ['subscription', 'past_due'],
    ['subscription', 'paused'],
    ['order', 'draft'],
    ['order', 'pending'],
    ['order', 'partially_refunded'],
  ])('is not one that says something else (%s: %s)', async (kind, status) => {
    const { fixture, pending, claimed } = await givenSeats(kind);
    const counts = await load(fileOf(fixture, kind, { status }));
    expect(counts).not.toHaveProperty('revokedSeats');
    expect([(await rowOf(pending.id)).status, (await rowOf(claimed.id)).status]).toEqual([
      'pending',
      'claimed',
    ]);
  });

  test('can lower the capacity to zero, since the revocations free the seats', async () => {
    const { fixture, pending } = await givenSeats('subscription');
    const file = fileOf(fixture, 'subscription', { status: 'canceled', seats: 0 }, [
      seatIn(fixture, 'subscription', { id: pending.id, memberId: fixture.ids.member }),
      seatIn(fixture, 'subscription', { email: 'new@globex.example' }),
    ]);
    await load(file);
    const where = { id: fixture.ids.subscription };
    const pool = await usher.db.subscription.findFirstOrThrow({ where });
    expect(pool).toMatchObject({ status: 'canceled', seats: 0, seatsUsed: 0 });
    const before = await contentsOf(usher.db);
    await load(file);
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('revokes nothing if one row is invalid', async () => {
    const { fixture } = await givenSeats('subscription');
    const before = await contentsOf(usher.db);
    const file = fileOf(fixture, 'subscription', { status: 'canceled' }, [
      seatIn(fixture, 'order', { memberId: randomUUID() }),
    ]);
    await expect(load(file)).rejects.toThrow(ImportError);
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('reports how many seats it revoked', async () => {
    const { fixture } = await givenSeats('subscription');
    const counts = await load(fileOf(fixture, 'subscription', { status: 'canceled' }));
    expect(describeCounts(counts)).toMatch(
      /, 1 order\. Revoked 2 seats of ended subscriptions and orders\.$/,
    );
    expect(describeCounts({ ...counts, revokedSeats: 1 })).toMatch(/ Revoked 1 seat of /);
  });

  test('revokes 1,000 seats in seconds, in the order of their creation', async () => {
    const fixture = await usher.addFixture({ seats: 1000 });
    const seats = range(1000).map(i =>
      seatIn(fixture, 'subscription', { email: `person${i}@globex.example` }),
    );
    await load(fileOf(fixture, 'subscription', {}, seats));
    const counts = await load(fileOf(fixture, 'subscription', { status: 'canceled' }));
    expect(counts.revokedSeats).toBe(1000);
    const events = await usher.db.outboxEvent.findMany({
      where: { organizationId: fixture.ids.organization, type: 'customer_seat.revoked' },
      orderBy: { sequence: 'asc' },
      select: { seatId: true },
    });
    // The seats of one import have the same creation time, so their ids decide the order.
    expect(events.map(({ seatId }) => seatId)).toEqual(seats.map(({ id }) => id).toSorted());
  });
});

describe('the seats in a file that ends their pool', () => {
  test('are revoked, and stay revoked when the file is imported again', async () => {
    const { fixture, pending, claimed, revoked } = await givenSeats('subscription');
    const arrived = seatIn(fixture, 'subscription', { memberId: fixture.ids.member });
    const file = fileOf(fixture, 'subscription', { status: 'canceled' }, [
      seatIn(fixture, 'subscription', { id: pending.id, email: pending.email, metadata: { a: 1 } }),
      seatIn(fixture, 'subscription', {
        id: claimed.id,
        status: 'claimed',
        email: 'Kim@b.example',
      }),
      seatIn(fixture, 'subscription', { id: revoked.id, email: 'lou@globex.example' }),
      arrived,
    ]);
    const told: [number, number][] = [];
    const counts = await importFile(usher.databaseUrl, file, {
      onProgress: (...progress) => told.push(progress),
    });
    expect(counts).toMatchObject({ seats: 4, revokedSeats: 3 });
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
    expect(await historyOf(usher, revoked.id)).toEqual(['assigned', 'revoked']);
    expect((await eventsOf(usher, String(arrived.id))).map(({ payload }) => payload)).toMatchObject(
      [{ status: 'revoked', email: null, customer_email: 'Mia@globex.example' }],
    );
    // The file does not change a seat that was revoked with its pool.
    expect(await rowOf(pending.id)).toMatchObject({ status: 'revoked', metadata: {} });

    const before = await contentsOf(usher.db);
    const again = await load(file);
    expect(await contentsOf(usher.db)).toEqual(before);
    expect(again).not.toHaveProperty('revokedSeats');
  });

  test('are recorded with their state in usher if the file is outdated', async () => {
    const { fixture, claimed } = await givenSeats('subscription');
    const { email } = claimed;
    const seats = [seatIn(fixture, 'subscription', { id: claimed.id, status: 'pending', email })];
    await load(fileOf(fixture, 'subscription', { status: 'unpaid' }, seats));
    expect((await eventsOf(usher, claimed.id)).at(-1)?.payload).toMatchObject({
      claimed_at: claimed.claimed_at,
      customer_email: 'Kim@globex.example',
      member: claimed.member,
    });
  });

  test('are recorded if the file itself revokes them', async () => {
    const { fixture, claimed } = await givenSeats('subscription');
    const revokedAt = '2026-01-02T03:04:05.000Z';
    const seat = seatIn(fixture, 'subscription', { id: claimed.id, status: 'revoked', revokedAt });
    const file = fileOf(fixture, 'subscription', { status: 'canceled' }, [seat]);
    await load(file);
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
    expect((await rowOf(claimed.id)).revokedAt).toEqual(new Date(revokedAt));
    const before = await contentsOf(usher.db);
    await load(file);
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('stay live if the file moves them to another pool', async () => {
    const { fixture, claimed } = await givenSeats('subscription');
    const seat = seatIn(fixture, 'order', {
      id: claimed.id,
      status: 'claimed',
      memberId: claimed.member_id,
      claimedAt: claimed.claimed_at,
    });
    const counts = await load(fileOf(fixture, 'subscription', { status: 'canceled' }, [seat]));
    expect(counts.revokedSeats).toBe(1);
    expect(await rowOf(claimed.id)).toMatchObject({
      status: 'claimed',
      orderId: fixture.ids.order,
      memberId: claimed.member_id,
    });
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked', 'claimed']);
  });

  test('are revoked if the file moves them to the pool that ends', async () => {
    const fixture = await usher.addFixture();
    const other = seatIn(fixture, 'order', { email: 'sam@b.example' });
    await load(fileOf(fixture, 'order', {}, [other]));
    const seat = seatIn(fixture, 'subscription', { id: other.id, email: 'mia@b.example' });
    await load(fileOf(fixture, 'subscription', { status: 'canceled' }, [seat]));
    expect(await historyOf(usher, String(other.id))).toEqual(['assigned', 'revoked', 'revoked']);
    expect(await rowOf(other.id)).toMatchObject({
      status: 'revoked',
      subscriptionId: fixture.ids.subscription,
    });
  });
});

describe('a pool that has ended already', () => {
  test('keeps its live seats if the file creates it', async () => {
    const fixture = await usher.addFixture();
    const pool = { id: randomUUID(), status: 'canceled' };
    const seats = [
      seatIn(fixture, 'subscription', { email: 'sam@b.example', subscriptionId: pool.id }),
    ];
    const file = fileOf(fixture, 'subscription', pool, seats);
    const counts = await load(file);
    expect(counts).not.toHaveProperty('revokedSeats');
    expect((await rowOf(seats[0]?.id)).status).toBe('pending');
    const before = await contentsOf(usher.db);
    await load(file);
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('accepts live seats of a later file', async () => {
    const fixture = await usher.addFixture({ subscriptionStatus: 'canceled' });
    const seat = seatIn(fixture, 'subscription', { email: 'sam@b.example' });
    const holder = { ...seat, email: undefined, memberId: fixture.ids.member };
    await load(fileOf(fixture, 'subscription', {}, [seat]));
    await load(fileOf(fixture, 'subscription', { status: 'unpaid' }, [holder]));
    expect(await rowOf(seat.id)).toMatchObject({
      status: 'pending',
      memberId: fixture.ids.member,
    });
    expect(await historyOf(usher, String(seat.id))).toEqual(['assigned', 'revoked', 'assigned']);
  });

  test('keeps a seat revoked that was revoked since, even if the file does not have the pool', async () => {
    const fixture = await usher.addFixture({ subscriptionStatus: 'canceled' });
    const seat = seatIn(fixture, 'subscription', { email: 'sam@b.example', metadata: { a: 1 } });
    const file = fileOf(fixture, 'subscription', {}, [seat]);
    await load(file);
    await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, {
      token: fixture.tokens.organization,
    });
    const before = await contentsOf(usher.db);
    await load(file);
    const [organization] = structuredClone(file.organizations);
    await load({ ...file, organizations: [{ ...organization, subscriptions: [] }] });
    expect(await contentsOf(usher.db)).toEqual(before);
  });

  test('gets its seats back if a file makes it active again', async () => {
    const { fixture, pending } = await givenSeats('subscription');
    const seats = [seatIn(fixture, 'subscription', { id: pending.id, email: 'sam@b.example' })];
    await load(fileOf(fixture, 'subscription', { status: 'canceled' }, seats));
    expect((await rowOf(pending.id)).status).toBe('revoked');
    await load(fileOf(fixture, 'subscription', { status: 'active' }, seats));
    expect(await rowOf(pending.id)).toMatchObject({
      status: 'pending',
      email: 'sam@b.example',
      revokedAt: null,
    });
    await load(fileOf(fixture, 'subscription', { status: 'canceled' }, seats));
    expect(await historyOf(usher, pending.id)).toEqual([
      'assigned',
      'revoked',
      'assigned',
      'revoked',
    ]);
  });
});

describe('while a server is running', () => {
  let other: pg.Client;
  beforeAll(async () => {
    other = new pg.Client({ connectionString: usher.databaseUrl });
    await other.connect();
  });
  afterAll(() => other.end());

  test('the import waits for a claim and revokes the seat, and a later assignment fails', async () => {
    const { fixture, pending } = await givenSeats('subscription');
    await other.query('BEGIN');
    await other.query(
      "UPDATE customer_seats SET status = 'claimed', claimed_at = now() WHERE id = $1",
      [pending.id],
    );
    const importing = load(fileOf(fixture, 'subscription', { status: 'canceled' }));
    await untilWaiting(usher, 1);
    const late = assign(usher, fixture, { email: 'late@globex.example' });
    await untilWaiting(usher, 2);
    await other.query('COMMIT');
    expect((await importing).revokedSeats).toBe(2);
    expect((await late).body.error).toBe('SeatNotAvailable');
    const row = await rowOf(pending.id);
    expect(row).toMatchObject({ status: 'revoked', claimedAt: expect.any(Date) });
  });

  test('no seat of a pool that ends stays live, even under concurrent requests', async () => {
    await inRounds(15, async random => {
      const fixture = await usher.addFixture({ seats: 6 });
      const pool = { kind: 'subscription', id: fixture.ids.subscription } as const;
      const seats: { id: string }[] = [];
      for (const name of ['a', 'b', 'c']) {
        seats.push(await givenSeat(usher, fixture, { email: `${name}@globex.example` }));
      }
      const [claimed = '', revoked = '', resent = ''] = random.shuffle(seats).map(({ id }) => id);
      const token = await tokenOf(usher, claimed);
      const caller = { token: fixture.tokens.organization, side: 'admin' } as const;
      const verbs = verbsOf(usher, random.pick(['rest', 'graphql']));
      const [, assigned] = await race<{ word: string }>(random, [
        async () => {
          await load(fileOf(fixture, 'subscription', { status: 'canceled' }));
          return { word: 'ok' };
        },
        () => verbs.assign(caller, pool, 'd@globex.example'),
        () => verbs.claim(token),
        () => verbs.revoke(caller, revoked),
        () => verbs.resend(caller, resent),
      ]);
      expect(assigned?.word).toMatch(/^(ok|SeatNotAvailable)$/);
      const rows = await checkPool(usher, pool);
      expect(rows.filter(({ status }) => status !== 'revoked')).toEqual([]);
    });
  });
});
