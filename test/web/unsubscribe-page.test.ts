import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { optOutUrl } from '../../src/mail/opt-out.ts';
import type { Fixture } from '../support/fixture.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import { rename } from './invitations.ts';
import { visit } from './pages.ts';

let usher: TestUsher;
let fixture: Fixture;
let path: string;
beforeAll(async () => {
  usher = await startUsher({ logLevel: 'debug' });
});
afterAll(() => usher.close());
beforeEach(async () => {
  fixture = await usher.addFixture();
  path = await linkTo(fixture);
});

/** Where the last line of a mail that was sent leads. */
async function linkTo({ ids }: Fixture): Promise<string> {
  const organizationId = ids.organization;
  const { id: mailId } = await usher.db.mail.create({
    data: {
      organizationId,
      kind: 'invitation',
      seatId: randomUUID(),
      recipient: 'Sam@globex.example',
      status: 'sent',
      nextAttemptAt: new Date(),
    },
  });
  return optOutUrl({ secretKey: SECRET_KEY, publicUrl: '' }, { organizationId, mailId });
}

async function optedOut(): Promise<string[]> {
  const where = { organizationId: fixture.ids.organization };
  return (await usher.db.mailOptOut.findMany({ where })).map(({ email }) => email);
}

describe('the page at the end of a mail', () => {
  test('says what would stop, for whom, and stops nothing when it is looked at', async () => {
    const { status, title, text, html, policy } = await visit(usher, path);
    expect([status, title]).toEqual([200, 'Stop invitations – Acme']);
    expect(text).toContain('Sam@globex.example will get no more invitations from Acme');
    expect(html.match(/<button/g)).toHaveLength(1);
    expect(policy).toMatchObject({ 'form-action': ["'self'"], 'frame-ancestors': ["'none'"] });
    expect((await visit(usher, path, { method: 'HEAD' })).status).toBe(200);
    expect(await optedOut()).toEqual([]);
  });

  test.each(['.', ')', '%20', '%0A', '%22', '%3E'])('bears a %s after the link', async clinging => {
    expect((await visit(usher, path + clinging)).status).toBe(200);
    expect((await visit(usher, path + clinging, { method: 'POST' })).status).toBe(200);
    expect(await optedOut()).toEqual(['sam@globex.example']);
  });

  test('has a form that stops it', async () => {
    const { html } = await visit(usher, path);
    const action = /action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const { status, text } = await visit(usher, action, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    expect(status).toBe(200);
    expect(text).toContain('Acme no longer sends invitations to Sam@globex.example.');
    expect(await optedOut()).toEqual(['sam@globex.example']);
  });

  test.each([
    ['urlencoded', new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    ['multipart', multipart()],
  ])('takes one click of a mail program, %s, however often', async (_, body) => {
    const headers = { authorization: 'Bearer nonsense' };
    for (const status of [200, 200]) {
      const answer = await visit(usher, path, { method: 'POST', body, headers });
      expect(answer.status).toBe(status);
    }
    expect(await optedOut()).toEqual(['sam@globex.example']);
  });

  test('undoes it by a button of the page, once the page says that it is done', async () => {
    const done = await visit(usher, path, { method: 'POST', body: new URLSearchParams() });
    const later = await visit(usher, path);
    for (const { status, title, html, policy } of [done, later]) {
      expect([status, title]).toEqual([200, 'Invitations stopped – Acme']);
      expect(html.match(/<button/g)).toHaveLength(1);
      expect(policy).toMatchObject({ 'form-action': ["'self'"] });
    }
    const undo = /action="([^"]+)"/.exec(later.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(undo).not.toBe(path);
    // Looking undoes nothing, and leads to the page that says what stands.
    const looked = await visit(usher, undo);
    expect(looked.status).toBe(303);
    const leadsTo = new URL(looked.headers.get('location') ?? '', usher.url + undo);
    expect(leadsTo.pathname + leadsTo.search).toBe(path);
    expect(await optedOut()).toEqual(['sam@globex.example']);

    for (const _ of ['once', 'again']) {
      const { status, text } = await visit(usher, undo, { method: 'POST' });
      expect(status).toBe(200);
      expect(text).toContain('Acme sends invitations to Sam@globex.example again.');
    }
    expect(await optedOut()).toEqual([]);
    expect((await visit(usher, path)).title).toBe('Stop invitations – Acme');
    const wrong = await visit(usher, `${undo}x`, { method: 'POST' });
    expect([wrong.status, wrong.title]).toEqual([404, 'Unknown link']);
    expect((await visit(usher, undo, { method: 'DELETE' })).status).toBe(405);
  });

  test('escapes the name', async () => {
    await rename(usher, fixture, { organization: '<script>alert(1)</script>' });
    expect((await visit(usher, path)).html).not.toContain('<script>');
    expect((await visit(usher, path, { method: 'POST' })).html).not.toContain('<script>');
  });

  test('does not know any other link, and says nothing of anybody', async () => {
    const other = await linkTo(await usher.addFixture());
    const mixed = path.replace(/token=.*/, /token=.*/.exec(other)?.[0] ?? '');
    const links = ['/unsubscribe', '/unsubscribe?organization=&mail=&token=', mixed, `${path}x`];
    for (const link of [...links, path.replace('mail=', 'mail=%00')]) {
      for (const method of ['GET', 'POST']) {
        const { status, title, html } = await visit(usher, link, { method });
        expect([status, title]).toEqual([404, 'Unknown link']);
        expect(html).not.toMatch(/Acme|globex|<form/);
      }
    }
    expect(await optedOut()).toEqual([]);
  });

  test('is no answer to other methods, nor to a long body', async () => {
    const { status, headers } = await visit(usher, path, { method: 'DELETE' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const body = 'x'.repeat(20_000);
    expect((await visit(usher, path, { method: 'POST', body })).status).toBe(413);
    expect(await optedOut()).toEqual([]);
  });

  test('leaves no token in the log', async () => {
    await visit(usher, path);
    await visit(usher, path, { method: 'POST' });
    const token = new URLSearchParams(path.split('?')[1]).get('token') ?? '';
    expect(token).toHaveLength(43);
    expect(usher.log.join('')).not.toContain(token);
    expect(usher.log.join('')).not.toMatch(/globex/i);
  });
});

function multipart(): FormData {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  return form;
}
