import { hashToken } from '../../src/auth/token.ts';
import type { Db } from '../../src/db/client.ts';
import { representSeat, WITH_HOLDER } from '../../src/seats/view.ts';
import { checkPool } from '../support/invariants.ts';
import type { RecordedEvent } from './audit.ts';
import type { Call } from './calls.ts';
import type { TortureFixture } from './fixture.ts';
import type { Ledger } from './ledger.ts';
import { BrokenPromise } from './promise.ts';

/** That each seat's row is as its last event has it, and that there is no row without an event, nor the other way round. */
export async function checkRows(db: Db, ledger: Ledger): Promise<void> {
  const rows = await db.customerSeat.findMany({ include: WITH_HOLDER });
  const unseen = new Set(ledger.keys());
  for (const row of rows) {
    unseen.delete(row.id);
    const last = ledger.get(row.id)?.at(-1)?.event;
    const left = last && {
      ...last.payload,
      // The event of a revocation still names who lost the seat.
      ...(row.status === 'revoked' && { member: null, customer_email: null }),
    };
    const seat = representSeat(row);
    if (JSON.stringify(left) !== JSON.stringify(seat)) {
      throw new BrokenPromise("a seat's row is as its last event has it", { seat, last });
    }
  }
  if (unseen.size > 0)
    throw new BrokenPromise('no event is without its row', { seats: [...unseen] });
}

/** That the pools add up, and that each seat has led a possible life. */
export async function checkPools(db: Db, { organizations }: TortureFixture): Promise<void> {
  for (const pool of organizations.flatMap(({ pools }) => pools)) {
    try {
      await checkPool({ db }, pool);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new BrokenPromise('a pool adds up, and its seats led possible lives', { pool, reason });
    }
  }
}

/** That only those were made members, or customers, who have been given a seat. */
export async function checkPeople(
  db: Db,
  events: readonly RecordedEvent[],
  domain: string,
): Promise<void> {
  const holders = new Set(events.map(({ payload }) => payload.email?.toLowerCase()));
  const where = { email: { endsWith: `@${domain}` } };
  const people = [
    ...(await db.member.findMany({ where, select: { email: true } })),
    ...(await db.customer.findMany({ where, select: { email: true } })),
  ];
  const addresses = new Set(people.map(({ email }) => email?.toLowerCase()));
  for (const email of addresses) {
    if (!holders.has(email)) {
      throw new BrokenPromise('an assignment that did not happen leaves no trace', { email });
    }
  }
  for (const email of holders) {
    if (email !== undefined && !addresses.has(email)) {
      throw new BrokenPromise('who was given a seat is a member', { email });
    }
  }
}

/** That every claim began a session, the one that was answered where it was answered, and that there is no other. */
export async function checkSessions(
  db: Db,
  { sessions: initial }: TortureFixture,
  ledger: Ledger,
  calls: readonly Call[],
): Promise<void> {
  const select = { tokenHash: true };
  const sessions = [
    ...(await db.memberSession.findMany({ select })),
    ...(await db.customerSession.findMany({ select })),
  ];
  const claims = [...ledger.values()].flat().filter(({ call }) => call.ask.verb === 'claim');
  if (sessions.length !== initial + claims.length) {
    const numbers = { sessions: sessions.length, initial, claims: claims.length };
    throw new BrokenPromise('there are as many sessions as claims', numbers);
  }
  const hashes = new Set(sessions.map(({ tokenHash }) => hex(tokenHash)));
  for (const { ask, answer, id } of calls) {
    if (ask.verb !== 'claim' || answer.kind !== 'done') continue;
    if (!hashes.has(hex(hashToken(answer.session ?? '')))) {
      throw new BrokenPromise('the session that a claim answered is there', { call: id });
    }
  }
}

/** Bytes in hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
