import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { QUEUE_PLANS } from '../../src/worker.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { range } from '../support/parallel.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const NOWHERE = 'https://receiver.example/hook';
const HOUR_MS = 60 * 60_000;

/** Fans out all events. */
async function fanOut(): Promise<void> {
  const job = createFanOutJob({ db: usher.db, now: usher.now });
  while (await job.run(new AbortController().signal));
}

const set = (fixture: Fixture, data: object) =>
  usher.db.organization.update({ where: { id: fixture.ids.organization }, data });

const mailsOf = (fixture: Fixture) =>
  usher.db.mail.findMany({
    where: { organizationId: fixture.ids.organization },
    orderBy: [{ kind: 'asc' }, { createdAt: 'asc' }],
  });

async function resend(fixture: Fixture, id: string) {
  const token = fixture.tokens.organization;
  await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token });
}

describe('an event', () => {
  test('becomes one delivery for each subscribed endpoint, also under concurrent runs', async () => {
    const fixture = await usher.addFixture();
    const all = await addEndpoint(usher, fixture, NOWHERE);
    const revocations = await addEndpoint(usher, fixture, NOWHERE, ['customer_seat.revoked']);
    const disabled = await addEndpoint(usher, fixture, NOWHERE);
    const deleted = await addEndpoint(usher, fixture, NOWHERE);
    const at = (endpoint: { id: string }, data: object) =>
      usher.db.webhookEndpoint.updateMany({ where: { id: endpoint.id }, data });
    await at(disabled, { disabledAt: new Date() });
    await at(deleted, { deletedAt: new Date() });
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token: fixture.tokens.organization });
    await Promise.all([fanOut(), fanOut(), fanOut()]);
    await fanOut();
    const deliveries = await usher.db.webhookDelivery.findMany({
      where: { organizationId: fixture.ids.organization },
      include: { event: true },
      orderBy: { sequence: 'asc' },
    });
    expect(
      deliveries.map(({ endpointId, event, status }) => [endpointId, event.type, status]).sort(),
    ).toEqual(
      [
        [all.id, 'customer_seat.assigned', 'pending'],
        [all.id, 'customer_seat.revoked', 'pending'],
        [revocations.id, 'customer_seat.revoked', 'pending'],
      ].sort(),
    );
    expect(deliveries.map(({ seatId }) => seatId)).toEqual([id, id, id]);
  });

  test('waits for an earlier event of its seat that another process has locked', async () => {
    const fixture = await usher.addFixture();
    await addEndpoint(usher, fixture, NOWHERE);
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await resend(fixture, id);
    const other = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const [first] = await usher.db.outboxEvent.findMany({
      where: { seatId: id },
      orderBy: { sequence: 'asc' },
    });
    const dispatched = async (seatId: string) =>
      await usher.db.outboxEvent.count({ where: { seatId, dispatchedAt: { not: null } } });
    const elsewhere = openDatabase(usher.databaseUrl, { poolSize: 1 });
    await elsewhere.db.$transaction(async tx => {
      await tx.$queryRaw`SELECT 1 FROM outbox_events WHERE id = ${first?.id}::uuid FOR UPDATE`;
      await fanOut();
      expect([await dispatched(id), await dispatched(other.id)]).toEqual([0, 1]);
    });
    await elsewhere.close();
    await fanOut();
    expect(await dispatched(id)).toBe(2);
  });

  test('of a blocked organization is marked as dispatched and sent to nobody', async () => {
    const fixture = await usher.addFixture();
    await addEndpoint(usher, fixture, NOWHERE);
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await set(fixture, { status: 'blocked' });
    await fanOut();
    const organizationId = fixture.ids.organization;
    expect(await usher.db.webhookDelivery.count({ where: { organizationId } })).toBe(0);
    expect(await mailsOf(fixture)).toEqual([]);
    expect(
      await usher.db.outboxEvent.count({ where: { organizationId, dispatchedAt: null } }),
    ).toBe(0);
  });
});

test('a batch reads few rows for each event, though the statistics know of no waiting event and no pending seat', async () => {
  const fixture = await usher.addFixture({ seats: 2_000 });
  const { organization: token } = fixture.tokens;
  const assignMany = async (domain: string, immediate_claim: boolean) => {
    const seats = range(1_000).map(i => ({ email: `p-${i}@${domain}`, immediate_claim }));
    const body = { subscription_id: fixture.ids.subscription, seats };
    const answer = await usher.rest('POST', '/v1/customer-seats/batch', { token, body });
    expect(answer.status).toBe(200);
  };
  await assignMany('globex.example', true);
  await fanOut();
  await usher.db.$executeRaw`ANALYZE`;
  await assignMany('initech.example', false);
  const worker = openDatabase(usher.databaseUrl, { poolSize: 1, settings: QUEUE_PLANS });
  onTestFinished(worker.close);
  const read = await worker.db.$transaction(async tx => {
    // The job needs no more of a database than a transaction has.
    const job = createFanOutJob({ db: tx as typeof worker.db, now: usher.now });
    expect(await job.run(new AbortController().signal)).toBe(true);
    return await tx.$queryRaw<{ table: string; rows: number }[]>`
      SELECT relname AS table, (seq_tup_read + idx_tup_fetch)::int AS rows
        FROM pg_stat_xact_user_tables
       WHERE relname IN ('outbox_events', 'customer_seats') ORDER BY 1`;
  });
  expect(read.map(({ table }) => table)).toEqual(['customer_seats', 'outbox_events']);
  for (const { rows } of read) expect(rows).toBeLessThan(5_000);
});

describe('an invitation', () => {
  test('becomes one mail for each current link', async () => {
    const fixture = await usher.addFixture();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await fanOut();
    const [first] = await mailsOf(fixture);
    expect(first).toMatchObject({ kind: 'invitation', seatId: id, status: 'pending', attempts: 0 });
    await resend(fixture, id);
    usher.advance(60_000);
    await resend(fixture, id);
    await fanOut();
    const seat = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const mails = await mailsOf(fixture);
    // The third link replaced the second one before the second was mailed.
    expect(mails).toHaveLength(2);
    expect(mails[1]?.invitationTokenHash).toEqual(seat.invitationTokenHash);
  });

  test('is not mailed after a claim, a revocation or an immediate claim', async () => {
    const fixture = await usher.addFixture();
    const claimed = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const invitation_token = await tokenOf(usher, claimed.id);
    await usher.rest('POST', '/v1/customer-seats/claim', { body: { invitation_token } });
    const revoked = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const token = fixture.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, { token });
    await givenSeat(usher, fixture, { email: 'lee@globex.example', immediate_claim: true });
    await fanOut();
    expect(await mailsOf(fixture)).toEqual([]);
  });

  test('is not mailed if the organization sends its own invitations', async () => {
    const fixture = await usher.addFixture();
    await set(fixture, { sendsInvitations: false, reminderHours: 4 });
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await fanOut();
    expect(await mailsOf(fixture)).toEqual([]);
  });

  test('gets a reminder if the organization sends reminders', async () => {
    const fixture = await usher.addFixture();
    await set(fixture, { reminderHours: 4 });
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await fanOut();
    const seat = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const [, reminder] = await mailsOf(fixture);
    expect(reminder).toMatchObject({ kind: 'reminder', seatId: id, status: 'pending' });
    const end = seat.invitationTokenExpiresAt?.getTime() ?? 0;
    expect(reminder?.nextAttemptAt.getTime()).toBe(end - 4 * HOUR_MS);
  });
});
