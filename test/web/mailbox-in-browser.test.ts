import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { openMailTransport } from '../../src/mail/transport.ts';
import { startMailer } from '../mail/mailer.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { axeViolations, hasBrowser, launch, openTab, overflow } from './browser.ts';

/** How often a break of lines in an address stands between two letters or digits. */
async function brokenWords(address: Locator): Promise<number> {
  return await address.evaluate(element => {
    const range = document.createRange();
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let [before, top, broken] = ['', Number.NaN, 0];
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      for (const [i, letter] of [...(node.textContent ?? '')].entries()) {
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const now = range.getBoundingClientRect().top;
        if (now > top + 4 && /\w\w/.test(before + letter)) broken += 1;
        [before, top] = [letter, now];
      }
    }
    return broken;
  });
}

const DEVICES = [
  { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
] as const;

describe.skipIf(!hasBrowser())('the mailbox in a browser', { timeout: 60_000 }, () => {
  let folder: string;
  let usher: TestUsher;
  let fixture: Fixture;
  let browser: Browser;
  let deliver: () => Promise<void>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-mailbox-'));
    const mailbox = join(folder, 'mailbox');
    [usher, browser] = await Promise.all([startUsher({ mailbox }), launch()]);
    fixture = await usher.addFixture({ seats: 10 });
    const transport = openMailTransport({ smtpUrl: undefined, mailbox });
    if (!transport) throw new Error('There is no way to the mailbox.');
    const { work } = startMailer(usher, transport, { publicUrl: () => usher.url });
    const fanOut = createFanOutJob({ db: usher.db, now: () => new Date() });
    deliver = async () => {
      await fanOut.run(new AbortController().signal);
      await work();
    };
  });
  afterAll(async () => {
    await browser.close();
    await usher.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('leads from an assigned seat by its mail to a claimed one', async () => {
    await using tab = await openTab(browser, usher.url);
    const { page } = tab;
    await page.goto('/dev/mailbox');
    await page.getByText('No mail yet').waitFor();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await deliver();
    await page.getByRole('link', { name: 'Reload' }).click();
    await page.getByRole('link', { name: 'sam@globex.example' }).click();

    const opened = page.waitForEvent('popup');
    const mail = page.frameLocator('iframe');
    await mail
      .getByRole('link', { name: /claim|accept/i })
      .first()
      .click();
    const claim = await opened;
    await claim.getByRole('button', { name: 'Claim your seat' }).click();
    await claim.getByRole('heading', { level: 1, name: 'You’re in' }).waitFor();
    const seat = await usher.db.customerSeat.findFirst({ where: { id } });
    expect(seat?.status).toBe('claimed');

    await claim.close();
    const again = page.waitForEvent('popup');
    await page.locator('pre').getByRole('link', { name: '/claim' }).click();
    await (await again).getByRole('heading', { name: 'has been used' }).waitFor();
    expect(tab).toMatchObject({ foreign: [], problems: [] });
  });

  test('leads to the end of invitations, too', async () => {
    await using tab = await openTab(browser, usher.url);
    const { page } = tab;
    const email = 'lee@globex.example';
    await givenSeat(usher, fixture, { email });
    await deliver();
    await page.goto('/dev/mailbox');
    await page.getByRole('link', { name: email }).click();
    const opened = page.waitForEvent('popup');
    await page.locator('pre').getByRole('link', { name: '/unsubscribe' }).click();
    const unsubscribe = await opened;
    await unsubscribe.getByRole('button', { name: 'Stop invitations' }).waitFor();
    expect(await axeViolations(unsubscribe)).toEqual([]);
    await unsubscribe.getByRole('button').click();
    await unsubscribe.getByRole('heading', { name: 'No more invitations' }).waitFor();
    expect(await axeViolations(unsubscribe)).toEqual([]);
    const where = { organizationId: fixture.ids.organization };
    expect(await usher.db.mailOptOut.findMany({ where })).toMatchObject([{ email }]);
    await unsubscribe.getByRole('button', { name: 'Get invitations again' }).click();
    await unsubscribe.getByRole('heading', { name: 'You get invitations again' }).waitFor();
    expect(await axeViolations(unsubscribe)).toEqual([]);
    expect(await usher.db.mailOptOut.findMany({ where })).toEqual([]);
    await unsubscribe.goto(unsubscribe.url());
    await unsubscribe.getByRole('button', { name: 'Stop invitations' }).waitFor();
    expect(tab).toMatchObject({ foreign: [], problems: [] });
  });

  test.each([320, 390])(
    'breaks no word of an address, and has a button to tap, at %d pixels',
    async width => {
      const email = 'maximiliane.featherstonehaugh@engineering.globex.example';
      await givenSeat(usher, fixture, { email: `${width}.${email}` });
      await deliver();
      await using tab = await openTab(browser, usher.url, { viewport: { width, height: 844 } });
      const { page } = tab;
      await page.goto('/dev/mailbox');
      const row = page.getByRole('link', { name: `${width}.${email}` });
      expect(await brokenWords(row.locator('.address'))).toBe(0);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await row.click();
      const addresses = await page.locator('.envelope .address').all();
      expect(addresses).toHaveLength(2);
      for (const address of addresses) expect(await brokenWords(address)).toBe(0);
      expect(await overflow(page)).toBeLessThanOrEqual(0);

      await page.goto(`${page.url()}/html`);
      const button = await page.getByRole('link', { name: 'Claim your seat' }).boundingBox();
      const card = await page.locator('.inner').boundingBox();
      if (!button || !card) throw new Error('The mail has no button.');
      // The card's padding is 22 pixels on either side.
      expect(button.width).toBeCloseTo(card.width - 44, 0);
      expect(button.height).toBeGreaterThanOrEqual(44);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    },
  );

  test.each(DEVICES)('is as accessible as axe-core can tell: $colorScheme', async device => {
    await givenSeat(usher, fixture, { email: `${device.colorScheme}@globex.example` });
    await deliver();
    await using tab = await openTab(browser, usher.url, device);
    const { page } = tab;
    await page.goto('/dev/mailbox');
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: device.colorScheme }).click();
    await page.frameLocator('iframe').getByRole('link').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});
