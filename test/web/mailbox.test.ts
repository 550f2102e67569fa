import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keepMail } from '../../src/mail/mailbox.ts';
import type { OutgoingMail } from '../../src/mail/message.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { visit } from './pages.ts';

let folder: string;
let mailbox: string;
let usher: TestUsher;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-mailbox-'));
  mailbox = join(folder, 'mailbox');
  usher = await startUsher({ mailbox, logLevel: 'debug' });
});
afterAll(async () => {
  await usher.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => rm(mailbox, { recursive: true, force: true }));

const MAIL: OutgoingMail = {
  messageId: '<1@acme.example>',
  date: new Date(),
  from: { name: 'Acme', address: 'seats@acme.example' },
  to: 'sam@globex.example',
  subject: 'Your seat',
  text: 'Claim it:\nhttps://seats.acme.example/claim?token=T0KEN\nBye <b>',
  html: '<p style="color: red"><a href="https://seats.acme.example/claim?token=T0KEN">Claim</a></p>',
  headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
};

async function keep(mail: Partial<OutgoingMail> = {}): Promise<string> {
  await keepMail(mailbox, { ...MAIL, ...mail });
  const { html } = await visit(usher, '/dev/mailbox');
  return /href="(\/dev\/mailbox\/[^"]+)"/.exec(html)?.[1] ?? '';
}

describe('the mailbox', () => {
  test('is empty at first, and says how a mail gets there', async () => {
    const { status, title, text } = await visit(usher, '/dev/mailbox');
    expect([status, title]).toEqual([200, 'Mailbox']);
    expect(text).toContain('No mail yet');
    expect(text).toContain('Assign a seat by an e-mail address, and its invitation arrives here');
  });

  test('lists its mails, the newest first', async () => {
    const now = Date.now();
    await keep({ subject: 'Second', date: new Date(now - 1000) });
    await keep({ subject: '<i>Third</i>', date: new Date(now) });
    await keep({ subject: 'First', date: new Date(now - 2000) });
    const { text, html, headers, policy } = await visit(usher, '/dev/mailbox');
    expect(text).toMatch(/<i>Third<\/i> to sam@globex\.example .*Second.*First/);
    expect(html).not.toContain('<i>');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(policy['default-src']).toEqual(["'none'"]);
  });

  test('shows one mail: who and when, its text with its link, its headers', async () => {
    const { status, title, text, html, policy } = await visit(usher, await keep());
    expect([status, title]).toEqual([200, 'Your seat – Mailbox']);
    expect(text).toContain('From Acme <seats@acme.example>');
    expect(text).toContain('To sam@globex.example');
    expect(text).toContain('Message-ID <1@acme.example>');
    expect(text).toContain('List-Unsubscribe-Post List-Unsubscribe=One-Click');
    expect(html).toContain(
      '<a href="https://seats.acme.example/claim?token=T0KEN" target="_blank" rel="noreferrer">',
    );
    expect(html).toContain('Bye &lt;b&gt;');
    expect(policy).toMatchObject({ 'frame-src': ["'self'"], 'frame-ancestors': ["'none'"] });
    expect(policy['script-src']).toBeUndefined();
  });

  test('shows the mail’s HTML in a frame that runs, loads and sends nothing', async () => {
    const path = await keep({ html: `<script>alert(1)</script>${MAIL.html}` });
    const { html } = await visit(usher, path);
    expect(html).toContain(
      `src="${path}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"`,
    );
    const framed = await visit(usher, `${path}/html`);
    expect(framed.html).toBe(
      `<!doctype html><base target="_blank"><script>alert(1)</script>${MAIL.html}`,
    );
    expect(framed.policy).toEqual({
      'default-src': ["'none'"],
      'style-src': ["'unsafe-inline'"],
      'img-src': ['data:'],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'self'"],
      sandbox: ['allow-popups', 'allow-popups-to-escape-sandbox'],
    });
    expect(framed.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.each(['x', '..%2f..%2fsecret-key', '20260101T000000000Z-0000000000000000', '%00'])(
    'has no mail called %s',
    async id => {
      for (const path of [`/dev/mailbox/${id}`, `/dev/mailbox/${id}/html`]) {
        const { status, html } = await visit(usher, path);
        expect([status, html]).toEqual([404, '{"detail":"Not Found"}']);
      }
    },
  );

  test('is not in the log, which has its links', async () => {
    await visit(usher, `${await keep()}/html`);
    expect(usher.log.join('')).not.toMatch(/T0KEN|globex/);
  });
});

describe('to all but this machine’s own people it is not there:', () => {
  /** What is answered under another name or behind a proxy; fetch cannot ask so. */
  async function ask(headers: Record<string, string>): Promise<number | undefined> {
    return await new Promise((resolve, reject) => {
      request(`${usher.url}/dev/mailbox`, { headers }, response => {
        resolve(response.resume().statusCode);
      })
        .on('error', reject)
        .end();
    });
  }

  test.each([
    [200, {}],
    [200, { host: 'localhost:4000' }],
    [200, { host: '[::1]:4000' }],
    [200, { authorization: 'Bearer nonsense' }],
    [404, { host: 'evil.example' }],
    [404, { host: 'localhost.evil.example' }],
    [404, { host: '127.0.0.1.evil.example' }],
    [404, { host: '10.0.0.1' }],
    [404, { 'x-forwarded-for': '203.0.113.7' }],
    [404, { forwarded: 'for=203.0.113.7' }],
  ])('%i for %j', async (status, headers) => {
    expect(await ask(headers)).toBe(status);
  });

  test('where mail goes elsewhere there is none', async () => {
    const other = await startUsher();
    try {
      const { status, html } = await visit(other, '/dev/mailbox');
      expect([status, html]).toEqual([404, '{"detail":"Not Found"}']);
    } finally {
      await other.close();
    }
  });
});
