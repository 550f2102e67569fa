import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat, historyOf, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { claimElsewhere, ended, invited, rename } from './invitations.ts';
import { submit, visit } from './pages.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function rowOf(seatId: string) {
  return await usher.db.customerSeat.findFirstOrThrow({ where: { id: seatId } });
}

describe('an invitation that can be claimed', () => {
  test('says whose it is, what for, for whom and until when, around one button', async () => {
    const fixture = await usher.addFixture();
    const { seatId, path } = await invited(usher, fixture);
    const { invitationTokenExpiresAt } = await rowOf(seatId);
    const { status, headers, title, text, html } = await visit(usher, path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(title).toBe('You’re invited to Team Pro – Acme');
    expect(text).toContain('You’re invited to Team Pro');
    expect(text).toContain('Acme has kept a seat for you.');
    expect(text).toContain('For sam@globex.example');
    expect(text).toContain('Invited by Globex Billing@globex.example');
    expect(text).toMatch(/Ends \d{1,2} \w+ \d{4} at \d\d:\d\d UTC/);
    expect(html).toContain(`<time datetime="${invitationTokenExpiresAt?.toISOString()}">`);
    expect(html.match(/<button/g)).toHaveLength(1);
    expect(html.match(/<h1/g)).toHaveLength(2);
    expect(html.replace(/<template.*<\/template>/s, '').match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('<html lang="en">');
  });

  test('names who invites by an address, and by a name in which nothing can be followed', async () => {
    const fixture = await usher.addFixture();
    const { path } = await invited(usher, fixture);
    const shownFor = async (data: { name: string | null; email: string | null }) => {
      await usher.db.customer.updateMany({ where: { id: fixture.ids.customer }, data });
      return /Invited by (.*?) For/.exec((await visit(usher, path)).text)?.[1];
    };
    const email = 'billing@globex.example';
    expect(await shownFor({ name: 'IT: evil.example/verify\u202e', email })).toBe(
      'IT: evil. example/verify billing@globex.example',
    );
    expect(await shownFor({ name: null, email })).toBe('billing@globex.example');
    expect(await shownFor({ name: 'Globex', email: null })).toBe('Globex jane@globex.example');
    await usher.db.member.updateMany({
      where: { id: fixture.ids.owner },
      data: { name: 'Jane www.evil.example' },
    });
    expect(await shownFor({ name: null, email: null })).toBe(
      'Jane www. evil. example jane@globex.example',
    );
    expect(await shownFor({ name: '<b>Globex</b>', email })).toBe(
      '<b>Globex</b> billing@globex.example',
    );
  });

  test('says nothing of an end or a person where there is none', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { seatId, path } = await invited(usher, fixture);
    await usher.db.customerSeat.updateMany({
      where: { id: seatId },
      data: { email: null, memberId: null, invitationTokenExpiresAt: null },
    });
    await usher.db.customer.updateMany({
      where: { organizationId: fixture.ids.organization },
      data: { email: null },
    });
    const { status, text } = await visit(usher, path);
    expect(status).toBe(200);
    expect(text).not.toMatch(/For|Ends/);
  });

  test('is not changed by those who look, HEAD included', async () => {
    const fixture = await usher.addFixture();
    const { seatId, path } = await invited(usher, fixture);
    const before = await rowOf(seatId);
    await visit(usher, path);
    const head = await visit(usher, path, { method: 'HEAD' });
    expect([head.status, head.html]).toEqual([200, '']);
    expect(head.policy).toEqual((await visit(usher, path)).policy);
    expect(await rowOf(seatId)).toEqual(before);
    expect(await historyOf(usher, seatId)).toEqual(['assigned']);
  });

  test('may load nothing from elsewhere, be framed by nobody, and is kept and listed nowhere', async () => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, { returnUrl: 'https://app.acme.example:8443/in?a=1' });
    const { path } = await invited(usher, fixture);
    const { headers, policy, html, text } = await visit(usher, path);
    expect(policy).toEqual({
      'default-src': ["'none'"],
      'style-src': ["'self'"],
      'script-src': ["'self'"],
      'connect-src': ["'self'"],
      'img-src': ['data:'],
      'form-action': ["'self'", 'https://app.acme.example:8443'],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(Object.fromEntries(headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    });
    expect(headers.has('set-cookie')).toBe(false);
    expect(text).toContain('You will go on to app.acme.example:8443.');
    const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(match => match[1] ?? '');
    expect(loaded.filter(address => !/^(?:\/assets\/|data:,$)/.test(address))).toEqual([
      'https://app.acme.example:8443/in?a=1',
    ]);
    expect(html).not.toMatch(/ style=| on\w+=/);
  });

  test('is shown whatever the Authorization header is', async () => {
    const { path } = await invited(usher, await usher.addFixture());
    const headers = { authorization: 'Bearer nonsense' };
    expect((await visit(usher, path, { headers })).status).toBe(200);
  });

  test('escapes every name', async () => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, {
      organization: `</title><script>alert(1)</script>`,
      product: `"><img src=x onerror='alert(2)'> & Co`,
    });
    const { path } = await invited(usher, fixture);
    const { html, title, text } = await visit(usher, path);
    expect(html).not.toMatch(/<script>|<img/);
    expect(title).toBe(
      `You’re invited to "><img src=x onerror='alert(2)'> & Co – </title><script>alert(1)</script>`,
    );
    expect(text).toContain('</title><script>alert(1)</script> has kept a seat for you.');
  });

  test.each([
    ['شركة أكمي', 'ش'],
    ['🦄👩‍👩‍👧 Team', '🦄'],
    ['👩‍👩‍👧 Family', '👩‍👩‍👧'],
    ['   ', ''],
    ['ße', 'SS'],
  ])('has a sign for %j', async (organization, sign) => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, { organization });
    const { html } = await visit(usher, (await invited(usher, fixture)).path);
    expect(/<span class="badge monogram" aria-hidden="true">(.*?)<\/span>/.exec(html)?.[1]).toBe(
      sign,
    );
    expect(html).toContain(`<bdi>${organization}</bdi>`);
  });
});

