import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import type { Fixture } from '../support/fixture.ts';
import { MailsDocument, UpdateMemberDocument } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { givenSeat } from '../support/seats.ts';
import type { SmtpBehaviour } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { HOUR_MS, mailRow, openMail, queueMail, startClock, startMailer } from './mailer.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());
// A mailer sends all mails in the database.
beforeEach(async () => void (await usher.db.mail.deleteMany()));

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const SPELLINGS = ['sam@globex.example', 'Sam@globex.example', 'SAM@GLOBEX.EXAMPLE'];

async function mailServer(behave: () => SmtpBehaviour = () => 'accept') {
  const server = await openMail({ behave });
  opened.push(server.close);
  return server;
}

/** Queues `count` mails of as many subscriptions to one person, with several spellings of the address. */
async function queueMany(
  count: number,
  fixture?: Fixture,
): Promise<{ fixture: Fixture; ids: string[] }> {
  const of = fixture ?? (await usher.addFixture());
  const { organization: organizationId, product: productId, customer: customerId } = of.ids;
  await usher.db.organization.update({ where: { id: organizationId }, data: { reminderHours: 3 } });
  const ids: string[] = [];
  for (const i of range(count)) {
    const subscriptionId = randomUUID();
    await usher.db.subscription.create({
      data: { id: subscriptionId, organizationId, productId, customerId, seats: 1 },
    });
    const body = { subscription_id: subscriptionId, email: 'sam@globex.example' };
    const seat = await givenSeat(usher, of, body);
    await usher.db.customerSeat.updateMany({
      where: { organizationId, id: seat.id },
      data: { email: SPELLINGS[i % SPELLINGS.length] ?? null },
    });
    const kind = i % 4 === 3 ? 'reminder' : 'invitation';
    ids.push(await queueMail(usher, of, seat.id, { kind }));
  }
  return { fixture: of, ids };
}

async function mailsOf({ ids }: Fixture) {
  return await usher.db.mail.findMany({ where: { organizationId: ids.organization } });
}

describe('the limit of twenty invitations in an hour', () => {
  test('applies to an address in any spelling; further mails wait, with a reason', async () => {
    const { fixture } = await queueMany(23);
    const { smtp, transport } = await mailServer();
    const { work, clock } = startMailer(usher, transport);
    await work();
    expect(smtp.taken.length).toBe(20);
    const waiting = (await mailsOf(fixture)).filter(({ status }) => status === 'pending');
    expect(waiting).toHaveLength(3);

    const token = fixture.tokens.organization;
    const { data } = await usher.graphql(MailsDocument, { status: ['PENDING'] }, token);
    expect(data?.mails?.nodes).toHaveLength(3);
    for (const mail of data?.mails?.nodes ?? []) {
      expect(mail).toMatchObject({
        attempts: 0,
        finishedAt: null,
        recipient: expect.stringMatching(/^sam@globex\.example$/i),
        error: 'The mail waits: the address had 20 invitations of the organization within an hour.',
      });
      const wait = Date.parse(String(mail?.nextAttemptAt)) - clock.now().getTime();
      expect(wait).toBeGreaterThan(50 * 60_000);
      expect(wait).toBeLessThanOrEqual(HOUR_MS);
    }
    clock.advance(HOUR_MS - 60_000);
    await work();
    expect(smtp.taken.length).toBe(20);
    clock.advance(60_000);
    await work();
    expect(smtp.taken.length).toBe(23);
    expect((await mailsOf(fixture)).every(({ status, error }) => status === 'sent' && !error)).toBe(
      true,
    );
  });

  test('applies across concurrent processes', async () => {
    await queueMany(40);
    const { smtp, transport } = await mailServer();
    const clock = startClock();
    await Promise.all(range(4).map(() => startMailer(usher, transport, { clock }).work()));
    expect(smtp.taken.length).toBe(20);
    clock.advance(HOUR_MS);
    await Promise.all(range(4).map(() => startMailer(usher, transport, { clock }).work()));
    expect(smtp.taken.length).toBe(40);
  });

  test('applies to each address and each organization separately', async () => {
    const { fixture } = await queueMany(20);
    const other = await queueMany(20);
    const seat = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    await queueMail(usher, fixture, seat.id);
    const { smtp, transport } = await mailServer();
    await startMailer(usher, transport).work();
    expect(smtp.taken.length).toBe(41);
    expect((await mailsOf(other.fixture)).every(({ status }) => status === 'sent')).toBe(true);
  });

  test('does not count rejected mails, and counts each mail once', async () => {
    const { fixture } = await queueMany(20);
    let isDown = true;
    const { smtp, transport } = await mailServer(() => (isDown ? { refuse: 451 } : 'accept'));
    const { work, clock } = startMailer(usher, transport);
    for (const _ of range(3)) {
      await work();
      clock.advance(5 * 60_000);
    }
    isDown = false;
    await work();
    expect(smtp.taken.length).toBe(20);
    const { ids } = await queueMany(1, fixture);
    await work();
    expect(smtp.taken.length).toBe(20);
    expect(await mailRow(usher, ids[0] ?? '')).toMatchObject({ status: 'pending', attempts: 0 });
  });

  test('can be configured and disabled', async () => {
    const { ids } = await queueMany(25);
    const { smtp, transport } = await mailServer();
    const clock = startClock();
    await startMailer(usher, transport, { clock, invitationsPerHour: 1 }).work();
    expect(smtp.taken.length).toBe(1);
    const rows = await Promise.all(ids.map(id => mailRow(usher, id)));
    expect(rows.find(({ error }) => error !== null)?.error).toContain('had 1 invitation of');
    clock.advance(HOUR_MS);
    await startMailer(usher, transport, { clock, invitationsPerHour: 0 }).work();
    expect(smtp.taken.length).toBe(25);
  });

  test('counts resends, changed addresses and assignments', async () => {
    const { fixture, ids } = await queueMany(18);
    const { organization: token } = fixture.tokens;
    const { seatId } = await mailRow(usher, ids[0] ?? '');
    const { smtp, transport } = await mailServer();
    const { work } = startMailer(usher, transport);
    const fanOut = createFanOutJob({ db: usher.db, now: () => new Date() });
    await fanOut.run(new AbortController().signal);
    await usher.db.mail.deleteMany({ where: { id: { notIn: ids } } });
    await work();
    expect(smtp.taken.length).toBe(18);

    await usher.rest('POST', `/v1/customer-seats/${seatId}/resend`, { token });
    const kim = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const input = { memberId: kim.member_id, email: 'samuel@globex.example' };
    await usher.graphql(UpdateMemberDocument, { input }, token);
    const memberOfSam = await usher.db.member.findFirstOrThrow({
      where: { organizationId: fixture.ids.organization, email: 'sam@globex.example' },
    });
    await givenSeat(usher, fixture, { order_id: fixture.ids.order, member_id: memberOfSam.id });
    await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await fanOut.run(new AbortController().signal);
    await work();
    const toSam = smtp.taken.filter(({ to }) => to.toLowerCase() === 'sam@globex.example');
    expect(toSam.length).toBe(20);
    expect(smtp.taken.map(({ to }) => to)).toContain('samuel@globex.example');
    const waiting = (await mailsOf(fixture)).filter(
      ({ status, kind }) => status === 'pending' && kind === 'invitation',
    );
    expect(waiting).toHaveLength(1);
  });
});
