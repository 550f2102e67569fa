import { describe, expect, test } from 'vitest';
import { composeInvitation, type InvitationFacts } from '../../src/mail/invitation-mail.ts';
import { inviterOf, nameAndAddress, sellersName } from '../../src/mail/shown-name.ts';

const NOW = new Date('2026-11-22T14:05:30Z');
const NOBODY = { name: '', email: '' };
const OWN = { subject: null, text: null, html: null };

function compose(change: Partial<InvitationFacts> = {}, templates = {}) {
  const facts: InvitationFacts = {
    organizationName: 'Acme',
    productName: 'Team Pro',
    inviter: { name: 'Globex', email: 'billing@globex.example' },
    recipientEmail: 'sam@globex.example',
    claimUrl: 'https://seats.acme.example/claim?token=abc-_1',
    expiresAt: new Date(NOW.getTime() + 24 * 60 * 60_000),
    isReminder: false,
    unsubscribeUrl: 'https://seats.acme.example/unsubscribe?mail=1&token=x',
    ...change,
  };
  return composeInvitation(facts, { ...OWN, ...templates }, NOW);
}

describe('usher’s own invitation', () => {
  test('shows inviter, product, recipient, expiry, claim link and unsubscribe link', () => {
    const { subject, text, unusable } = compose();
    expect(subject).toBe("You've been invited to access Team Pro");
    expect(unusable).toEqual([]);
    expect(text).toBe(`Globex (billing@globex.example) has invited you to use Team Pro, from Acme.

Claim your seat:
https://seats.acme.example/claim?token=abc-_1

The invitation is for sam@globex.example.
It ends on 23 November 2026 at 14:05 UTC, in about 24 hours.

You get this mail because a seat of Team Pro was given to sam@globex.example. If you did not expect that, you can ignore it.

No more invitations from Acme:
https://seats.acme.example/unsubscribe?mail=1&token=x
`);
  });

  test('needs neither an inviter nor an expiry', () => {
    const { text, html } = compose({ inviter: NOBODY, expiresAt: null });
    expect(text).toMatch(/^You’ve been invited to use Team Pro, from Acme\./);
    for (const part of [text, html]) expect(part).not.toMatch(/ends|undefined|null/);
  });

  test('has another text as a reminder', () => {
    const { subject, text, html } = compose({
      isReminder: true,
      expiresAt: new Date(NOW.getTime() + 2 * 60 * 60_000),
    });
    expect(subject).toBe('Reminder: your invitation to access Team Pro ends soon');
    expect(text).toContain('your seat is still waiting for you');
    expect(text).toContain('It ends on 22 November 2026 at 16:05 UTC, in about 2 hours.');
    expect(html).toContain('Your invitation to Team Pro ends soon');
  });

  test.each([
    [23.6 * 60, 'in about 24 hours'],
    [89, 'in about an hour'],
    [45, 'in about an hour'],
    [44, 'in less than an hour'],
    [0, 'in less than an hour'],
  ])('shows %d minutes as %s', (minutes, words) => {
    const expiresAt = new Date(NOW.getTime() + minutes * 60_000);
    expect(compose({ expiresAt }).text).toContain(words);
  });

  test('is HTML that loads no external resources and has a dark mode', () => {
    const { html } = compose();
    expect(html).not.toMatch(/<img|<script|<link|@import|url\(|src=|<iframe|<form/i);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) =>
      (link ?? '').replaceAll('&#x2F;', '/').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
    );
    expect(new Set(links)).toEqual(
      new Set([
        'https://seats.acme.example/claim?token=abc-_1',
        'https://seats.acme.example/unsubscribe?mail=1&token=x',
      ]),
    );
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('prefers-color-scheme: dark');
  });
});

describe('untrusted names', () => {
  const hostile =
    'Eve\r\nBcc: all@globex.example\r\n\r\n<script>alert(1)</script>\u2028\u202e{{claimUrl}}';

  test('cannot inject lines, headers, markup or templates into a mail', () => {
    const { subject, text, html } = compose({
      productName: hostile,
      organizationName: hostile,
      inviter: inviterOf({ name: hostile, email: null, owner: undefined }),
    });
    expect(subject).not.toMatch(/[\r\n\u2028\u202e]/);
    expect(subject).toContain('Eve Bcc: all @ globex. example <script>');
    expect(text).not.toMatch(/^Bcc/m);
    expect(html).not.toContain('<script>');
    for (const part of [subject, text, html]) expect(part).toContain('{{claimUrl}}');
  });

  test('are truncated', () => {
    const { subject, text } = compose({ productName: '😀'.repeat(100_000) });
    expect([...subject].length).toBeLessThanOrEqual(250);
    expect(subject).not.toMatch(/\p{Surrogate}/u);
    expect(text.length).toBeLessThan(5_000);
  });

  test('cannot inject a line break into the subject through a template', () => {
    const { subject } = compose({}, { subject: 'One\r\nBcc: all@globex.example\n{{productName}}' });
    expect(subject).toBe('One Bcc: all@globex.example Team Pro');
  });
});

