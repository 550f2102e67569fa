import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { hasBrowser, launch, openTab } from './browser.ts';

const DOCUMENT = `mutation AssignSeat($input: AssignSeatInput!) {
  assignSeat(input: $input) {
    __typename
    ... on AssignSeatSuccess { seat { status metadata } }
  }
}`;

describe.skipIf(!hasBrowser())('in a browser', { timeout: 120_000 }, () => {
  const tabs: { query: string; variables: string; headers: string }[] = [];
  let usher: TestUsher;
  let fixture: Fixture;
  let browser: Browser;
  beforeAll(async () => {
    [usher, browser] = await Promise.all([startUsher({ graphiqlTabs: () => tabs }), launch()]);
    fixture = await usher.addFixture();
    const input = {
      source: { subscriptionId: fixture.ids.subscription },
      recipient: { email: 'sam@globex.example' },
      metadata: { department: 'Engineering' },
    };
    const authorization = `Bearer ${fixture.tokens.organization}`;
    tabs.push({
      query: DOCUMENT,
      variables: JSON.stringify({ input }, null, 2),
      headers: JSON.stringify({ Authorization: authorization }, null, 2),
    });
  });
  afterAll(async () => {
    await browser.close();
    await usher.close();
  });

  test('GraphiQL runs, completes and explains, and breaks no rule of its page', async () => {
    await using tab = await openTab(browser, usher.url, {
      viewport: { width: 1280, height: 1400 },
    });
    const { page } = tab;
    await page.goto('/graphql');
    await page.getByText('"department"').waitFor();
    // The variables are checked once the schema is there.
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('AssignSeatInput').last().waitFor();
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();

    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window').getByText('"PENDING"').waitFor();
    expect(await page.locator('.squiggly-error, .squiggly-warning').count()).toBe(0);

    await page.locator('.graphiql-tab-add').click();
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ claimedSub');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget').getByText('claimedSubscriptions').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.getByText('"Authorization"').last().waitFor();

    expect(tab.foreign).toEqual([]);
    expect(tab.problems).toEqual([]);
  });

  test('the reference opens its dialog for tokens at its beginning', async () => {
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 390, height: 700 },
    ]) {
      await using tab = await openTab(browser, usher.url, { viewport });
      const { page } = tab;
      await page.goto('/docs');
      for (let i = 0; i < 2; i++) {
        await page.locator('.btn.authorize').click();
        const dialog = page.locator('.modal-ux-content');
        await dialog.locator('input').first().waitFor();
        await expect
          .poll(() => page.evaluate('document.querySelector(".modal-ux-content").scrollTop'))
          .toBe(0);
        expect(
          await page.evaluate(
            'document.activeElement === document.querySelector(".modal-ux-content input")',
          ),
        ).toBe(true);
        await page.locator('.close-modal').click();
        await dialog.waitFor({ state: 'detached' });
      }
      expect(tab.problems).toEqual([]);
    }
  });

  test('a page of another origin calls GraphQL with a token, and cannot read GraphiQL’s page', async () => {
    const elsewhere = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>');
    });
    await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve));
    // A listening TCP server has an address of this kind.
    const { port } = elsewhere.address() as AddressInfo;
    try {
      await using tab = await openTab(browser, `http://127.0.0.1:${port}`);
      const { page } = tab;
      await page.goto('/');
      const call = (headers: Record<string, string>, method = 'POST') =>
        page.evaluate(
          `fetch('${usher.url}/graphql', {
            method: '${method}',
            headers: ${JSON.stringify(headers)},
            ...('${method}' === 'POST' && { body: '{"query":"{ viewer { kind } }"}' }),
          }).then(async response => [response.status, response.headers.get('www-authenticate'), await response.text()],
            error => error.name)`,
        );
      const authorization = `Bearer ${fixture.tokens.organization}`;
      const json = { 'content-type': 'application/json', 'apollographql-client-name': 'shop' };
      for (let i = 0; i < 3; i++) {
        expect(await call({ ...json, authorization })).toEqual([
          200,
          null,
          '{"data":{"viewer":{"kind":"ORGANIZATION"}}}',
        ]);
      }
      expect(await call({ ...json, authorization: 'Bearer nobody' })).toEqual([
        401,
        expect.stringContaining('invalid_token'),
        expect.stringContaining('INVALID_TOKEN'),
      ]);
      expect(await call({ accept: 'text/html' }, 'GET')).toBe('TypeError');
    } finally {
      elsewhere.close();
    }
  });
});
