import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import {
  type Actor,
  expected,
  follow,
  liveSeats,
  type ModelPool,
  type ModelSeat,
  RIGHTS,
} from '../support/seat-model.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { type Caller, type SeatFacts, verbsOf } from '../support/verbs.ts';

const RUNS = 80;
const LONGEST = 40;

let usher: TestUsher;
let stranger: Fixture;
beforeAll(async () => {
  usher = await startUsher({ resendLimits: { intervalMs: 0, perHour: 0 } });
  stranger = await usher.addFixture();
});
afterAll(() => usher.close());

const api = fc.constantFrom('rest', 'graphql');
// Object.keys forgets what the keys of a constant are.
const anyone = fc.constantFrom(...(Object.keys(RIGHTS) as Actor[]));
const seller = fc.constant<Actor>('organization');
/** Any caller, but an authorized one often enough that seats change. */
const actor = fc.oneof(anyone, seller);
const kind = fc.constantFrom('subscription', 'order');
const nth = fc.nat({ max: 30 });
/** A member, and somebody new, in two spellings each; a customer of the same organization; one more. */
const email = fc.constantFrom(
  'mia@globex.example',
  'MIA@globex.example',
  'sam@globex.example',
  'Sam@globex.example',
  'initech@initech.example',
  'kim@globex.example',
);
const immediate = fc.boolean();

const command = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ verb: fc.constant('assign'), api, actor, kind, email, immediate }),
  },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('revoke'), api, actor, nth }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('resend'), api, actor, nth }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('claim'), api, nth }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('claimInfo'), api, nth }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('expire'), nth }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('list'), api, actor, kind }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const facts = ({ id, status, email }: SeatFacts): SeatFacts => ({ id, status, email });

/** Gives each command to usher and to the model, and holds the one to the other. */
function referee(fixture: Fixture, size: number) {
  const pools: Record<'subscription' | 'order', ModelPool> = {
    subscription: { size, seats: [] },
    order: { size, seats: [] },
  };
  const tokens: string[] = [];
  const isMemberModel = fixture.document.organizations[0]?.memberModelEnabled;
  /** How a person's address is spelled once it is known. */
  const spelled = new Map(isMemberModel ? [['mia@globex.example', 'Mia@globex.example']] : []);

  const callerOf = (name: Actor): Caller =>
    name === 'otherOrganization'
      ? { token: stranger.tokens.organization, side: 'admin' }
      : {
          token: fixture.tokens[name],
          side: ['organization', 'personal', 'reader'].includes(name) ? 'admin' : 'portal',
        };
  const seats = () => [...pools.subscription.seats, ...pools.order.seats];
  const invite = async (seat: ModelSeat) => {
    seat.token = await tokenOf(usher, seat.id);
    expect(tokens).not.toContain(seat.token);
    tokens.push(seat.token);
  };
  const opened = (token: string) => seats().find(seat => seat.token === token);

  async function obey(step: Command): Promise<void> {
    // Two rows are never born in the same millisecond, so that their order is known.
    usher.advance(1);
    switch (step.verb) {
      case 'assign': {
        const pool = pools[step.kind];
        const { word, seat } = await verbsOf(usher, step.api).assign(
          callerOf(step.actor),
          { kind: step.kind, id: fixture.ids[step.kind] },
          step.email,
          step.immediate,
        );
        expect(word).toBe(expected.assign(pool, step.actor, step.email));
        if (!seat) return;
        const name = step.email.toLowerCase();
        const holder = spelled.get(name) ?? step.email;
        spelled.set(name, holder);
        const given = follow.assign(pool, holder, step.immediate, seat.id);
        expect(seat).toEqual(facts(given));
        expect(new Set(seats().map(({ id }) => id)).size).toBe(seats().length);
        if (!step.immediate) await invite(given);
        return;
      }
      case 'revoke': {
        const seat = seats()[step.nth % (seats().length + 1)];
        const id = seat?.id ?? randomUUID();
        const outcome = await verbsOf(usher, step.api).revoke(callerOf(step.actor), id);
        expect(outcome.word).toBe(expected.revoke(seat, step.actor));
        if (!seat || !outcome.seat) return;
        // Decisions 9 and 23: the first answer names the former holder, in the spelling of their member.
        expect(outcome.formerHolder?.toLowerCase()).toBe(seat.email?.toLowerCase());
        expect(outcome.seat).toEqual(facts(follow.revoke(seat)));
        return;
      }
      case 'resend': {
        const seat = seats()[step.nth % (seats().length + 1)];
        const id = seat?.id ?? randomUUID();
        const outcome = await verbsOf(usher, step.api).resend(callerOf(step.actor), id);
        expect(outcome.word).toBe(expected.resend(seat, step.actor));
        // Decision 3: it is a new token, and the old one opens nothing.
        if (seat && outcome.seat) await invite(seat);
        return;
      }
      case 'claim': {
        const token = tokens[step.nth % (tokens.length + 1)] ?? 'nonsense';
        const seat = opened(token);
        const outcome = await verbsOf(usher, step.api).claim(token);
        expect(outcome.word).toBe(expected.claim(seat));
        if (!seat) return;
        const { id, status } = follow.claim(seat);
        expect(outcome.seat).toMatchObject({ id, status });
        return;
      }
      case 'claimInfo': {
        const token = tokens[step.nth % (tokens.length + 1)] ?? 'nonsense';
        const { word } = await verbsOf(usher, step.api).claimInfo(token);
        expect(word).toBe(expected.claimInfo(opened(token)));
        return;
      }
      case 'expire': {
        const seat = seats()[step.nth % (seats().length + 1)];
        if (seat?.status !== 'pending') return;
        seat.token = undefined;
        await usher.db.customerSeat.updateMany({
          where: { id: seat.id },
          data: { invitationTokenExpiresAt: new Date(0) },
        });
        return;
      }
      case 'list': {
        const pool = { kind: step.kind, id: fixture.ids[step.kind] };
        const { word, list } = await verbsOf(usher, step.api).list(callerOf(step.actor), pool);
        expect(word).toBe(expected.list(step.actor));
        const { seats: rows } = pools[step.kind];
        const available = size - liveSeats(pools[step.kind]).length;
        if (list) expect(list).toEqual({ seats: rows.map(facts), available, total: size });
      }
    }
  }

  return {
    obey,
    async check(): Promise<void> {
      for (const kind of ['subscription', 'order'] as const) {
        const rows = await checkPool(usher, { kind, id: fixture.ids[kind] });
        expect(rows.map(facts)).toEqual(pools[kind].seats.map(facts));
      }
    },
  };
}

// fast-check prints the seed of a failure; the environment's SEED repeats it.
test('whatever is done, by whom and through which API, usher does as the state machine says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(command, { minLength: 1, maxLength: LONGEST, size: 'max' }),
      async (memberModelEnabled, size, commands) => {
        const fixture = await usher.addFixture({ memberModelEnabled, seats: size });
        const { obey, check } = referee(fixture, size);
        for (const step of commands) await obey(step);
        await check();
      },
    ),
    { numRuns: RUNS, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
  );
}, 120_000);
