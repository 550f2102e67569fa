import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { MailsDocument } from '../support/operations/graphql.ts';
import { givenSeat, switchOff } from '../support/seats.ts';
import type { SmtpBehaviour } from '../support/smtp.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import {
  acceptedBy,
  givenMail,
  HOUR_MS,
  LINK,
  mailRow,
  openMail,
  queueMail,
  startClock,
  startMailer,
} from './mailer.ts';

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

async function mailServer(options?: Parameters<typeof openMail>[0]) {
  const server = await openMail(options);
  opened.push(server.close);
  return server;
}

describe('an invitation', () => {
  test('has a link in its text and its HTML, with which the recipient claims the seat', async () => {
    const { seat, id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    await startMailer(usher, transport).work();
    const [mail, ...others] = await acceptedBy(smtp);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: "You've been invited to access Team Pro",
      from: { name: 'Acme via usher', address: 'no-reply@seats.acme.example' },
      to: [{ address: 'sam@globex.example' }],
      messageId: `<${id}@seats.acme.example>`,
    });
    const [inText, inHtml] = [LINK.exec(mail?.text ?? ''), LINK.exec(hrefs(mail?.html ?? ''))];
    expect(inText?.[1]).toBe(inHtml?.[1]);
    expect(await mailRow(usher, id)).toMatchObject({
      status: 'sent',
      recipient: 'sam@globex.example',
      attempts: 1,
      error: null,
      finishedAt: expect.any(Date),
      leasedUntil: null,
    });
    const body = { invitation_token: inText?.[1] };
    const claimed = await usher.rest('POST', '/v1/customer-seats/claim', { body });
    expect(claimed.status).toBe(200);
    expect(claimed.body.seat.id).toBe(seat.id);
  });

  test('is mailed after an assignment and after a resend', async () => {
    const { smtp, transport } = await mailServer();
    const fixture = await usher.addFixture();
    const { organization: token } = fixture.tokens;
    const fanOut = createFanOutJob({ db: usher.db, now: () => new Date() });
    const { signal } = new AbortController();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    while (await fanOut.run(signal));
    await startMailer(usher, transport).work();
    await usher.rest('POST', `/v1/customer-seats/${seat.id}/resend`, { token });
    while (await fanOut.run(signal));
    await startMailer(usher, transport).work();
    const links = (await acceptedBy(smtp)).map(({ text }) => LINK.exec(text ?? '')?.[1]);
    expect(new Set(links).size).toBe(2);
    const claims: number[] = [];
    for (const invitation_token of links) {
      const body = { invitation_token };
      claims.push((await usher.rest('POST', '/v1/customer-seats/claim', { body })).status);
    }
    expect(claims).toEqual([400, 200]);
  });

  test('has headers for one-click unsubscription and automatic mail', async () => {
    const { fixture, id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    await startMailer(usher, transport).work();
    const [mail] = await acceptedBy(smtp);
    const headers = Object.fromEntries((mail?.headers ?? []).map(h => [h.key, h.value]));
    expect(headers).toMatchObject({
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'auto-submitted': 'auto-generated',
    });
    const [, link = ''] = /^<(.*)>$/.exec(headers['list-unsubscribe'] ?? '') ?? [];
    const { origin, pathname, searchParams } = new URL(link);
    expect(origin + pathname).toBe('https://seats.acme.example/unsubscribe');
    expect(Object.fromEntries(searchParams)).toEqual({
      organization: fixture.ids.organization,
      mail: id,
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(mail?.text).toContain(link);
  });

  test('comes from the configured address with the seller’s name', async () => {
    const { smtp, transport } = await mailServer();
    for (const mailFrom of ['seats@acme.example', 'Seats of Acme <seats@acme.example>']) {
      await givenMail(usher);
      await startMailer(usher, transport, { mailFrom }).work();
    }
    expect((await acceptedBy(smtp)).map(({ from }) => from)).toEqual([
      { name: 'Acme', address: 'seats@acme.example' },
      { name: 'Seats of Acme', address: 'seats@acme.example' },
    ]);
  });

  test('is mailed for orders, and to members and customers', async () => {
    const { smtp, transport } = await mailServer();
    const legacy = await usher.addFixture({ memberModelEnabled: false });
    const fixture = await usher.addFixture();
    const own = await givenSeat(usher, legacy, { customer_id: legacy.ids.otherCustomer });
    await usher.db.customerSeat.updateMany({
      where: { id: own.id },
      data: { email: null, memberId: null },
    });
    const ordered = await givenSeat(usher, fixture, {
      order_id: fixture.ids.order,
      member_id: fixture.ids.member,
    });
    await usher.db.customerSeat.updateMany({ where: { id: ordered.id }, data: { email: null } });
    await queueMail(usher, legacy, own.id);
    await queueMail(usher, fixture, ordered.id);
    await startMailer(usher, transport).work();
    expect(smtp.taken.map(({ to }) => to).sort()).toEqual([
      'Mia@globex.example',
      'initech@initech.example',
    ]);
  });

  test('uses the organization’s own templates, and usher’s for invalid ones', async () => {
    const { fixture } = await givenMail(usher);
    await usher.db.organization.update({
      where: { id: fixture.ids.organization },
      data: {
        invitationSubject: 'Come to {{productName}}',
        invitationText: 'Here: {{claimUrl}}',
        invitationHtml: '<a href="{{claimUrl}}">{{>partial}}</a>',
      },
    });
    const { smtp, transport } = await mailServer();
    const { work, log } = startMailer(usher, transport);
    await work();
    const [mail] = await acceptedBy(smtp);
    expect(mail?.subject).toBe('Come to Team Pro');
    expect(mail?.text).toMatch(/^Here: https/);
    expect(mail?.html).toContain('Claim your seat');
    expect(log.join()).toContain('"unusable":["html"]');
  });

  test('leaves neither its link nor its recipient in the log', async () => {
    await givenMail(usher);
    let refusals = 0;
    const behave = (): SmtpBehaviour =>
      refusals++ === 0 ? { refuse: 451, reply: 'later, sam@globex.example' } : 'accept';
    const { smtp, transport } = await mailServer({ behave });
    const mailer = startMailer(usher, transport);
    await mailer.work();
    mailer.clock.advance(10_000);
    await mailer.work();
    const [mail] = await acceptedBy(smtp);
    const text = mailer.log.join('');
    expect(text).toContain('"code":"451"');
    expect(text).not.toContain('sam@');
    expect(text).not.toContain(LINK.exec(mail?.text ?? '')?.[1]);
  });
});

describe('a mail is skipped', () => {
  const reasons: [string, (made: Awaited<ReturnType<typeof givenMail>>) => Promise<unknown>][] = [
    [
      'The seat was claimed.',
      ({ seat }) =>
        usher.db.customerSeat.updateMany({ where: { id: seat.id }, data: { status: 'claimed' } }),
    ],
    [
      'The seat was revoked.',
      ({ fixture, seat }) =>
        usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, {
          token: fixture.tokens.organization,
        }),
    ],
    [
      'A newer invitation took its place.',
      ({ fixture, seat }) =>
        usher.rest('POST', `/v1/customer-seats/${seat.id}/resend`, {
          token: fixture.tokens.organization,
        }),
    ],
    [
      'The invitation ended before it was sent.',
      ({ seat }) =>
        usher.db.customerSeat.updateMany({
          where: { id: seat.id },
          data: { invitationTokenExpiresAt: new Date(Date.now() - 1) },
        }),
    ],
    [
      'The organization is blocked.',
      ({ fixture }) =>
        usher.db.organization.update({
          where: { id: fixture.ids.organization },
          data: { status: 'blocked' },
        }),
    ],
    [
      'The organization was deleted.',
      ({ fixture }) =>
        usher.db.organization.update({
          where: { id: fixture.ids.organization },
          data: { deletedAt: new Date() },
        }),
    ],
    [
      'The organization sends no invitations.',
      ({ fixture }) =>
        usher.db.organization.update({
          where: { id: fixture.ids.organization },
          data: { sendsInvitations: false },
        }),
    ],
    ['The organization sells no seats.', ({ fixture }) => switchOff(usher, fixture)],
    [
      'The recipient has unsubscribed from invitations of the organization.',
      ({ fixture }) =>
        usher.db.mailOptOut.create({
          data: { organizationId: fixture.ids.organization, email: 'sam@globex.example' },
        }),
    ],
    [
      'There is no address to send it to.',
      ({ seat }) =>
        usher.db.customerSeat.updateMany({
          where: { id: seat.id },
          data: { email: 'sam@globex.example\r\nBcc: all@globex.example' },
        }),
    ],
    [
      'The link is not known here.',
      ({ seat }) =>
        usher.db.customerSeat.updateMany({
          where: { id: seat.id },
          data: { invitationNonce: null },
        }),
    ],
    [
      'The seat or its product is gone.',
      ({ seat }) => usher.db.customerSeat.deleteMany({ where: { id: seat.id } }),
    ],
  ];

  test.each(reasons)('%s', async (reason, happen) => {
    const made = await givenMail(usher, 'Sam@globex.example');
    await happen(made);
    const { smtp, transport } = await mailServer();
    await startMailer(usher, transport).work();
    expect(await mailRow(usher, made.id)).toMatchObject({
      status: 'skipped',
      error: reason,
      attempts: 0,
      finishedAt: expect.any(Date),
      leasedUntil: null,
    });
    expect(smtp.offered).toEqual([]);
  });
});

test('an invitation shows the inviter’s name and address, and no name in it can be linked', async () => {
  const { fixture } = await givenMail(usher);
  const id = fixture.ids.customer;
  const name = 'Urgent: sign in at evil.example/verify\r\nBcc: all@globex.example\u202e';
  await usher.db.customer.updateMany({ where: { id }, data: { name } });
  const templates = { invitationSubject: '{{inviterName}}', sendsInvitations: true };
  const where = { id: fixture.ids.organization };
  await usher.db.organization.update({ where, data: templates });
  const { smtp, transport } = await mailServer();
  await startMailer(usher, transport).work();
  const [mail] = await acceptedBy(smtp);
  const shown = 'Urgent: sign in at evil. example/verify Bcc: all @ globex. example';
  expect(mail?.subject).toBe(shown);
  const html = mail?.html?.replaceAll('&#x2F;', '/');
  for (const part of [mail?.text, html]) {
    expect(part).toContain(`${shown} (Billing@globex.example) has invited you to use Team Pro`);
    expect(part).not.toContain('evil.example');
  }
});

test('the caller who assigns a seat to an unsubscribed person sees that no mail was sent, and why', async () => {
  const fixture = await usher.addFixture();
  const organizationId = fixture.ids.organization;
  await usher.db.mailOptOut.create({ data: { organizationId, email: 'sam@globex.example' } });
  const seat = await givenSeat(usher, fixture, { email: 'Sam@globex.example' });
  expect(seat.status).toBe('pending');
  await queueMail(usher, fixture, seat.id);
  const { smtp, transport } = await mailServer();
  await startMailer(usher, transport).work();
  expect(smtp.offered).toEqual([]);
  const token = fixture.tokens.reader;
  const { data } = await usher.graphql(MailsDocument, { status: ['SKIPPED'] }, token);
  expect(data?.mails?.nodes).toEqual([
    expect.objectContaining({
      status: 'SKIPPED',
      error: 'The recipient has unsubscribed from invitations of the organization.',
      recipient: 'Sam@globex.example',
      seat: expect.objectContaining({ id: seat.id }),
    }),
  ]);
});

test('a mail of an unknown seat is skipped', async () => {
  const fixture = await usher.addFixture();
  const { id } = await usher.db.mail.create({
    data: {
      organizationId: fixture.ids.organization,
      kind: 'invitation',
      seatId: randomUUID(),
      nextAttemptAt: new Date(),
    },
  });
  const { transport } = await mailServer();
  await startMailer(usher, transport).work();
  expect((await mailRow(usher, id)).status).toBe('skipped');
});

function hrefs(html: string): string {
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
  return links
    .join('\n')
    .replaceAll('&#x2F;', '/')
    .replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&');
}

describe('an invitation that was made with another key', () => {
  const NEW_KEY = 'a newer key, of thirty-two bytes or more';

  test('waits, and says for what, until the key before is known; then its link claims the seat', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    const changed = startMailer(usher, transport, { secretKey: NEW_KEY });
    await changed.work();
    expect(await acceptedBy(smtp)).toEqual([]);
    expect(await mailRow(usher, id)).toMatchObject({
      status: 'pending',
      error:
        'The link was made with another SECRET_KEY. It is mailed once SECRET_KEY_PREVIOUS is that key.',
    });

    const clock = startClock();
    clock.advance(HOUR_MS);
    const keys = { secretKey: NEW_KEY, previousSecretKey: SECRET_KEY };
    await startMailer(usher, transport, { ...keys, clock }).work();
    const [mail] = await acceptedBy(smtp);
    const [, token] = LINK.exec(mail?.text ?? '') ?? [];
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: token },
    });
    expect(claim.status).toBe(200);
  });
});
