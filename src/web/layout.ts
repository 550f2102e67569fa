import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { assetTag, type HashedAsset } from '../hashed-assets.ts';
import { ASSET_FOLDER, CLAIM_SCRIPT, STYLE } from './assets.ts';

/** Markup with all untrusted text escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A page and its permissions. */
export interface Page {
  /** Title of the document. */
  title: string;
  /** Content of the landmark `main`. */
  body: Html;
  /** Layout: one card in the middle, or a wider column. */
  layout?: 'card' | 'column';
  /** Whether it runs the claim page's script, which listens for changes of the seat. */
  isLive?: boolean;
  /** Sources to which its form may be sent or redirected; none if it has no form. */
  formAction?: readonly string[];
  /** Whether it frames another page of the server. */
  hasFrame?: boolean;
}

/**
 * Sends a page. No other site can frame it, no cache stores it, no search engine lists it, and it loads nothing from other
 * origins.
 */
export async function sendPage(
  c: Context,
  page: Page,
  status: 200 | 404 | 405 | 409 | 410 | 413 | 415 | 429 | 500 | 503 = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return c.html(await document(page), status, {
    ...PAGE_HEADERS,
    'content-security-policy': policy(page),
    ...headers,
  });
}

/** Headers of all pages and redirects. URLs may contain a token. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
} as const;

function policy({ isLive = false, formAction = [], hasFrame = false }: Page): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    // The empty icon, which prevents requests for one.
    'img-src data:',
    ...(isLive ? ["script-src 'self'", "connect-src 'self'"] : []),
    ...(hasFrame ? ["frame-src 'self'"] : []),
    `form-action ${formAction.length > 0 ? formAction.join(' ') : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function document({ title, body, layout = 'card', isLive = false }: Page): Html {
  const assets = isLive ? [STYLE, CLAIM_SCRIPT] : [STYLE];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<link rel="icon" href="data:,">
${assets.map(tag)}
</head>
<body class="${layout}">
<main>
${body}
</main>
</body>
</html>
`;
}

function tag(asset: HashedAsset): HtmlEscapedString {
  return raw(assetTag(ASSET_FOLDER, asset));
}
