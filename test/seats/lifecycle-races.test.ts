import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordSystem } from '../../src/auth/recorded-actor.ts';
import { transaction } from '../../src/db/transaction.ts';
import { revokeAllSeats } from '../../src/seats/revoke-all.ts';
import type { Fixture, FixtureOptions } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { range } from '../support/parallel.ts';
import { inRounds, type Random, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { type Api, type Caller, type Outcome, type Pool, verbsOf } from '../support/verbs.ts';

const BY_SYSTEM = recordSystem('worker');

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const APIS: readonly [Api, Api] = ['rest', 'graphql'];

/** A random API and caller. */
function anyVerbs(random: Random, fixture: Fixture) {
  const caller: Caller = random.pick([
    { token: fixture.tokens.organization, side: 'admin' },
    { token: fixture.tokens.owner, side: 'portal' },
  ]);
  return { caller, verbs: verbsOf(usher, random.pick(APIS)) };
}

/** A fixture and its subscription's pool. */
async function given(options: FixtureOptions): Promise<{ fixture: Fixture; pool: Pool }> {
  const fixture = await usher.addFixture(options);
  return { fixture, pool: { kind: 'subscription', id: fixture.ids.subscription } };
}

/** Assigns by REST as the seller; it has to succeed. */
async function assigned(fixture: Fixture, pool: Pool, email: string): Promise<string> {
  const caller: Caller = { token: fixture.tokens.organization, side: 'admin' };
  const { word, seat } = await verbsOf(usher, 'rest').assign(caller, pool, email);
  if (!seat) throw new Error(word);
  return seat.id;
}

/** Leaves the pool as if nobody had ever had a seat of it. */
async function empty(pool: Pool): Promise<void> {
  await usher.db.customerSeat.deleteMany({ where: { subscriptionId: pool.id } });
}

const words = (outcomes: readonly Outcome[]) => outcomes.map(({ word }) => word);

// Decision 5: of any number of claims of one token exactly one succeeds.
test('of eight claims of one token one gets 200 and seven get 400', async () => {
  const { fixture, pool } = await given({ seats: 1 });
  await inRounds(25, async random => {
    const id = await assigned(fixture, pool, 'sam@globex.example');
    const invitation_token = await tokenOf(usher, id);
    const body = { invitation_token };
    const claims = range(8).map(
      () => () => usher.rest('POST', '/v1/customer-seats/claim', { body }),
    );
    const answers = await race(random, claims);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...range(7).map(() => 400),
    ]);
    const [row] = await checkPool(usher, pool);
    expect(row?.status).toBe('claimed');
    await empty(pool);
  });
  // A session for each of the seats, and none for who came too late, besides the fixture's own four.
  const sessions = await usher.db.memberSession.count({
    where: { customerId: fixture.ids.customer },
  });
  expect(sessions).toBe(4 + 25);
});

test('of claims through both APIs one succeeds', async () => {
  const { fixture, pool } = await given({ seats: 1, memberModelEnabled: false });
  await inRounds(25, async random => {
    const token = await tokenOf(usher, await assigned(fixture, pool, 'sam@globex.example'));
    const claims = range(4).map(i => () => verbsOf(usher, APIS[i % 2] ?? 'rest').claim(token));
    const outcomes = await race(random, claims);
    expect(words(outcomes).toSorted()).toEqual([...Array(3).fill('InvalidInvitationToken'), 'ok']);
    await checkPool(usher, pool);
    await empty(pool);
  });
});

test('a revoke takes the seat, whether or not a claim was in time', async () => {
  const { fixture, pool } = await given({ seats: 1 });
  await inRounds(50, async random => {
    const id = await assigned(fixture, pool, 'sam@globex.example');
    const token = await tokenOf(usher, id);
    const { caller, verbs } = anyVerbs(random, fixture);
    const [claim, revoke] = await race(random, [
      () => verbsOf(usher, random.pick(APIS)).claim(token),
      () => verbs.revoke(caller, id),
    ]);
    expect(revoke).toMatchObject({ word: 'ok', formerHolder: 'sam@globex.example' });
    expect(claim?.word).toMatch(/^(ok|InvalidInvitationToken)$/);
    const [row] = await checkPool(usher, pool);
    expect(row?.status).toBe('revoked');
    expect(row?.claimedAt !== null).toBe(claim?.word === 'ok');
    await empty(pool);
  });
});

test('either a claim or a resend comes first, and the other is told so', async () => {
  const { fixture, pool } = await given({ seats: 1 });
  await inRounds(50, async random => {
    const id = await assigned(fixture, pool, 'sam@globex.example');
    const token = await tokenOf(usher, id);
    const { caller, verbs } = anyVerbs(random, fixture);
    const outcomes = await race(random, [
      () => verbsOf(usher, random.pick(APIS)).claim(token),
      () => verbs.resend(caller, id),
    ]);
    const [row] = await checkPool(usher, pool);
    if (row?.status === 'claimed') {
      expect(words(outcomes)).toEqual(['ok', 'SeatNotPending']);
    } else {
      expect(words(outcomes)).toEqual(['InvalidInvitationToken', 'ok']);
      const renewed = await tokenOf(usher, id);
      expect((await verbsOf(usher, 'rest').claim(renewed)).word).toBe('ok');
    }
    await empty(pool);
  });
});

/** Ends a pool, as a cancellation does; says how many seats it took back. */
async function revokeAll(fixture: Fixture, { kind, id }: Pool): Promise<number> {
  return await transaction(usher.db, async tx => {
    const { organization: organizationId } = fixture.ids;
    const pool = { kind, id, organizationId };
    return (await revokeAllSeats(tx, pool, BY_SYSTEM, new Date())).length;
  });
}

