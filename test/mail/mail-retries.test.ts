import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSmtp } from '../../src/mail/smtp.ts';
import { givenSeat } from '../support/seats.ts';
import { type SmtpBehaviour, startSmtp } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
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

describe('a failing mail', () => {
  test('is attempted with exponential backoff of at most five minutes until it is sent', async () => {
    const { id } = await givenMail(usher);
    let isDown = true;
    const { smtp, transport } = await mailServer({
      behave: () => (isDown ? { refuse: 451, reply: 'Not now' } : 'accept'),
    });
    const { work, clock } = startMailer(usher, transport);
    const started = clock.now().getTime();
    for (let attempts = 1; clock.now().getTime() < started + HOUR_MS; attempts++) {
      const before = clock.now().getTime();
      await work();
      const row = await mailRow(usher, id);
      expect(row).toMatchObject({
        status: 'pending',
        attempts,
        error: 'The mail server answered: 451 Not now',
        leasedUntil: null,
        finishedAt: null,
      });
      const wait = row.nextAttemptAt.getTime() - before;
      const longest = Math.min(2_000 * 2 ** attempts, 5 * 60_000);
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
      expect(wait).toBeLessThan(longest + 2_000);
      await work();
      expect(smtp.offered.length).toBe(attempts);
      clock.advance(wait);
    }
    isDown = false;
    await work();
    expect(smtp.taken.length).toBe(1);
    expect(await mailRow(usher, id)).toMatchObject({ status: 'sent', error: null });
  });

  test('fails with a reason when its invitation expires', async () => {
    const { id } = await givenMail(usher);
    const { transport } = await mailServer({ behave: () => ({ refuse: 451, reply: 'Not now' }) });
    const { work, clock } = startMailer(usher, transport);
    await work();
    clock.advance(24 * HOUR_MS);
    await work();
    expect(await mailRow(usher, id)).toMatchObject({
      status: 'failed',
      error: 'The invitation ended before it was sent. The mail server answered: 451 Not now',
      attempts: 1,
      finishedAt: expect.any(Date),
    });
  });

  test.each([
    { refuse: 550, reply: '5.1.1 No such user' },
    { refuse: 553, reply: 'Mailbox name not allowed' },
    { refuse: 550, reply: '5.7.1 Recipient rejected' },
    { refuse: 552, reply: '5.2.2 Mailbox full', at: 'content' },
    { refuse: 554, reply: 'Transaction failed', at: 'content' },
  ] as const)('fails immediately on a permanent rejection: %o', async behaviour => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer({ behave: () => behaviour });
    const { work, clock } = startMailer(usher, transport);
    await work();
    expect(await mailRow(usher, id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: `The mail server answered: ${behaviour.refuse} ${behaviour.reply}`,
      finishedAt: expect.any(Date),
    });
    clock.advance(HOUR_MS);
    await work();
    expect(smtp.offered.length).toBe(1);
  });

  test.each([
    { refuse: 450, reply: 'Greylisted' },
    { refuse: 550, reply: '5.7.1 Relaying denied' },
    { refuse: 530, reply: '5.7.0 Authentication required' },
    {
      refuse: 554,
      reply: '5.7.1 Client host [192.0.2.1] blocked using zen.example',
      at: 'content',
    },
  ] as const)('stays pending on an error of the server’s configuration: %o', async behaviour => {
    const { id } = await givenMail(usher);
    let isMended = false;
    const { smtp, transport } = await mailServer({
      behave: () => (isMended ? 'accept' : behaviour),
    });
    const { work, clock } = startMailer(usher, transport);
    for (let attempts = 1; attempts <= 11; attempts++) {
      await work();
      expect(await mailRow(usher, id)).toMatchObject({
        status: 'pending',
        attempts,
        error: `The mail server answered: ${behaviour.refuse} ${behaviour.reply}`,
      });
      clock.advance(5 * 60_000);
    }
    isMended = true;
    await work();
    expect(smtp.taken.length).toBe(1);
    expect((await mailRow(usher, id)).status).toBe('sent');
  });

  test('stays pending, like all others, while the server refuses the login', async () => {
    const login = { user: 'acme', password: 'old' };
    const { smtp } = await mailServer({ login });
    const wrong = openSmtp(smtp.url.replace('old', 'wrong'), 5_000);
    opened.push(wrong.close);
    const first = await givenMail(usher);
    const second = await givenMail(usher, 'kim@globex.example');
    const { work, clock } = startMailer(usher, wrong);
    for (let attempts = 1; attempts <= 11; attempts++) {
      await work();
      clock.advance(5 * 60_000);
    }
    for (const { id } of [first, second]) {
      expect(await mailRow(usher, id)).toMatchObject({
        status: 'pending',
        error: 'The mail server refused the login (535).',
      });
    }
    const right = openSmtp(smtp.url, 5_000);
    opened.push(right.close);
    await startMailer(usher, right, { clock }).work();
    expect(smtp.taken.length).toBe(2);
  });

  test.each(['hang-content', 'hang-recipient', 'drop'] as const)(
    'does not delay others (%s)',
    async behaviour => {
      const { smtp, transport } = await mailServer({
        behave: ({ to }) => (to === 'sam@globex.example' ? behaviour : 'accept'),
        timeoutMs: 1_000,
      });
      const bad = await givenMail(usher);
      const good = await givenMail(usher, 'kim@globex.example');
      await startMailer(usher, transport).work();
      expect((await mailRow(usher, bad.id)).status).toBe('pending');
      expect((await mailRow(usher, good.id)).status).toBe('sent');
      await expect.poll(() => smtp.connections()).toBeLessThanOrEqual(1);
    },
  );

  test('is sent after an hour without a mail server', async () => {
    const { smtp, transport } = await mailServer();
    await smtp.close();
    const { id } = await givenMail(usher);
    const { work, clock } = startMailer(usher, transport);
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await work();
      clock.advance(5 * 60_000);
    }
    const { error, attempts } = await mailRow(usher, id);
    expect([error, attempts]).toEqual(['The mail server could not be reached (ECONNREFUSED).', 12]);
    const again = await startSmtp({ port: smtp.port });
    opened.push(again.close);
    await work();
    expect(again.taken.length).toBe(1);
  });
});

