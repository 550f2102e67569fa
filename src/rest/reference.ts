import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Hono } from 'hono';
import { assetTag, type HashedAsset, hashedAsset, serveHashedAssets } from '../hashed-assets.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { once, pack, sendPacked } from '../packed.ts';
import { describeApi } from './openapi/document.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './reference-page.ts';
import type { AppEnv } from './routing.ts';

const PATH = '/docs';

// Everything must come from this server. Icons are data: URLs in the style sheet.
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

/** Serves the OpenAPI document, the reference page and the schema of import files, without authentication. */
export function mountReference(app: Hono<AppEnv>): void {
  const description = once(async () => pack(JSON.stringify(await describeApi())));
  const importFiles = once(async () => {
    // Loaded on demand, because a server needs it for nothing else.
    const { importSchema } = await import('../import/json-schema.ts');
    return pack(JSON.stringify(importSchema()));
  });
  const assets = once(loadAssets);
  const reference = once(async () => pack(page(await assets())));

  app.get('/openapi.json', async c =>
    sendPacked(c, await description(), {
      'content-type': 'application/json',
      'cache-control': 'no-cache',
      ...ANY_ORIGIN,
    }),
  );
  app.get('/import.schema.json', async c =>
    sendPacked(c, await importFiles(), {
      'content-type': 'application/schema+json',
      'cache-control': 'no-cache',
      ...ANY_ORIGIN,
    }),
  );
  app.get(PATH, async c =>
    sendPacked(c, await reference(), {
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    }),
  );
  serveHashedAssets(app, PATH, assets);
}

async function loadAssets(): Promise<HashedAsset[]> {
  const require = createRequire(import.meta.url);
  const swaggerUi = {
    style: await readFile(require.resolve('swagger-ui-dist/swagger-ui.css')),
    script: await readFile(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  };
  return [
    hashedAsset('swagger-ui', 'css', swaggerUi.style),
    hashedAsset('page', 'css', PAGE_STYLE),
    hashedAsset('swagger-ui', 'js', swaggerUi.script),
    hashedAsset('page', 'js', PAGE_SCRIPT),
  ];
}

function page(assets: readonly HashedAsset[]): string {
  const links = assets.map(asset => assetTag(PATH, asset));
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
