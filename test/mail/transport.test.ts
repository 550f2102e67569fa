import { createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MailNotSent, type MailTransport, type OutgoingMail } from '../../src/mail/message.ts';
import { openSmtp } from '../../src/mail/smtp.ts';
import { type SmtpOptions, startSmtp, type TestSmtp } from '../support/smtp.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function smtpServer(options?: SmtpOptions): Promise<TestSmtp> {
  const smtp = await startSmtp(options);
  opened.push(smtp.close);
  return smtp;
}

function transportTo(smtpUrl: string, timeoutMs = 5_000): MailTransport {
  const transport = openSmtp(smtpUrl, timeoutMs);
  opened.push(transport.close);
  return transport;
}

function mail(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: '<8e3f0d0a@seats.acme.example>',
    date: new Date('2026-11-22T14:05:00Z'),
    from: { name: 'Acme via usher', address: 'no-reply@seats.acme.example' },
    to: 'sam@globex.example',
    subject: 'You’ve been invited',
    text: 'A text with ünïcode and a very long line. '.repeat(40),
    html: '<p>HTML</p>',
    headers: {
      'List-Unsubscribe': `<https://seats.acme.example/unsubscribe?token=${'x'.repeat(150)}>`,
    },
    ...change,
  };
}

const IN_TIME = /^It could not be sent in time|^The mail server did not answer in time/;

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

async function failureOf(sending: Promise<void>): Promise<MailNotSent> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailNotSent)) throw new Error(`Not the expected failure: ${error}`);
  return error;
}

describe('a sent mail', () => {
  test('arrives unchanged, with its headers', async () => {
    const smtp = await smtpServer();
    await transportTo(smtp.url).send(mail());
    const [taken] = smtp.taken;
    expect(taken).toMatchObject({ to: 'sam@globex.example', from: 'no-reply@seats.acme.example' });
    const parsed = await PostalMime.parse(taken?.raw ?? '');
    expect(parsed).toMatchObject({
      messageId: mail().messageId,
      date: '2026-11-22T14:05:00.000Z',
      from: mail().from,
      to: [{ name: '', address: 'sam@globex.example' }],
      subject: mail().subject,
    });
    expect(parsed.text?.trim()).toBe(mail().text.trim());
    expect(parsed.html?.trim()).toBe(mail().html);
    const headers = Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers['list-unsubscribe']).toBe(mail().headers['List-Unsubscribe']);
    expect(headers).not.toHaveProperty('x-mailer');
  });

  test('may have any sender name', async () => {
    const smtp = await smtpServer();
    const transport = transportTo(smtp.url);
    const names = ['Äcme, Ltd.', '"Acme" <x@y.example>', 'a@b.example', '会社'];
    for (const name of names) {
      await transport.send(mail({ from: { name, address: 'no-reply@seats.acme.example' } }));
    }
    const parsed = await Promise.all(smtp.taken.map(({ raw }) => PostalMime.parse(raw)));
    expect(parsed.map(({ from }) => from?.name)).toEqual(names);
  });

  test('goes to one address, also with an injection', async () => {
    const smtp = await smtpServer();
    const transport = transportTo(smtp.url);
    const injection = 'a@b.example\r\nBcc: victim@c.example';
    await transport.send(mail({ to: injection })).catch(() => undefined);
    await transport.send(mail({ to: 'a@b.example, victim@c.example' })).catch(() => undefined);
    for (const { to, raw } of smtp.taken) {
      expect(to).not.toBe('victim@c.example');
      expect(raw).not.toMatch(/^bcc:/im);
    }
  });

  test('shares at most three connections with others, and closing closes them', async () => {
    const smtp = await smtpServer();
    const transport = transportTo(smtp.url);
    let most = 0;
    const sending = Array.from({ length: 40 }, async (_, i) => {
      await transport.send(mail({ to: `p${i}@globex.example` }));
      most = Math.max(most, smtp.connections());
    });
    await Promise.all(sending);
    expect(new Set(smtp.taken.map(({ to }) => to)).size).toBe(40);
    expect(most).toBeLessThanOrEqual(3);
    transport.close();
    await expect.poll(smtp.connections).toBe(0);
  });

  test.each([true, false])(
    'may have a non-ASCII recipient if the server offers SMTPUTF8 (login: %s)',
    async needsLogin => {
      const login = { user: 'acme', password: 'secret' };
      const smtp = await smtpServer(needsLogin ? { login } : {});
      const transport = transportTo(smtp.url);
      await transport.send(mail({ to: 'josé@globex.example' }));
      await transport.send(mail({ to: 'josé@globex.example' }));
      expect(smtp.taken.map(({ to }) => to)).toEqual(Array(2).fill('josé@globex.example'));
      transport.close();
      await expect.poll(smtp.connections).toBe(0);
    },
  );

  test('may use a login', async () => {
    const login = { user: 'acme@seats', password: 'p@ss:/wörd' };
    const smtp = await smtpServer({ login });
    await transportTo(smtp.url).send(mail());
    expect(smtp.taken.length).toBe(1);
  });
});