describe('several processes', () => {
  test('send each mail once', async () => {
    const fixture = await usher.addFixture({ seats: 60 });
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) {
      const seat = await givenSeat(usher, fixture, { email: `p${i}@globex.example` });
      ids.push(await queueMail(usher, fixture, seat.id));
    }
    const { smtp, transport } = await mailServer();
    const clock = startClock();
    await Promise.all([
      startMailer(usher, transport, { clock }).work(),
      startMailer(usher, transport, { clock }).work(),
      startMailer(usher, transport, { clock }).work(),
    ]);
    expect(smtp.taken.length).toBe(60);
    expect(new Set(smtp.taken.map(({ to }) => to)).size).toBe(60);
    const unsent = await usher.db.mail.count({
      where: { id: { in: ids }, status: { not: 'sent' } },
    });
    expect(unsent).toBe(0);
  });

  test('lease no more mails than they have slots', async () => {
    const fixture = await usher.addFixture({ seats: 20 });
    for (let i = 0; i < 20; i++) {
      const seat = await givenSeat(usher, fixture, { email: `p${i}@globex.example` });
      await queueMail(usher, fixture, seat.id);
    }
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    const { smtp, transport } = await mailServer({
      behave: () => released.then(() => 'accept' as const),
    });
    const mailer = startMailer(usher, transport);
    const { signal } = new AbortController();
    expect(await mailer.job.run(signal)).toBe(true);
    const organizationId = fixture.ids.organization;
    const leased = await usher.db.mail.count({
      where: { organizationId, leasedUntil: { not: null } },
    });
    expect(leased).toBe(8);
    release();
    await mailer.work();
    expect(smtp.taken.length).toBe(20);
  });

  test('send a dead process’s mail after its lease expires', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    const { work, clock } = startMailer(usher, transport);
    await usher.db.mail.updateMany({
      where: { id },
      data: { leasedUntil: new Date(clock.now().getTime() + 60_000) },
    });
    await work();
    expect(smtp.offered).toEqual([]);
    clock.advance(60_001);
    await work();
    expect(smtp.taken.length).toBe(1);
  });

  test('do not send a mail that another process has leased meanwhile', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    const { job } = startMailer(usher, transport);
    const later = new Date(Date.now() + 120_000);
    // The preparation waits for the table lock. Meanwhile another process gets the lease.
    await usher.db.$transaction(async tx => {
      await tx.$executeRaw`LOCK TABLE customer_seats IN ACCESS EXCLUSIVE MODE`;
      await job.run(new AbortController().signal);
      await tx.mail.updateMany({ where: { id }, data: { leasedUntil: later } });
    });
    await job.drain?.();
    expect(smtp.offered).toEqual([]);
    expect(await mailRow(usher, id)).toMatchObject({ status: 'pending', leasedUntil: later });
  });

  test('keep the Message-ID of a mail that is sent twice after a crash', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer({
      behave: ({ number }) => (number === 1 ? 'drop-taken' : 'accept'),
    });
    const { work, clock } = startMailer(usher, transport);
    await work();
    clock.advance(60_001);
    await work();
    const mails = await acceptedBy(smtp);
    expect(mails.map(({ messageId }) => messageId)).toEqual(
      Array(2).fill(`<${id}@seats.acme.example>`),
    );
    const links = mails.map(({ text }) => LINK.exec(text ?? '')?.[1]);
    expect(links[0]).toBe(links[1]);
  });
});

