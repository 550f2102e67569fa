import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';

describe('the reference', () => {
  let usher: TestUsher;

  beforeAll(async () => {
    usher = await startUsher();
  });

  afterAll(async () => {
    await usher.close();
  });

  test('has a public OpenAPI document, which ignores tokens', async () => {
    const { status, headers, body } = await usher.rest('GET', '/openapi.json', { token: 'bad' });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body.openapi).toMatch(/^3\.1/);
  });

  test('has a page that loads and runs only files of this server', async () => {
    const { status, headers, text } = await usher.rest('GET', '/docs', { token: 'bad' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(text).not.toMatch(/https?:/);
  });

  test.each(['/openapi.json', '/import.schema.json', '/docs'])(
    'sends %s again only after it changes',
    async path => {
      const first = await fetch(usher.url + path);
      const tag = first.headers.get('etag') ?? '';
      const again = (known: string) =>
        fetch(usher.url + path, { headers: { 'if-none-match': known } });
      for (const known of [tag, `"other", ${tag}`, tag.replace('W/', '')]) {
        const { status, headers } = await again(known);
        expect(status).toBe(304);
        for (const name of ['etag', 'cache-control', 'vary', 'access-control-allow-origin']) {
          expect(headers.get(name)).toBe(first.headers.get(name));
        }
      }
      expect((await again('W/"other"')).status).toBe(200);
    },
  );

  test('has immutable assets', async () => {
    const { text } = await usher.rest('GET', '/docs');
    const files = [...text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(
      match => match[1] ?? '',
    );
    expect(files).toHaveLength(4);
    for (const file of files) {
      const { status, headers } = await usher.rest('GET', file);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('content-type')).toMatch(/^text\/(?:css|javascript); charset=utf-8$/);
      expect(headers.get('content-encoding')).toBe('gzip');
    }
    const { status, body } = await usher.rest('GET', '/docs/other.js');
    expect({ status, body }).toEqual({ status: 404, body: { detail: 'Not Found' } });
  });
});
