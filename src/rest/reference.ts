import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Hono } from 'hono';
import { compress } from 'hono/compress';
import { describeApi } from './openapi/document.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './reference-page.ts';
import type { AppEnv } from './routing.ts';

const PATH = '/docs';
const YEAR = 'public, max-age=31536000, immutable';

// Nothing may be run, shown or asked for that is not this server's own; icons are data: URLs in the stylesheet.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A file of the page. Its address changes with its content, so that it can be kept for ever. */
interface Asset {
  name: string;
  type: string;
  content: Uint8Array<ArrayBuffer>;
}

/** Serves the API's description and a page to read and try it with, to anybody. */
export function mountReference(app: Hono<AppEnv>): void {
  const description = once(async () => JSON.stringify(await describeApi()));
  const assets = once(loadAssets);
  app.use(PATH, compress());
  app.use(`${PATH}/*`, compress());
  app.use('/openapi.json', compress());

  app.get('/openapi.json', async c =>
    c.body(await description(), 200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    }),
  );
  app.get(PATH, async c =>
    c.html(page(await assets()), 200, {
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    }),
  );
  app.get(`${PATH}/:asset`, async c => {
    const asset = (await assets()).find(({ name }) => name === c.req.param('asset'));
    if (!asset) return c.notFound();
    return c.body(asset.content, 200, {
      'content-type': asset.type,
      'cache-control': YEAR,
      'x-content-type-options': 'nosniff',
    });
  });
}

async function loadAssets(): Promise<Asset[]> {
  const require = createRequire(import.meta.url);
  return [
    asset('swagger-ui', 'css', await readFile(require.resolve('swagger-ui-dist/swagger-ui.css'))),
    asset('page', 'css', Buffer.from(PAGE_STYLE)),
    asset(
      'swagger-ui',
      'js',
      await readFile(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
    ),
    asset('page', 'js', Buffer.from(PAGE_SCRIPT)),
  ];
}

function asset(name: string, extension: 'css' | 'js', file: Uint8Array): Asset {
  const content = new Uint8Array(file);
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  const type = extension === 'css' ? 'text/css' : 'text/javascript';
  return { name: `${name}.${hash}.${extension}`, type: `${type}; charset=utf-8`, content };
}

function page(assets: readonly Asset[]): string {
  const links = assets.map(({ name, type }) =>
    type.startsWith('text/css')
      ? `<link rel="stylesheet" href="${PATH}/${name}">`
      : `<script src="${PATH}/${name}" defer></script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>usher: REST reference</title>
<link rel="icon" href="data:,">
${links.join('\n')}
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The description is at <a href="/openapi.json">/openapi.json</a>.</noscript>
</body>
</html>
`;
}

/** What `make` makes, at the first call, and the same from then on. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