describe('a stopping mail job', () => {
  test('starts no attempts and releases leased mails', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer();
    const { job } = startMailer(usher, transport);
    const stop = new AbortController();
    const running = job.run(stop.signal);
    stop.abort();
    expect(await running).toBe(false);
    expect(await job.run(stop.signal)).toBe(false);
    await job.drain?.();
    expect(smtp.offered).toEqual([]);
    expect(await mailRow(usher, id)).toMatchObject({ status: 'pending', leasedUntil: null });
    await startMailer(usher, transport).work();
    expect(smtp.taken.length).toBe(1);
  });

  test('finishes a running attempt', async () => {
    const { id } = await givenMail(usher);
    const stop = new AbortController();
    const { transport } = await mailServer({
      behave: () => {
        stop.abort();
        return 'accept';
      },
    });
    const { job } = startMailer(usher, transport);
    await job.run(stop.signal);
    await job.drain?.();
    expect((await mailRow(usher, id)).status).toBe('sent');
  });
});

describe('a database failure', () => {
  test('delays the recording of a sent mail', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer({
      behave: hideMailsAnd('accept'),
    });
    const { job, log } = startMailer(usher, transport);
    await job.run(new AbortController().signal);
    await expect.poll(() => log.join()).toContain('could not yet record');
    await usher.db.$executeRaw`ALTER TABLE mails_away RENAME TO mails`;
    await job.drain?.();
    expect(await mailRow(usher, id)).toMatchObject({ status: 'sent' });
    expect(smtp.taken.length).toBe(1);
  });

  test('during an attempt does not end the process, and the mail is attempted again', async () => {
    const { id } = await givenMail(usher);
    const { smtp, transport } = await mailServer({
      behave: mail => (mail.number > 1 ? 'accept' : hideMailsAnd({ refuse: 451 })()),
    });
    const { job, work, log, clock } = startMailer(usher, transport);
    await job.run(new AbortController().signal);
    await job.drain?.();
    expect(log.join()).toContain('could not record');
    await usher.db.$executeRaw`ALTER TABLE mails_away RENAME TO mails`;
    clock.advance(60_001);
    await work();
    expect(smtp.taken.length).toBe(1);
    expect(await mailRow(usher, id)).toMatchObject({ status: 'sent', attempts: 1 });
  });
});

/** Returns a behaviour that first makes the table of mails unavailable. */
function hideMailsAnd(behaviour: SmtpBehaviour): () => Promise<SmtpBehaviour> {
  return async () => {
    await usher.db.$executeRaw`ALTER TABLE mails RENAME TO mails_away`;
    return behaviour;
  };
}