describe('a mail that is not sent', () => {
  test.each([
    [550, 'recipient', true],
    [452, 'recipient', false],
    [554, 'content', true],
    [451, 'content', false],
  ] as const)(
    'because of a %i for its %s reports whether that is permanent: %s',
    async (refuse, at, isPermanent) => {
      const reply = 'Not <sam@globex.example>, says postmaster@globex.example';
      const smtp = await smtpServer({ behave: () => ({ refuse, at, reply }) });
      const failure = await failureOf(transportTo(smtp.url).send(mail()));
      expect(failure).toMatchObject({ code: String(refuse), isPermanent });
      expect(failure.message).toBe(
        `The mail server answered: ${refuse} Not <sam@globex.example>, says …`,
      );
      expect(smtp.taken).toEqual([]);
    },
  );

  // RFC 6531: a server without SMTPUTF8 cannot interpret such an address.
  test.each(['josé@globex.example', '用户@例子.example'])(
    'because %s needs SMTPUTF8 has failed permanently',
    async to => {
      const smtp = await smtpServer({ offersUtf8: false });
      const transport = transportTo(smtp.url);
      expect(await failureOf(transport.send(mail({ to })))).toMatchObject({
        isPermanent: true,
        message: `The mail server does not offer SMTPUTF8, and so takes no mail to ${to}: the part before the @-sign has letters beyond ASCII.`,
      });
      expect(smtp.offered).toEqual([]);
      // Every domain has an ASCII form.
      await transport.send(mail({ to: 'sam@müller.example' }));
      expect(smtp.taken.map(({ raw }) => /^To: (.*)$/m.exec(raw)?.[1])).toEqual([
        'sam@xn--mller-kva.example',
      ]);
      await expect.poll(smtp.connections).toBeLessThanOrEqual(1);
    },
  );

  test('because the sender needs SMTPUTF8 has not failed permanently', async () => {
    const smtp = await smtpServer({ offersUtf8: false });
    const from = { name: 'Acme', address: 'plätze@acme.example' };
    const failure = await failureOf(transportTo(smtp.url).send(mail({ from })));
    expect(failure).toMatchObject({ isPermanent: false, code: 'SMTPUTF8' });
    expect(smtp.offered).toEqual([]);
  });

  test('leaves its connection to the next mail', async () => {
    const smtp = await smtpServer({
      behave: ({ to }) => (to.startsWith('no') ? { refuse: 550 } : 'accept'),
    });
    const transport = transportTo(smtp.url);
    for (let i = 0; i < 5; i++) {
      await failureOf(transport.send(mail({ to: 'nobody@globex.example' })));
      await transport.send(mail());
    }
    expect(smtp.taken.length).toBe(5);
    expect(smtp.connections()).toBeLessThanOrEqual(2);
  });

  test('because of a wrong login reports that without the password', async () => {
    const smtp = await smtpServer({ login: { user: 'acme', password: 'right' } });
    const output = vi.spyOn(process.stdout, 'write');
    const errors = vi.spyOn(process.stderr, 'write');
    const url = `smtp://acme:very-secret@127.0.0.1:${smtp.port}`;
    const failure = await failureOf(transportTo(url).send(mail()));
    expect(failure).toMatchObject({
      message: 'The mail server refused the login (535).',
      code: '535',
      isPermanent: false,
    });
    expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toContain('very-secret');
    expect([...output.mock.calls, ...errors.mock.calls].join()).not.toContain('very-secret');
    output.mockRestore();
    errors.mockRestore();
  });

  test('reports the server’s reply shortened and without the password', async () => {
    const reply = `You are acme with very-secret. ${'x'.repeat(2_000)}`;
    const login = { user: 'acme', password: 'very-secret' };
    const smtp = await smtpServer({ login, behave: () => ({ refuse: 550, reply }) });
    const { message } = await failureOf(transportTo(smtp.url).send(mail()));
    expect(message).toMatch(/^The mail server answered: 550 You are acme with …\. x+…$/);
    expect(message.length).toBe(500);
  });

  test('because the server is unreachable reports that', async () => {
    const smtp = await smtpServer();
    await smtp.close();
    expect(await failureOf(transportTo(smtp.url).send(mail()))).toMatchObject({
      message: 'The mail server could not be reached (ECONNREFUSED).',
      isPermanent: false,
    });
  });

  test.each(['drop', 'drop-taken'] as const)(
    'because the connection breaks reports that (%s)',
    async behaviour => {
      const smtp = await smtpServer({ behave: () => behaviour });
      const failure = await failureOf(transportTo(smtp.url).send(mail()));
      expect(failure).toMatchObject({ isPermanent: false });
      expect(failure.message).toMatch(/^The mail server could not be reached/);
      // The transport does not retry a mail that the server may have accepted.
      expect(smtp.offered.length).toBe(1);
      await expect.poll(smtp.connections).toBe(0);
    },
  );
});

