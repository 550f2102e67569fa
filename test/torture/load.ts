import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../src/db/client.ts';
import { invitationToken } from '../../src/seats/invitation-token.ts';
import { range } from '../support/parallel.ts';
import { type Random, randomOf } from '../support/seeded.ts';
import type { Api } from '../support/verbs.ts';
import type { Ask } from './asks.ts';
import { type Call, makeCall, mayHaveHappened } from './calls.ts';
import type { TorturedOrganization, TortureFixture } from './fixture.ts';

export interface LoadOptions {
  fixture: TortureFixture;
  db: Db;
  url: string;
  secretKey: string;
  /** The tokens of the invitations that have arrived so far. */
  arrived(): readonly { token: string }[];
  /** How many call at the same time. */
  callers: number;
  /** Where everybody who is given a seat has their address. */
  domain: string;
}

/** Callers who ask for all that can be asked for, as fast as they are answered. */
export interface Load {
  /** The calls that have ended so far, of all rounds. */
  calls: Call[];
  /** Lets them begin; the seed says what they ask. Resolves once they have been answered as often as there are callers. */
  begin(seed: number): Promise<void>;
  /** Lets nobody begin a call any more, and waits for those under way. */
  end(): Promise<void>;
}

const APIS: readonly [Api, Api] = ['rest', 'graphql'];
// After a call that nobody could answer.
const PAUSE_MS = 40;
const POLL_MS = 10;

interface KnownSeat {
  id: string;
  status: string;
}

/** Makes the callers, who wait. What one learns of seats all know. */
export function createLoad(options: LoadOptions): Load {
  const { fixture, url, domain } = options;
  const seats = new Map<TorturedOrganization, Map<string, KnownSeat>>();
  const calls: Call[] = [];
  let lastAddress = '';
  let ids = 0;
  let callers: Promise<void>[] = [];
  let isOn = false;

  async function call(random: Random): Promise<void> {
    const organization = random.pick(fixture.organizations);
    const known = [...(seats.get(organization)?.values() ?? [])];
    const choose = CHOICES[random.below(CHOICES.length)] ?? assign;
    ids += 1;
    const id = ids;
    const fresh = `c${id}@${domain}`;
    // Now and then two ask for one person.
    const address = random.below(12) === 0 && lastAddress !== '' ? lastAddress : fresh;
    lastAddress = address;
    const ask =
      (await choose({ ...options, random, organization, known, address })) ??
      assign({ random, organization, address });
    const made = await makeCall(url, ask, random.pick(APIS), id);
    calls.push(made);
    learn(organization, made);
    if (mayHaveHappened(made.answer)) await delay(PAUSE_MS);
  }

  function learn(organization: TorturedOrganization, { answer }: Call): void {
    const known = seats.get(organization) ?? new Map<string, KnownSeat>();
    seats.set(organization, known);
    const shown =
      answer.kind === 'listed' ? answer.seats : answer.kind === 'done' ? [answer.seat] : [];
    for (const { id, status } of shown) known.set(id, { id, status });
  }

  return {
    calls,
    async begin(seed) {
      const enough = calls.length + options.callers;
      isOn = true;
      callers = range(options.callers).map(async index => {
        const random = randomOf(seed + index);
        while (isOn) await call(random);
      });
      // What goes wrong in one of them is told at the end.
      for (const caller of callers) caller.catch(() => undefined);
      while (isOn && calls.length < enough) await delay(POLL_MS);
    },
    async end() {
      isOn = false;
      await Promise.all(callers);
    },
  };
}

interface Choosing extends LoadOptions {
  random: Random;
  organization: TorturedOrganization;
  known: readonly KnownSeat[];
  address: string;
}

type Choice = (choosing: Choosing) => Promise<Ask | undefined> | Ask | undefined;

function assign({
  random,
  organization,
  address,
}: Pick<Choosing, 'random' | 'organization' | 'address'>): Ask {
  return {
    verb: 'assign',
    caller: random.pick(organization.callers),
    pool: random.pick(organization.pools),
    email: address,
    isImmediate: random.below(4) === 0,
  };
}

function list({ random, organization }: Choosing): Ask {
  const caller = random.pick([organization.reader, random.pick(organization.callers)]);
  return { verb: 'list', caller, pool: random.pick(organization.pools) };
}

function onSeat(verb: 'revoke' | 'resend', ...statuses: string[]): Choice {
  return ({ random, organization, known }) => {
    const [seat] = random.shuffle(known.filter(({ status }) => statuses.includes(status)));
    return seat && { verb, caller: random.pick(organization.callers), seatId: seat.id };
  };
}

/** With a link that has arrived, which may be dead by now. */
function claimMailed({ random, arrived }: Choosing): Ask | undefined {
  const latest = arrived().slice(-100);
  const token = latest[random.below(latest.length)]?.token;
  return token === undefined ? undefined : { verb: 'claim', token };
}

/** With the link that is alive. */
async function claimLatest({ random, db, secretKey, known }: Choosing): Promise<Ask | undefined> {
  const [seat] = random.shuffle(known.filter(({ status }) => status === 'pending'));
  if (!seat) return undefined;
  try {
    const row = await db.customerSeat.findFirst({ where: { id: seat.id } });
    const nonce = row?.invitationNonce;
    return nonce ? { verb: 'claim', token: invitationToken(secretKey, seat.id, nonce) } : undefined;
  } catch {
    // The database is dead at the moment.
    return undefined;
  }
}

/** What is refused: by who asks, by what is asked, or by what has become of the seat. */
function wrong(choosing: Choosing): Ask | undefined {
  const { random, organization, known, address } = choosing;
  const caller = random.pick(organization.callers);
  const pool = random.pick(organization.pools);
  const [seat] = random.shuffle(known);
  const asks: (Ask | undefined)[] = [
    { verb: 'assign', caller: organization.reader, pool, email: address, isImmediate: true },
    { verb: 'assign', caller, pool, email: `${address} and more`, isImmediate: false },
    {
      verb: 'assign',
      caller,
      pool: { kind: 'order', id: caller.token },
      email: address,
      isImmediate: false,
    },
    { verb: 'claim', token: caller.token },
    seat && { verb: 'revoke', caller: organization.reader, seatId: seat.id },
  ];
  return asks[random.below(asks.length)];
}

const CHOICES: readonly Choice[] = [
  ...Array<Choice>(12).fill(assign),
  ...Array<Choice>(7).fill(onSeat('revoke', 'pending', 'claimed')),
  onSeat('revoke', 'pending', 'claimed', 'revoked'),
  ...Array<Choice>(5).fill(onSeat('resend', 'pending')),
  onSeat('resend', 'claimed', 'revoked'),
  ...Array<Choice>(4).fill(claimLatest),
  ...Array<Choice>(2).fill(claimMailed),
  ...Array<Choice>(3).fill(list),
  wrong,
  wrong,
];
