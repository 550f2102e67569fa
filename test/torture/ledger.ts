import { hashToken } from '../../src/auth/token.ts';
import type { RecordedEvent, SeatWrite } from './audit.ts';
import { type Call, mayHaveHappened } from './calls.ts';
import { BrokenPromise } from './promise.ts';
import {
  assigningCall,
  hasSameHolder,
  type SeatForm,
  wasHeldBy,
  withoutHolder,
} from './seat-form.ts';

/** Something that happened to a seat: its event, what was written to its row, and the call that made it happen. */
export interface Entry {
  event: RecordedEvent;
  write: SeatWrite;
  call: Call;
}

/** What has happened to each seat, in order. */
export type Ledger = Map<string, Entry[]>;

interface Found {
  events: readonly RecordedEvent[];
  writes: readonly SeatWrite[];
  calls: readonly Call[];
}

/**
 * Enters into the ledger what was found after a round: each event with the change of the row that it tells of, and with
 * the call that made it: one whose answer says the same, or one that was never answered, and so may have done it.
 * Broken are then: a change without its event, an event without its change, an answer without its event, an event
 * without its call, and the changes of a refused call.
 */
export function enter(ledger: Ledger, { events, writes, calls }: Found): void {
  const written = pair(events, writes);
  const answered = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.answer.kind === 'done') {
      push(answered, keyOf(eventType(call), call.answer.seat), call);
    }
  }
  const open = calls.filter(({ ask, answer }) => ask.verb !== 'list' && mayHaveHappened(answer));
  for (const [event, write] of written) {
    const saying = answered.get(keyOf(event.type, event.payload)) ?? [];
    const call = takeAnswered(saying, event) ?? takeOpen(open, event, write);
    if (!call) {
      const promise = 'an event comes of a call that succeeded, or was never answered';
      throw new BrokenPromise(promise, { event, calls: callsOn(event.seatId, calls) });
    }
    push(ledger, event.seatId, { event, write, call });
  }
  for (const call of [...answered.values()].flat()) {
    if (!isRepeatedRevoke(ledger, call)) {
      const events = ledger.get(seatOf(call)?.id ?? '')?.map(({ event }) => event);
      const promise = 'what was answered with success has its event, which says the same';
      throw new BrokenPromise(promise, { call, events });
    }
  }
}

/** Each event with the change of its seat: the n-th of one with the n-th of the other, in one transaction. */
function pair(
  events: readonly RecordedEvent[],
  writes: readonly SeatWrite[],
): Map<RecordedEvent, SeatWrite> {
  const waiting = new Map<string, SeatWrite[]>();
  for (const write of writes) push(waiting, write.seatId, write);
  const pairs = new Map<RecordedEvent, SeatWrite>();
  for (const event of events) {
    const write = waiting.get(event.seatId)?.shift();
    if (
      write?.transaction !== event.transaction ||
      write?.status !== event.payload.status ||
      write.email !== event.payload.email
    ) {
      throw new BrokenPromise('each event tells of the change that it was recorded with', {
        event,
        write,
      });
    }
    pairs.set(event, write);
  }
  const [write] = [...waiting.values()].flat();
  if (write) throw new BrokenPromise('no change of a seat is without its event', { write });
  return pairs;
}

const keyOf = (type: string, seat: SeatForm) => `${type} ${JSON.stringify(withoutHolder(seat))}`;

const WORDS = {
  claim: 'claimed',
  revoke: 'revoked',
  resend: 'invitation_resent',
  list: '',
} as const;

function eventType({ ask }: Call): string {
  if (ask.verb !== 'assign') return `customer_seat.${WORDS[ask.verb]}`;
  return ask.isImmediate ? 'customer_seat.claimed' : 'customer_seat.assigned';
}

function seatOf({ answer }: Call): SeatForm | undefined {
  return answer.kind === 'done' ? answer.seat : undefined;
}

function callsOn(seatId: string, calls: readonly Call[]): Call[] {
  return calls.filter(
    call => seatOf(call)?.id === seatId || ('seatId' in call.ask && call.ask.seatId === seatId),
  );
}

/** Takes the call that names the holder as the event does out of those that say the same of the seat. */
function takeAnswered(calls: Call[], event: RecordedEvent): Call | undefined {
  const isSame = (call: Call) => {
    const { answer } = call;
    if (answer.kind !== 'done') return false;
    const { formerHolder, seat } = answer;
    if (formerHolder) return wasHeldBy(formerHolder, event.payload);
    return hasSameHolder(seat, event.payload);
  };
  // GraphQL reads a holder after the change, when they may have lost the seat; but who lost it is known.
  const isLate = ({ api, ask }: Call) => api === 'graphql' && ask.verb !== 'revoke';
  return take(calls, calls.find(isSame) ?? calls.find(isLate));
}

function take(calls: Call[], call: Call | undefined): Call | undefined {
  if (call) calls.splice(calls.indexOf(call), 1);
  return call;
}

/** Takes out of `open` the call that made the event happen. */
function takeOpen(open: Call[], event: RecordedEvent, write: SeatWrite): Call | undefined {
  const candidates = open.filter(
    call => eventType(call) === event.type && isAbout(call, event, write),
  );
  const call = candidates.find(({ answer }) => answer.kind !== 'busy') ?? candidates[0];
  if (call?.answer.kind === 'busy') {
    throw new BrokenPromise('nothing was changed where usher says so', { call, event });
  }
  return take(open, call);
}

function isAbout({ id, ask }: Call, event: RecordedEvent, write: SeatWrite): boolean {
  switch (ask.verb) {
    case 'assign':
      return assigningCall(event.payload) === id;
    case 'claim':
      return Buffer.from(hashToken(ask.token)).toString('hex') === write.tokenHash;
    case 'revoke':
    case 'resend':
      return ask.seatId === event.seatId;
    case 'list':
      return false;
  }
}

/** A revoked seat that is revoked again is answered as it is, and nothing happens. */
function isRepeatedRevoke(ledger: Ledger, call: Call): boolean {
  const seat = seatOf(call);
  if (call.ask.verb !== 'revoke' || !seat) return false;
  const key = keyOf('customer_seat.revoked', seat);
  const entries = ledger.get(seat.id) ?? [];
  return entries.some(({ event }) => keyOf(event.type, event.payload) === key);
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** That what happened to a seat happened in an order in which the callers could have seen it. */
export function checkOrder(ledger: Ledger): void {
  for (const entries of ledger.values()) {
    let latest: Entry | undefined;
    for (const entry of entries) {
      const { call } = entry;
      if (latest && call.answer.kind === 'done' && call.endedAt < latest.call.startedAt) {
        const promise = 'what was answered before another call began has happened before it';
        throw new BrokenPromise(promise, { answered: entry, begunLater: latest });
      }
      if (!latest || call.startedAt > latest.call.startedAt) latest = entry;
    }
  }
}