/** Sets how many seats a pool has, as a billing system does; says whether the database let it. */
async function resize(pool: Pool, seats: number): Promise<string> {
  try {
    await usher.db.subscription.updateMany({ where: { id: pool.id }, data: { seats } });
    return 'ok';
  } catch (error) {
    // Decision 6: the database itself refuses a pool smaller than what is taken of it.
    if (String(error).includes('subscriptions_seats_used_check')) return 'refused';
    throw error;
  }
}

test('a pool that shrinks and grows while it is assigned from is never oversold', async () => {
  const { fixture, pool } = await given({ seats: 2 });
  await inRounds(55, async random => {
    await resize(pool, 2);
    await assigned(fixture, pool, 'first@globex.example');
    const seats = random.below(4);
    const [outcome, ...assigns] = await race<string>(random, [
      () => resize(pool, seats),
      ...['a', 'b', 'c'].map(name => async () => {
        const { caller, verbs } = anyVerbs(random, fixture);
        return (await verbs.assign(caller, pool, `${name}@globex.example`)).word;
      }),
    ]);
    const taken = 1 + assigns.filter(word => word === 'ok').length;
    expect(assigns.filter(word => word !== 'ok' && word !== 'SeatNotAvailable')).toEqual([]);
    const rows = await checkPool(usher, pool);
    expect(rows).toHaveLength(taken);
    if (outcome === 'ok') expect(taken).toBeLessThanOrEqual(seats);
    else expect(taken).toBeGreaterThan(seats);
    const total = outcome === 'ok' ? seats : 2;
    const { list } = await verbsOf(usher, random.pick(APIS)).list(
      { token: fixture.tokens.member, side: 'portal' },
      pool,
    );
    expect([list?.total, (list?.available ?? 0) + rows.length]).toEqual([total, total]);
    await empty(pool);
  });
});

test('the seat that a revoke frees goes to one of those who ask, or to none, never to two', async () => {
  const { fixture, pool } = await given({ seats: 1 });
  await inRounds(50, async random => {
    const id = await assigned(fixture, pool, 'sam@globex.example');
    const askers = ['sam@globex.example', 'SAM@globex.example', 'kim@globex.example'];
    const { caller, verbs } = anyVerbs(random, fixture);
    const [revoke, ...assigns] = await race(random, [
      () => verbs.revoke(caller, id),
      ...askers.map(email => () => {
        const other = anyVerbs(random, fixture);
        return other.verbs.assign(other.caller, pool, email, random.below(2) === 0);
      }),
    ]);
    expect(revoke?.word).toBe('ok');
    const won = assigns.filter(({ word }) => word === 'ok');
    expect(won.length).toBeLessThanOrEqual(1);
    expect(words(assigns).filter(word => word !== 'ok' && word !== 'SeatNotAvailable')).toEqual([]);
    const rows = await checkPool(usher, pool);
    // Decision 8: it is the revoked row that is given again.
    expect(rows).toMatchObject([{ id, status: won[0]?.seat?.status ?? 'revoked' }]);
    await empty(pool);
  });
});

test('a pool that ends while its seats come and go is left with those that came after', async () => {
  const { fixture, pool } = await given({ seats: 4 });
  await inRounds(30, async random => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push(await assigned(fixture, pool, `${name}@globex.example`));
    }
    const [revoked = '', claimed = ''] = random.shuffle(ids);
    const token = await tokenOf(usher, claimed);
    const { caller, verbs } = anyVerbs(random, fixture);
    const [ended, ...outcomes] = await race<string>(random, [
      async () => `${await revokeAll(fixture, pool)}`,
      async () => (await verbs.revoke(caller, revoked)).word,
      async () => (await verbsOf(usher, random.pick(APIS)).claim(token)).word,
      async () => (await verbs.assign(caller, pool, 'late@globex.example')).word,
    ]);
    expect(ended).toMatch(/^[234]$/);
    expect(outcomes[0]).toBe('ok');
    expect(outcomes[1]).toMatch(/^(ok|InvalidInvitationToken)$/);
    expect(outcomes[2]).toBe('ok');
    const rows = await checkPool(usher, pool);
    const live = rows.filter(({ status }) => status !== 'revoked');
    expect(live.map(({ email }) => email)).toEqual(
      // An assignment before the end, or of a row that was revoked again, leaves no seat.
      live.length === 0 ? [] : ['late@globex.example'],
    );
    await empty(pool);
  });
});

test('one person who is assigned and revoked concurrently has one seat or none', async () => {
  const { fixture, pool } = await given({ seats: 3, memberModelEnabled: false });
  await inRounds(40, async random => {
    const id = await assigned(fixture, pool, 'sam@globex.example');
    const { caller, verbs } = anyVerbs(random, fixture);
    const [revoke, ...assigns] = await race(random, [
      () => verbs.revoke(caller, id),
      ...range(3).map(() => () => {
        const other = anyVerbs(random, fixture);
        return other.verbs.assign(other.caller, pool, 'sam@globex.example');
      }),
    ]);
    expect(revoke?.word).toBe('ok');
    const refused = words(assigns).filter(word => word !== 'ok');
    expect(refused.every(word => word === 'SeatAlreadyAssigned')).toBe(true);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    const rows = await checkPool(usher, pool);
    const live = rows.filter(({ status }) => status !== 'revoked');
    expect(live).toHaveLength(3 - refused.length);
    await empty(pool);
  });
});
