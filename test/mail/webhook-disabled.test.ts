import { randomUUID } from 'node:crypto';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MailTransport } from '../../src/mail/message.ts';
import { openSmtp } from '../../src/mail/smtp.ts';
import { type SmtpBehaviour, startSmtp, type TestSmtp } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { addDelivery } from '../support/webhooks.ts';
import { HOUR_MS, mailRow, startMailer } from './mailer.ts';

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

const URL_WITH_LOGIN = 'https://hooks:secret@hooks.acme.example/seats?from=usher&x=<b>';

async function disabledEndpoint() {
  const fixture = await usher.addFixture();
  const organizationId = fixture.ids.organization;
  const endpointId = randomUUID();
  await usher.db.webhookEndpoint.create({
    data: {
      id: endpointId,
      organizationId,
      url: URL_WITH_LOGIN,
      secret: 'whsec_secret',
      events: ['customer_seat.assigned'],
      disabledAt: new Date('2026-11-22T14:05:00Z'),
      consecutiveFailures: 10,
    },
  });
  const { id } = await usher.db.mail.create({
    data: {
      organizationId,
      kind: 'webhook_disabled',
      endpointId,
      recipient: 'ada@acme.example',
      nextAttemptAt: new Date(),
    },
  });
  return { endpointId, id, mailer: startMailer(usher, transport) };
}

test('the mail reports an endpoint that is gone', async () => {
  const { endpointId, mailer } = await disabledEndpoint();
  const endpoint = await usher.db.webhookEndpoint.findFirstOrThrow({ where: { id: endpointId } });
  const finishedAt = endpoint.disabledAt;
  await addDelivery(usher, endpoint, { finishedAt, responseStatus: 410 });
  await mailer.work();
  const { text, html } = await PostalMime.parse(smtp.taken[0]?.raw ?? '');
  for (const part of [text, html]) {
    expect(part).toContain('because it answered 410 Gone');
    expect(part).not.toContain('in a row');
  }
});

test('the mail shows the endpoint, the time, the reason and how to enable it again', async () => {
  const { endpointId, id, mailer } = await disabledEndpoint();
  await mailer.work();
  expect((await mailRow(usher, id)).status).toBe('sent');
  const mail = await PostalMime.parse(smtp.taken[0]?.raw ?? '');
  expect(mail).toMatchObject({
    subject: 'Webhooks to hooks.acme.example are disabled',
    from: { name: 'usher', address: 'no-reply@seats.acme.example' },
    to: [{ address: 'ada@acme.example' }],
  });
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain('22 November 2026 at 14:05 UTC');
    expect(part).toContain('10 events in a row');
    expect(part).toContain(endpointId);
    expect(part).toContain('enable the endpoint again');
    expect(part).not.toMatch(/secret|<b>/);
  }
  expect(mail.text).toContain('https://hooks.acme.example/seats?from=usher&x=%3Cb%3E');
  const headers = mail.headers.map(({ key }) => key);
  expect(headers).toContain('auto-submitted');
  expect(headers).not.toContain('list-unsubscribe');
});

test('the mail is skipped if the endpoint is enabled again or deleted', async () => {
  const enabled = await disabledEndpoint();
  const deleted = await disabledEndpoint();
  const update = async (id: string, data: object) =>
    await usher.db.webhookEndpoint.updateMany({ where: { id }, data });
  await update(enabled.endpointId, { disabledAt: null });
  await update(deleted.endpointId, { deletedAt: new Date() });
  await deleted.mailer.work();
  const errors = [await mailRow(usher, enabled.id), await mailRow(usher, deleted.id)].map(
    ({ status, error }) => [status, error],
  );
  expect(errors).toEqual([
    ['skipped', 'The endpoint is enabled again.'],
    ['skipped', 'The endpoint was deleted.'],
  ]);
});

test('the mail is attempted for three days', async () => {
  const { id, mailer } = await disabledEndpoint();
  behaviour = { refuse: 451, reply: 'Not now' };
  await mailer.work();
  mailer.clock.advance(71 * HOUR_MS);
  await mailer.work();
  expect((await mailRow(usher, id)).status).toBe('pending');
  mailer.clock.advance(1.1 * HOUR_MS);
  await mailer.work();
  expect(await mailRow(usher, id)).toMatchObject({
    status: 'failed',
    attempts: 2,
    error: 'It could not be sent for three days. The mail server answered: 451 Not now',
  });
});