describe('an invitation that leads nowhere any more says why, and nothing about a person', () => {
  test('expired', async () => {
    const fixture = await usher.addFixture();
    const { path } = await ended(usher, fixture, 'expired');
    const { status, title, text, html } = await visit(usher, path);
    expect(status).toBe(410);
    expect(title).toBe('Invitation expired – Team Pro – Acme');
    expect(text).toContain('Ask Acme, or whoever invited you, to send the invitation again.');
    expect(html).not.toMatch(/globex|<button|<form|<script/);
  });

  test('used, with the way to where its holder is in', async () => {
    const fixture = await usher.addFixture();
    const { path } = await ended(usher, fixture, 'used');
    const bare = await visit(usher, path);
    expect(bare.status).toBe(410);
    expect(bare.title).toBe('Invitation used – Team Pro – Acme');
    expect(bare.text).toContain('If it was you, you’re in: you have your seat in Team Pro.');
    expect(bare.text).toContain('If it was not you, tell Acme or whoever invited you');
    expect(bare.html).not.toMatch(/globex|<button|<form|<script|<a /);
    await rename(usher, fixture, { returnUrl: 'https://app.acme.example/?a=1&b=2' });
    const { html } = await visit(usher, path);
    expect(html).toContain(
      '<a class="button" href="https://app.acme.example/?a=1&amp;b=2">Continue to',
    );
  });

  test('revoked, also after it was claimed', async () => {
    const fixture = await usher.addFixture();
    const { organization: token } = fixture.tokens;
    const invitations = [await invited(usher, fixture), await ended(usher, fixture, 'used')];
    for (const { seatId, path } of invitations) {
      await usher.rest('DELETE', `/v1/customer-seats/${seatId}`, { token });
      const { status, title, text, html } = await visit(usher, path);
      expect([status, title]).toEqual([410, 'Invitation withdrawn – Team Pro – Acme']);
      expect(text).toContain('ask Acme or whoever invited you');
      expect(html).not.toMatch(/globex|<button|<form|<script/);
    }
  });

  test('withdrawn, where its billingCustomer is gone', async () => {
    const fixture = await usher.addFixture();
    const { path } = await invited(usher, fixture);
    await usher.db.customer.updateMany({
      where: { id: fixture.ids.customer },
      data: { deletedAt: new Date() },
    });
    expect((await visit(usher, path)).title).toContain('Invitation withdrawn');
  });

  test('unknown, where a newer one was sent', async () => {
    const fixture = await usher.addFixture();
    const { seatId, path } = await invited(usher, fixture);
    const { organization: token } = fixture.tokens;
    await usher.rest('POST', `/v1/customer-seats/${seatId}/resend`, { token });
    const { status, text } = await visit(usher, path);
    expect(status).toBe(404);
    expect(text).toContain('An older link stops working when a newer one is sent.');
    expect((await visit(usher, `/claim?token=${await tokenOf(usher, seatId)}`)).status).toBe(200);
  });

  test('unknown, whatever it was, where the organization is blocked, deleted or sells no seats', async () => {
    const at = async (
      change: (fixture: Awaited<ReturnType<typeof usher.addFixture>>) => unknown,
    ) => {
      const fixture = await usher.addFixture();
      const invitations = [
        await invited(usher, fixture),
        await ended(usher, fixture, 'used'),
        await ended(usher, fixture, 'expired'),
        await ended(usher, fixture, 'revoked'),
      ];
      await change(fixture);
      for (const { path, token } of invitations) {
        const { status, title, text } = await visit(usher, path);
        expect([status, title]).toEqual([404, 'Unknown invitation']);
        expect(text).not.toMatch(/Acme|Team Pro/);
        expect((await submit(usher, '/claim', { token })).status).toBe(404);
      }
      const [open] = invitations;
      expect((await rowOf(open?.seatId ?? '')).status).toBe('pending');
    };
    await at(fixture => switchOff(usher, fixture));
    for (const data of [{ status: 'blocked' as const }, { deletedAt: new Date() }]) {
      await at(({ ids }) =>
        usher.db.organization.update({ where: { id: ids.organization }, data }),
      );
    }
  });

  test('unknown, where an order has no product', async () => {
    const fixture = await usher.addFixture();
    const { order } = fixture.ids;
    const seat = await givenSeat(usher, fixture, { order_id: order, email: 'sam@globex.example' });
    const path = `/claim?token=${await tokenOf(usher, seat.id)}`;
    expect((await visit(usher, path)).text).toContain('Team Pro');
    await usher.db.order.updateMany({ where: { id: order }, data: { productId: null } });
    expect((await visit(usher, path)).status).toBe(404);
  });

  test.each(['/claim', '/claim?token=', '/claim?token', `/claim?token=${'x'.repeat(10_000)}`])(
    'unknown: %s',
    async path => {
      const { status, title, html } = await visit(usher, path);
      expect([status, title]).toEqual([404, 'Unknown invitation']);
      expect(html).not.toContain('xx');
    },
  );

  test('unknown, for any bytes at all in place of a token', async () => {
    const percentEncoded = fc
      .uint8Array({ maxLength: 40 })
      .map(bytes => [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join(''));
    const visible = fc.string({ unit: fc.constantFrom(...'%&=+?/;0aF~<>"\'') });
    await fc.assert(
      fc.asyncProperty(fc.oneof(percentEncoded, visible), async text => {
        const { status, title, html } = await visit(usher, `/claim?token=${text.replace('#', '')}`);
        expect([status, title]).toEqual([404, 'Unknown invitation']);
        expect(html.match(/<h1/g)).toHaveLength(1);
        const body = `token=${text}`;
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const posted = await visit(usher, '/claim', { method: 'POST', headers, body });
        expect(posted.html).toBe(html);
      }),
      { numRuns: 60 },
    );
  });
});

test('a page that was opened before a claim elsewhere has what to show then', async () => {
  const fixture = await usher.addFixture();
  const invitation = await invited(usher, fixture);
  const { html } = await visit(usher, invitation.path);
  await claimElsewhere(usher, invitation);
  const used = await visit(usher, invitation.path);
  const kept = /<template[^>]*>(.*)<\/template>/s.exec(html)?.[1]?.trim();
  expect(used.html).toContain(kept);
  expect(html).toContain(`data-title="${used.title}"`);
});

test('the files of the pages can be kept for ever', async () => {
  const { path } = await invited(usher, await usher.addFixture());
  const { html } = await visit(usher, path);
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(match => match[1] ?? '');
  expect(files.map(file => file.replace(/\.[\w-]{12}\./, '.'))).toEqual([
    '/assets/page.css',
    '/assets/claim.js',
  ]);
  for (const file of files) {
    const { status, headers } = await visit(usher, file);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('content-type')).toMatch(/^text\/(?:css|javascript); charset=utf-8$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect((await visit(usher, '/assets/other.js')).status).toBe(404);
});
