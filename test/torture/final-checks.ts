import { readEvents, readSeatWrites } from './audit.ts';
import { checkInvited, checkLinks, checkMailRows } from './check-mails.ts';
import { checkPeople, checkPools, checkRows, checkSessions } from './check-rows.ts';
import { checkDeliveries, checkReceived } from './check-webhooks.ts';
import { BrokenPromise } from './promise.ts';
import { hasSameHolder } from './seat-form.ts';
import { count } from './tally.ts';
import { DOMAIN, type Tortured } from './tortured.ts';

/** Checks all that can be checked once nothing happens any more, and counts what there was. */
export async function checkAll(tortured: Tortured): Promise<void> {
  const { db, fixture, ledger, load, receiver, office, writes } = tortured;
  await checkKept(tortured);
  await checkRows(db, ledger);
  await checkPools(db, fixture);
  await checkPeople(db, tortured.events, DOMAIN);
  await checkSessions(db, fixture, ledger, load.calls);

  checkReceived(fixture, tortured.events, receiver.received);
  await checkDeliveries(db, fixture, tortured.events);
  if (receiver.problem) throw receiver.problem;

  await office.read();
  if (office.problem) throw office.problem;
  await checkInvited(db, office.invitations);
  checkLinks(office.invitations, writes);
  await checkMailRows(db);
  countAll(tortured);
}

/** That what was there after an earlier round is there still, and nothing else. */
async function checkKept({ db, events, writes }: Tortured): Promise<void> {
  const present = await readEvents(db, 0n);
  const ids = new Set(present.map(({ id }) => id));
  const lost = events.filter(({ id }) => !ids.has(id));
  if (lost.length > 0 || present.length !== events.length) {
    const numbers = { before: events.length, now: present.length };
    throw new BrokenPromise('no event is lost, and none is made up', { ...numbers, lost });
  }
  const now = (await readSeatWrites(db, 0n)).length;
  if (now !== writes.length) {
    const numbers = { before: writes.length, now };
    throw new BrokenPromise('no change of a seat is lost, and none is made up', numbers);
  }
}

function countAll({ tally, ledger, events, receiver, office }: Tortured): void {
  const entries = [...ledger.values()].flat();
  const answers = entries.map(({ call, event }) => ({ ...call, event }));
  const happened = answers.filter(({ answer }) => answer.kind !== 'done').length;
  count(tally, 'calls never answered that did happen', happened);
  const late = answers.filter(
    ({ answer, event }) => answer.kind === 'done' && !hasSameHolder(answer.seat, event.payload),
  );
  count(tally, 'GraphQL answers whose holder was gone when it was read', late.length);
  count(tally, 'seats', ledger.size);
  count(tally, 'events', events.length);
  const { received, troubles } = receiver;
  const delivered = new Set(received.map(({ endpointId, eventId }) => `${endpointId} ${eventId}`));
  const taken = received.filter(({ takenAt }) => takenAt !== undefined).length;
  count(tally, 'deliveries', delivered.size);
  count(tally, 'deliveries taken more than once', taken - delivered.size);
  for (const [trouble, times] of troubles) count(tally, `receiver: ${trouble}`, times);
  const tokens = new Set(office.invitations.map(({ tokenHash }) => tokenHash));
  count(tally, 'invitations mailed', tokens.size);
  count(tally, 'invitations mailed more than once', office.invitations.length - tokens.size);
  count(tally, 'mail server: troubles', office.troubles);
}
