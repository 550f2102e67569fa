import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { visit } from '../web/pages.ts';

let mailbox: string;
let usher: TestUsher;
beforeAll(async () => {
  mailbox = await mkdtemp(join(tmpdir(), 'usher-mailbox-'));
  usher = await startUsher({ mailbox });
});
afterAll(async () => {
  await usher.close();
  await rm(mailbox, { recursive: true, force: true });
});

const ask = (path: string, init?: RequestInit) =>
  fetch(usher.url + path, { redirect: 'manual', ...init });

describe('a slash at the end', () => {
  test.each([
    ['/docs/', '/docs'],
    ['/docs//', '/docs'],
    ['/graphql/', '/graphql'],
    ['/graphql/?query=%7B__typename%7D', '/graphql?query=%7B__typename%7D'],
    ['/claim/?token=a%20b', '/claim?token=a%20b'],
    ['/unsubscribe/?token=x', '/unsubscribe?token=x'],
    ['/dev/mailbox/', '/dev/mailbox'],
    ['/dev/mailbox/%0A/', '/dev/mailbox/%0A'],
    ['/openapi.json/', '/openapi.json'],
    ['/health/live/', '/health/live'],
  ])('%s leads to %s', async (path, target) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('location')]).toEqual([308, target]);
  });

  test.each(['/nope/', '/docs/nope/x/', '//', '/%2F/docs/', '/v2/customer-seats/'])(
    '%s leads nowhere',
    async path => {
      const { status, headers } = await ask(path);
      expect([status, headers.get('location')]).toEqual([404, null]);
    },
  );

  test('of GraphQL is followed with the document', async () => {
    const response = await fetch(`${usher.url}/graphql/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('an address that leads nowhere', () => {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  test.each(['/nope', '/claim/abc', '/docs/nope.js', '/graphql/nope', '/assets/nope.css'])(
    '%s is a page for a browser, and JSON for a program',
    async path => {
      const { status, title, policy, headers: shown } = await visit(usher, path, { headers });
      expect([status, title]).toEqual([404, 'There is nothing here']);
      expect(policy).toMatchObject({ 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] });
      expect(shown.get('x-frame-options')).toBe('DENY');
      const program = await ask(path);
      expect([program.status, await program.json()]).toEqual([404, { detail: 'Not Found' }]);
    },
  );

  test.each(['/v1', '/v1/nope', '/v1/customer-seats/a/b/c'])('%s is the vendors’', async path => {
    const response = await ask(path, { headers });
    expect([response.status, await response.json()]).toEqual([404, { detail: 'Not Found' }]);
  });
});
