import { createHash } from 'node:crypto';
import type { GraphiQLOptions } from 'graphql-yoga';
import { GRAPHQL_PATH } from './endpoint.ts';

/** What GraphiQL opens with. */
export interface GraphiQLTab {
  query: string;
  variables?: string;
  headers?: string;
}

const OPTIONS: GraphiQLOptions = {
  endpoint: GRAPHQL_PATH,
  title: 'usher',
  shouldPersistHeaders: true,
  defaultQuery: '{ viewer { kind } }',
};

/**
 * Renders GraphiQL, whose assets come with it, with these tabs. They are put where GraphiQL keeps a reader's own: given
 * as its `defaultTabs`, the first would open without variables and headers. A reader's tabs stay until these change.
 */
export async function graphiqlPage(tabs: readonly GraphiQLTab[]): Promise<string> {
  const root = '<div id="root"></div>';
  const script = `<script>${seed(tabs)}</script>`;
  // Large, and needed by nobody before this.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(OPTIONS).replace(root, () => `${root}${script}`);
}

function seed(tabs: readonly GraphiQLTab[]): string {
  const [first] = tabs;
  if (first === undefined) return '';
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
  const kept = {
    'graphiql:tabState': JSON.stringify(state),
    'graphiql:query': first.query,
    'graphiql:variables': first.variables ?? '',
    'graphiql:headers': first.headers ?? '',
  };
  const version = createHash('sha256').update(JSON.stringify(kept)).digest('hex');
  // In a script, a "<" could end it.
  const json = JSON.stringify({ ...kept, 'usher:tabs': version }).replaceAll('<', '\\u003c');
  return `{
  const kept = ${json};
  if (localStorage.getItem('usher:tabs') !== kept['usher:tabs']) {
    for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
  }
}`;
}
