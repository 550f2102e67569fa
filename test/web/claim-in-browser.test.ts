import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { axeViolations, hasBrowser, launch, openTab, overflow } from './browser.ts';
import { claimElsewhere, ended, invited, rename } from './invitations.ts';

const PHONE = { viewport: { width: 390, height: 844 } };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
// 1280 pixels wide at 200 %.
const ZOOMED = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
const NARROW = { viewport: { width: 320, height: 568 } };

describe.skipIf(!hasBrowser())('the claim page in a browser', { timeout: 60_000 }, () => {
  let usher: TestUsher;
  let browser: Browser;
  beforeAll(async () => {
    [usher, browser] = await Promise.all([startUsher(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await usher.close();
  });

  const claimButton = (page: Page) => page.getByRole('button', { name: 'Claim your seat' });
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

  test('lets the invitee in by one click, and nothing leaves for anywhere', async () => {
    await using tab = await openTab(browser, usher.url, PHONE);
    const { page } = tab;
    await page.goto((await invited(usher, await usher.addFixture())).path);
    expect(await page.title()).toBe('You’re invited to Team Pro – Acme');
    await page.getByText('in 24 hours').waitFor();
    await claimButton(page).click();
    await heading(page, 'You’re in').waitFor();
    expect(tab).toMatchObject({ foreign: [], problems: [] });
  });

  test('goes on to the return address with the session’s token, and says not where from', async () => {
    const fixture = await usher.addFixture();
    await using site = await returnSite();
    await rename(usher, fixture, { returnUrl: `${site.origin}/in?a=1` });
    for (const javaScriptEnabled of [true, false]) {
      await using tab = await openTab(browser, usher.url, { javaScriptEnabled });
      const { page } = tab;
      await page.goto((await invited(usher, fixture, `${javaScriptEnabled}@globex.example`)).path);
      await claimButton(page).click();
      await page.waitForURL(`${site.origin}/**`);
      expect(page.url().replace(site.origin, '')).toMatch(
        /^\/in\?a=1#customer_session_token=usher_mst_[\w-]{43}$/,
      );
      expect(site.requests.pop()).toMatchObject({ url: '/in?a=1', referer: undefined });
      expect(tab.problems).toEqual([]);
    }
  });

  test('works without scripts', async () => {
    await using tab = await openTab(browser, usher.url, { javaScriptEnabled: false });
    const { page } = tab;
    await page.goto((await invited(usher, await usher.addFixture())).path);
    await page.getByText(/^\d{1,2} \w+ \d{4} at \d\d:\d\d UTC$/).waitFor();
    await claimButton(page).click();
    await heading(page, 'You’re in').waitFor();
    expect(tab).toMatchObject({ foreign: [], problems: [] });
  });

  test('works by keyboard alone, and shows where one is', async () => {
    await using tab = await openTab(browser, usher.url, DESKTOP);
    const { page } = tab;
    await page.goto((await invited(usher, await usher.addFixture())).path);
    await page.keyboard.press('Tab');
    const outline = await claimButton(page).evaluate(button =>
      button.matches(':focus-visible') ? getComputedStyle(button).outlineStyle : 'none',
    );
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await heading(page, 'You’re in').waitFor();
  });

  test('shows immediately when the seat is claimed in another tab', async () => {
    await using tab = await openTab(browser, usher.url);
    const { page } = tab;
    const invitation = await invited(usher, await usher.addFixture());
    await page.goto(invitation.path);
    await page.waitForResponse(response => response.url().endsWith('/stream'));
    const other = await page.context().newPage();
    await other.goto(invitation.path);
    await claimButton(other).click();
    await heading(other, 'You’re in').waitFor();
    await heading(page, 'This invitation has been used').waitFor();
    expect(await page.title()).toBe('Invitation used – Team Pro – Acme');
    const announced = await page.getByRole('status').textContent();
    expect(announced).toBe('This invitation has just been used.');
    const focused = await page.evaluate('document.activeElement.textContent');
    expect(focused).toBe('This invitation has been used');
    expect(await claimButton(page).count()).toBe(0);
    expect(tab).toMatchObject({ foreign: [], problems: [] });
  });

  test('shows why when the seat is revoked while it stands open', async () => {
    await using tab = await openTab(browser, usher.url);
    const { page } = tab;
    const fixture = await usher.addFixture();
    const { path, seatId } = await invited(usher, fixture);
    const { promise: revoked, resolve } = deferred();
    // What the stream answers when it is asked for again, after a while or a restart.
    await page.route('**/stream', async route => {
      await revoked;
      await route.continue();
    });
    await page.goto(path);
    await usher.rest('DELETE', `/v1/customer-seats/${seatId}`, {
      token: fixture.tokens.organization,
    });
    resolve();
    await heading(page, 'This invitation was withdrawn').waitFor();
  });

  test('counts down, and shows that the invitation expired when it does', async () => {
    const own = await startUsher();
    try {
      await using tab = await openTab(browser, own.url, { timezoneId: 'Asia/Tokyo' });
      const { page } = tab;
      await page.clock.install();
      const { path, seatId } = await invited(own, await own.addFixture());
      await page.goto(path);
      const { invitationTokenExpiresAt } = await own.db.customerSeat.findFirstOrThrow({
        where: { id: seatId },
      });
      const inTokyo = new Intl.DateTimeFormat('en-GB', {
        dateStyle: 'long',
        timeStyle: 'short',
        timeZone: 'Asia/Tokyo',
      });
      await page.getByText(inTokyo.format(invitationTokenExpiresAt ?? undefined)).waitFor();
      await page.getByText('in 24 hours').waitFor();
      own.advance(23.5 * 3_600_000);
      await page.clock.fastForward(23.5 * 3_600_000);
      await page.getByText('in 30 minutes').waitFor();
      own.advance(3_600_000);
      await page.clock.fastForward(3_600_000);
      await heading(page, 'This invitation has expired').waitFor();
    } finally {
      await own.close();
    }
  });

  test('sends its form once, says that it is under way, and can be used again after a failure', async () => {
    await using tab = await openTab(browser, usher.url);
    const { page } = tab;
    await page.clock.install();
    await page.goto((await invited(usher, await usher.addFixture())).path);
    // An answer without content leaves the page where it is, as somebody does who stops it.
    let sent = 0;
    await page.route('**/claim', async route => {
      sent += 1;
      await route.fulfill({ status: 204 });
    });
    const busy = page.getByRole('button', { name: 'Claiming…' });
    await claimButton(page).dblclick();
    await busy.waitFor();
    expect(await busy.isDisabled()).toBe(true);
    expect(sent).toBe(1);
    await page.clock.fastForward(11_000);
    await claimButton(page).click();
    await busy.waitFor();
    // Back from elsewhere to the page as it was left.
    await page.evaluate('dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))');
    expect(await claimButton(page).isEnabled()).toBe(true);
    expect(sent).toBe(2);
    await page.unroute('**/claim');
    await claimButton(page).click();
    await heading(page, 'You’re in').waitFor();
  });

  /** A page in each of its states, by the heading that it then has. */
  const STATES: [string, (page: Page, fixture: Fixture) => Promise<void>][] = [
    [
      'You’re invited to Team Pro',
      async (page, fixture) => go(page, await invited(usher, fixture)),
    ],
    [
      'This invitation has expired',
      async (page, fixture) => go(page, await ended(usher, fixture, 'expired')),
    ],
    [
      'This invitation has been used',
      async (page, fixture) => go(page, await ended(usher, fixture, 'used')),
    ],
    [
      'This invitation was withdrawn',
      async (page, fixture) => go(page, await ended(usher, fixture, 'revoked')),
    ],
    ['We don’t know this invitation', async page => go(page, { path: '/claim?token=x' })],
    [
      'You’re in',
      async (page, fixture) => {
        await rename(usher, fixture, { returnUrl: null });
        await go(page, await invited(usher, fixture));
        await claimButton(page).click();
      },
    ],
    [
      'This invitation has been used',
      async (page, fixture) => {
        const invitation = await invited(usher, fixture);
        const streaming = page.waitForResponse(response => response.url().endsWith('/stream'));
        await go(page, invitation);
        await streaming;
        await claimElsewhere(usher, invitation);
      },
    ],
  ];

  async function go(page: Page, { path }: { path: string }): Promise<void> {
    await page.goto(path);
  }

  test.each(['light', 'dark'] as const)(
    'is as accessible as axe-core can tell, in every state, on a phone and a desktop, %s',
    async colorScheme => {
      for (const device of [PHONE, DESKTOP]) {
        await using tab = await openTab(browser, usher.url, { ...device, colorScheme });
        const { page } = tab;
        for (const [name, show] of STATES) {
          const fixture = await usher.addFixture();
          await rename(usher, fixture, { returnUrl: 'https://app.acme.example/in' });
          await show(page, fixture);
          await heading(page, name).waitFor();
          expect(await axeViolations(page), name).toEqual([]);
        }
        expect(tab).toMatchObject({ foreign: [], problems: [] });
      }
    },
  );

  test.each([
    ['words', 'Acme', 'Team Pro'],
    ['no place to break', 'W'.repeat(200), 'supercalifragilistic'.repeat(10)],
    ['another direction', `شركة ${'أكمي'.repeat(45)}`, '«فريق برو»'],
    ['markup and pictures', '<b>Acme</b> & <i>'.repeat(10), '🦄👩‍👩‍👧'.repeat(40)],
  ])('fits a narrow screen and a zoomed one: names of %s', async (_, organization, product) => {
    const fixture = await usher.addFixture();
    const returnUrl = `https://${'app.'.repeat(40)}acme.example`;
    await rename(usher, fixture, { organization, product, returnUrl });
    const email = `${'x'.repeat(200)}@globex.example`;
    const open = await invited(usher, fixture, email);
    const used = await ended(usher, fixture, 'used');
    for (const device of [NARROW, ZOOMED]) {
      await using tab = await openTab(browser, usher.url, device);
      const { page } = tab;
      for (const { path } of [open, used]) {
        await page.goto(path);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        const target = page.getByRole('button').or(page.getByRole('link'));
        expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      }
    }
  });
});

/** A site that people go on to, which keeps what it was asked for. */
async function returnSite() {
  const requests: { url: string | undefined; referer: IncomingHttpHeaders['referer'] }[] = [];
  const server = createServer(({ url, headers }, response) => {
    if (url !== '/favicon.ico') requests.push({ url, referer: headers.referer });
    response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>(onResolve => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
