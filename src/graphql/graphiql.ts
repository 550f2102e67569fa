import { createHash } from 'node:crypto';
import { assetTag, type HashedAsset } from '../hashed-assets.ts';
import { GRAPHIQL_FOLDER, type GraphiQLAssets } from './graphiql-assets.ts';

/** What GraphiQL opens with. */
export interface GraphiQLTab {
  query: string;
  variables?: string;
  headers?: string;
}

/** The headers of every page with GraphiQL. The page may contain a token, so it may run only its own scripts. */
export const GRAPHIQL_HEADERS = {
  'content-type': 'text/html; charset=UTF-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    // The editor injects its colours and sizes into the page as styles.
    "style-src 'self' 'unsafe-inline'",
    'font-src data:',
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** The page that loads GraphiQL, and tells its script what to open. */
export function graphiqlPage(
  { page, workers }: GraphiQLAssets,
  tabs: readonly GraphiQLTab[],
): string {
  const links = page.map(asset => assetTag(GRAPHIQL_FOLDER, asset));
  const urls = Object.entries(workers).map(([label, { name }]) => [label, urlOf(name)]);
  const settings = {
    workers: Object.fromEntries(urls),
    kept: kept(tabs),
    options: {
      title: 'usher',
      shouldPersistHeaders: true,
      defaultQuery: '{ viewer { kind } }',
      defaultHeaders: tabs[0]?.headers ?? NO_TOKEN,
    },
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>usher: GraphiQL</title>
<link rel="icon" href="data:,">
${links.join('\n')}
</head>
<body>
<div id="root"></div>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="settings">${inScript(settings)}</script>
</body>
</html>
`;
}

// An empty token counts as no header, so that GraphiQL can still read the schema.
const NO_TOKEN = JSON.stringify({ Authorization: 'Bearer ' }, null, 2);

function urlOf(name: HashedAsset['name']): string {
  return `${GRAPHIQL_FOLDER}/${name}`;
}

/** Returns JSON for a script element, which a "<" could otherwise end. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * Returns the tabs in the form in which GraphiQL stores a reader's own. As its `defaultTabs`, the first one would open
 * without variables and headers. A reader's tabs stay until these change.
 */
function kept(tabs: readonly GraphiQLTab[]): Record<string, string> | undefined {
  const [first] = tabs;
  if (first === undefined) return undefined;
  const state = {
    activeTabIndex: 0,
    tabs: tabs.map(({ query, variables = null, headers = null }, index) => {
      const operationName = /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? null;
      const title = operationName ?? '<untitled>';
      return {
        id: `usher-${index}`,
        title,
        operationName,
        query,
        variables,
        headers,
        response: null,
      };
    }),
  };
  const entries = {
    'graphiql:tabState': JSON.stringify(state),
    'graphiql:query': first.query,
    'graphiql:variables': first.variables ?? '',
    'graphiql:headers': first.headers ?? '',
  };
  const version = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
  return { ...entries, 'usher:tabs': version };
}
