import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MailTransport } from '../../src/mail/message.ts';
import { openSmtp } from '../../src/mail/smtp.ts';
import { givenSeat } from '../support/seats.ts';
import { type SmtpBehaviour, startSmtp, type TestSmtp } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { HOUR_MS, mailRow, queueMail, startMailer } from './mailer.ts';

let usher: TestUsher;
let smtp: TestSmtp;
let transport: MailTransport;
let behaviour: SmtpBehaviour = 'accept';
beforeAll(async () => {
  usher = await startUsher();
  smtp = await startSmtp({ behave: () => behaviour });
  transport = openSmtp(smtp.url, 10_000);
});
afterAll(async () => {
  transport?.close();
  await smtp?.close();
  await usher?.close();
});
beforeEach(async () => {
  await usher.db.mail.deleteMany();
  smtp.taken.length = 0;
  behaviour = 'accept';
});

/** Assigns a seat with a reminder two hours before the invitation expires. */
async function remindedSeat() {
  const fixture = await usher.addFixture();
  const where = { id: fixture.ids.organization };
  await usher.db.organization.update({ where, data: { reminderHours: 2 } });
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const ends = Date.parse(seat.invitation_token_expires_at);
  const invitation = await queueMail(usher, fixture, seat.id);
  const reminder = await queueMail(usher, fixture, seat.id, {
    kind: 'reminder',
    nextAttemptAt: new Date(ends - 2 * HOUR_MS),
  });
  return { fixture, seat, invitation, reminder, mailer: startMailer(usher, transport) };
}

test('a reminder has the link of its invitation and is sent when it is due', async () => {
  const { reminder, mailer } = await remindedSeat();
  await mailer.work();
  mailer.clock.advance(21.9 * HOUR_MS);
  await mailer.work();
  expect(smtp.taken.length).toBe(1);
  mailer.clock.advance(0.1 * HOUR_MS);
  await mailer.work();
  const [invitation, again] = await Promise.all(smtp.taken.map(({ raw }) => PostalMime.parse(raw)));
  expect(again?.subject).toBe('Reminder: your invitation to access Team Pro ends soon');
  expect(again?.messageId).toBe(`<${reminder}@seats.acme.example>`);
  expect(again?.text).toContain('in about 2 hours');
  const link = /https:\S+\/claim\?token=[\w-]{43}/.exec(invitation?.text ?? '')?.[0];
  expect(link).toBeDefined();
  expect(again?.text).toContain(link);
});

test('no reminder is sent after a claim, or after the organization disabled reminders', async () => {
  const claimed = await remindedSeat();
  await usher.db.customerSeat.updateMany({
    where: { id: claimed.seat.id },
    data: { status: 'claimed' },
  });
  const unwanted = await remindedSeat();
  await usher.db.organization.update({
    where: { id: unwanted.fixture.ids.organization },
    data: { reminderHours: null },
  });
  const { mailer } = unwanted;
  mailer.clock.advance(22 * HOUR_MS);
  await mailer.work();
  expect(await mailRow(usher, claimed.reminder)).toMatchObject({
    status: 'skipped',
    error: 'The seat was claimed.',
  });
  expect(await mailRow(usher, unwanted.reminder)).toMatchObject({
    status: 'skipped',
    error: 'The organization sends no reminders.',
  });
});

test('a reminder is skipped while its invitation is pending', async () => {
  const { mailer, invitation, reminder } = await remindedSeat();
  behaviour = { refuse: 451 };
  await mailer.work();
  mailer.clock.advance(22 * HOUR_MS);
  await mailer.work();
  behaviour = 'accept';
  mailer.clock.advance(5 * 60_000);
  await mailer.work();
  expect((await mailRow(usher, invitation)).status).toBe('sent');
  expect(await mailRow(usher, reminder)).toMatchObject({
    status: 'skipped',
    error: 'The invitation itself is still on its way.',
  });
  expect(smtp.taken.length).toBe(1);
});

test('a reminder is sent after its invitation has failed', async () => {
  const { mailer, invitation, reminder } = await remindedSeat();
  behaviour = { refuse: 552, reply: 'Mailbox full' };
  for (let attempts = 0; attempts < 10; attempts++) {
    await mailer.work();
    mailer.clock.advance(5 * 60_000);
  }
  expect((await mailRow(usher, invitation)).status).toBe('failed');
  behaviour = 'accept';
  mailer.clock.advance(22 * HOUR_MS - 50 * 60_000);
  await mailer.work();
  expect((await mailRow(usher, reminder)).status).toBe('sent');
});