describe('a hanging server', () => {
  test.each(['hang-recipient', 'hang-content'] as const)(
    'costs at most the timeout and no connection (%s)',
    async behaviour => {
      let hangs = true;
      const smtp = await smtpServer({ behave: () => (hangs ? behaviour : 'accept') });
      const transport = transportTo(smtp.url, 300);
      const started = performance.now();
      const failures = await Promise.all(
        Array.from({ length: 7 }, () => failureOf(transport.send(mail()))),
      );
      expect(performance.now() - started).toBeLessThan(2_000);
      for (const failure of failures) {
        expect(failure.message).toMatch(IN_TIME);
        expect(failure.isPermanent).toBe(false);
      }
      await expect.poll(smtp.connections).toBe(0);
      hangs = false;
      await transport.send(mail());
      expect(smtp.taken.length).toBe(1);
    },
  );

  test('may hang before its greeting', async () => {
    const smtp = await smtpServer({ greets: false });
    const failure = await failureOf(transportTo(smtp.url, 300).send(mail()));
    expect(failure.message).toMatch(IN_TIME);
    await expect.poll(smtp.connections).toBe(0);
  });

  test('may send endless partial replies', async () => {
    const sockets = new Set<Socket>();
    const server = createServer(socket => {
      sockets.add(socket);
      let timer: NodeJS.Timeout | undefined;
      socket.write('220 hello\r\n');
      socket.on('data', data => {
        if (String(data).startsWith('EHLO')) socket.write('250 hello\r\n');
        else timer ??= setInterval(() => socket.write('250-not yet\r\n'), 20);
      });
      socket.on('close', () => {
        clearInterval(timer);
        sockets.delete(socket);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    opened.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    // Only the mail's own timeout ends this. Garbage collection must not remove it.
    const collecting = setInterval(garbageCollector(), 10);
    opened.push(() => clearInterval(collecting));
    const started = performance.now();
    const failure = await failureOf(transportTo(`smtp://127.0.0.1:${port}`, 300).send(mail()));
    expect(failure.message).toMatch(IN_TIME);
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect.poll(() => sockets.size).toBe(0);
  });

  test('is disconnected when the caller aborts and when the transport is closed', async () => {
    const smtp = await smtpServer({ behave: () => 'hang-content' });
    const transport = transportTo(smtp.url);
    const aborting = new AbortController();
    const first = failureOf(transport.send(mail(), aborting.signal));
    const second = failureOf(transport.send(mail()));
    await expect.poll(() => smtp.offered.length).toBe(2);
    aborting.abort();
    await first;
    transport.close();
    await second;
    await expect.poll(smtp.connections).toBe(0);
  });
});