describe('the organization’s own templates', () => {
  test('replace the parts of the mail', () => {
    const { subject, text, html, unusable } = compose(
      {},
      { subject: '{{inviterName}} waits', html: '<a href="{{claimUrl}}">{{productName}}</a>' },
    );
    expect(subject).toBe('Globex waits');
    expect(html).toMatch(/^<a href="https:&#x2F;&#x2F;seats.*">Team Pro<\/a>$/);
    expect(text).toContain('Claim your seat');
    expect(unusable).toEqual([]);
  });

  test('are replaced by usher’s and listed if they are invalid', () => {
    const { subject, text, html, unusable } = compose(
      {},
      { subject: '{{', text: 'no link', html: '{{constructor}}{{claimUrl}}' },
    );
    expect(unusable).toEqual(['subject', 'text', 'html']);
    expect({ subject, text, html, unusable: [] }).toEqual(compose());
  });
});

test.each([
  [{ name: 'Globex', email: 'a@b.example', owner: undefined }, 'Globex (a@b.example)'],
  [
    { name: null, email: 'a@b.example', owner: { name: 'Jane', email: 'j@b.example' } },
    'a@b.example',
  ],
  [{ name: ' ', email: null, owner: { name: 'Jane', email: 'j@b.example' } }, 'Jane (j@b.example)'],
  [
    { name: 'Globex', email: null, owner: { name: 'Jane', email: 'j@b.example' } },
    'Globex (j@b.example)',
  ],
  [{ name: null, email: null, owner: { name: null, email: 'j@b.example' } }, 'j@b.example'],
  [{ name: 'A@b.example', email: 'a@b.example', owner: undefined }, 'a@b.example'],
  [{ name: 'Globex', email: null, owner: undefined }, 'Globex'],
  [{ name: null, email: null, owner: undefined }, ''],
])('the inviter is shown by name and address: %o', (billingCustomer, shown) => {
  expect(nameAndAddress(inviterOf(billingCustomer))).toBe(shown);
});

describe('the name of a billing customer', () => {
  // What mail clients link: a scheme, a domain or an address, with any kind of dot.
  const LINKABLE =
    /\p{L}[\p{L}\p{N}+-]*:\S|\/\/|\\\\|\S@\S|[\p{L}\p{N}-][.\u2024\u3002\ufe52\uff0e\uff61][\p{L}]|\d\.\d+\.\d/u;
  const nameOf = (name: string) =>
    inviterOf({ name, email: 'billing@globex.example', owner: undefined }).name;

  test.each([
    ['Urgent: sign in at evil.example/verify', 'Urgent: sign in at evil. example/verify'],
    ['https://evil.example/a?b=c', 'https: evil. example/a?b=c'],
    ['hxxp:\\\\evil.example', 'hxxp: \\evil. example'],
    ['http://3627734734/login', 'http: 3627734734/login'],
    ['//evil.example', '/evil. example'],
    ['WWW.evil.example', 'WWW. evil. example'],
    ['Booking.com', 'Booking. com'],
    ['sub.evil.co.uk:8080', 'sub. evil. co. uk: 8080'],
    ['mailto:eve@evil.example', 'mailto: eve @ evil. example'],
    ['support@bank.example', 'support @ bank. example'],
    ['пример.рф', 'пример. рф'],
    ['evil。example', 'evil。 example'],
    ['evil․example', 'evil․ example'],
    ['evil．example／verify', 'evil． example／verify'],
    ['evil.\u200bexample', 'evil. example'],
    ['evil.\u00adexample', 'evil. example'],
    ['evil.\u2060example', 'evil. example'],
    ['evil\u200b.example', 'evil. example'],
    ['evil.\u200dexample', 'evil. \u200dexample'],
    ['evil.xn--p1ai', 'evil. xn--p1ai'],
    ['10.0.0.1/login', '10. 0. 0. 1/login'],
    ['a\r\nb\u2028c\u0000d\u202egrol\u2066', 'a b c dgrol'],
  ])('stays readable and cannot be linked: %j', (name, shown) => {
    expect(nameOf(name)).toBe(shown);
    expect(nameOf(name)).not.toMatch(LINKABLE);
  });

  test.each([
    'Globex Inc.',
    'St. Gallen 2.0',
    'J. R. Smith & Co.',
    'Müller: Söhne',
    '10:30 Club',
    '日本語',
    '👩‍👩‍👧',
    'A/B',
    'v1.5',
  ])('is unchanged if nothing in it could be linked: %s', name => {
    expect(nameOf(name)).toBe(name);
  });

  test('is truncated', () => {
    expect([...nameOf('please '.repeat(100))].length).toBe(80);
  });

  test('cannot be linked in any variable of an organization’s own templates', () => {
    const inviter = inviterOf({
      name: 'IT: evil.example/verify',
      email: 'billing@globex.example',
      owner: undefined,
    });
    const template = '{{inviter}}|{{inviterName}}|{{inviterEmail}}|{{productName}}|{{claimUrl}}';
    const templates = { subject: template, text: template, html: template };
    const { subject, text, html } = compose(
      { inviter, productName: 'Go evil.example/now' },
      templates,
    );
    for (const part of [subject, text, html]) {
      expect(part.replaceAll('&#x2F;', '/')).toContain(
        'IT: evil. example/verify (billing@globex.example)|IT: evil. example/verify|billing@globex.example|Go evil. example/now|',
      );
    }
  });
});

test.each([
  ['Cal.com', 'Cal.com'],
  ['Cal.com, Inc.', 'Cal.com, Inc.'],
  ['AC/DC', 'AC/DC'],
  ['Sign in at evil.example/verify', 'Sign in at evil. example/verify'],
  ['https://evil.example', 'https: evil. example'],
  ['Acme\r\n\u202eSoftware', 'Acme Software'],
])('the seller’s name %j is shown as %j', (name, shown) => {
  expect(sellersName(name)).toBe(shown);
});
