import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GraphiQLTab } from '../../src/graphql/graphiql.ts';
import { serveGraphiQL } from '../../src/serve-graphiql.ts';

const headers = '{ "Authorization": "Bearer usher_oat_1" }';
const query = '# </script>\nquery Me { viewer { kind } }';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

function serving(tabs: readonly GraphiQLTab[]): Hono {
  const app = new Hono();
  serveGraphiQL(app, () => tabs);
  return app.get('/graphql', c => c.text('an answer'));
}

const pageOf = async (tabs: readonly GraphiQLTab[]) =>
  await (await serving(tabs).request('/graphql', { headers: BROWSER })).text();

describe('GraphiQL', () => {
  test('opens with the tabs it is given, of which the first is filled in', async () => {
    const { kept, options } = settingsIn(
      await pageOf([{ query, headers, variables: '{}' }, { query }]),
    );
    expect(kept).toMatchObject({
      'graphiql:query': query,
      'graphiql:variables': '{}',
      'graphiql:headers': headers,
    });
    const { activeTabIndex, tabs } = JSON.parse(kept['graphiql:tabState'] ?? '');
    expect(activeTabIndex).toBe(0);
    expect(tabs).toMatchObject([
      { title: 'Me', query, headers, variables: '{}' },
      { title: 'Me', query, headers: null, variables: null },
    ]);
    expect(options.defaultHeaders).toBe(headers);
  });

  test('keeps what a reader makes of them until they change', async () => {
    const version = async (token: string) => {
      const tab = { query, headers: `{ "Authorization": "Bearer ${token}" }` };
      return settingsIn(await pageOf([tab])).kept['usher:tabs'];
    };
    expect(await version('a')).toBe(await version('a'));
    expect(await version('a')).not.toBe(await version('b'));
  });

  test('keeps nothing where it is given none', async () => {
    const page = await pageOf([]);
    expect(page).not.toContain('usher:tabs');
    expect(JSON.parse(settingsIn(page).options.defaultHeaders)).toEqual({
      Authorization: 'Bearer ',
    });
  });
});

describe('the page', () => {
  const app = serving([{ query, headers }]);

  test('is small, kept by nobody, read by no other origin, framed by nobody', async () => {
    const response = await app.request('/graphql', { headers: BROWSER });
    expect((await response.text()).length).toBeLessThan(8_000);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    );
    expect(policy?.join()).not.toMatch(/unsafe-eval|blob:|https?:|\*/);
  });

  test('has no script in it that could be run', async () => {
    const page = await pageOf([{ query, headers }]);
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts).toHaveLength(3);
    for (const [, attributes = '', text] of scripts) {
      if (text === '') expect(attributes).toMatch(/ src="\/graphiql\/[\w.-]+\.js" defer$/);
      else expect(attributes).toBe(' type="application/json" id="settings"');
    }
  });

  test.each([undefined, '*/*', 'application/json'])(
    'is not for a client that accepts %s',
    async accept => {
      const response = await app.request(
        '/graphql',
        accept === undefined ? {} : { headers: { accept } },
      );
      expect(await response.text()).toBe('an answer');
    },
  );
});

describe('the files', () => {
  const app = serving([]);
  let files: string[];
  beforeAll(async () => {
    const page = await (await app.request('/graphql', { headers: BROWSER })).text();
    files = [...page.matchAll(/"(\/graphiql\/[^"]+)"/g)].map(match => match[1] ?? '');
  });

  test('can be kept for ever, and are made and compressed once', async () => {
    expect(files).toHaveLength(6);
    for (const file of files) {
      const ask = async (acceptEncoding: string) => {
        const response = await app.request(file, {
          headers: { 'accept-encoding': acceptEncoding },
        });
        const bytes = Buffer.from(await response.arrayBuffer());
        return { status: response.status, headers: response.headers, bytes };
      };
      const [small, again, plain] = [await ask('gzip, br'), await ask('*'), await ask('gzip;q=0')];
      expect([small.status, plain.status]).toEqual([200, 200]);
      expect(small.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(small.headers.get('content-encoding')).toBe('gzip');
      expect(small.headers.get('vary')).toBe('accept-encoding');
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(again.bytes.equals(small.bytes)).toBe(true);
      expect(gunzipSync(small.bytes).equals(plain.bytes)).toBe(true);
      const hash = createHash('sha256').update(plain.bytes).digest('base64url').slice(0, 12);
      expect(file).toContain(`.${hash}.`);
    }
  });

  test('let the editor take an object where the schema has JSONObject', async () => {
    const worker = files.find(file => file.includes('graphql-worker')) ?? '';
    const text = await (await app.request(worker)).text();
    expect(text).toMatch(
      /defaultScalarTypesMap = \{[^}]*JSON: \{\}, JSONObject: \{ type: "object" \}/,
    );
  });
});

/** What the page tells its script. */
function settingsIn(page: string): {
  kept: Record<string, string>;
  options: { defaultHeaders: string };
} {
  const json = /id="settings">(.*)<\/script>/.exec(page)?.[1] ?? '';
  expect(json).not.toContain('<');
  return JSON.parse(json);
}
