import { describe, expect, test } from 'vitest';
import { graphiqlPage } from '../../src/graphql/graphiql.ts';

const headers = '{ "Authorization": "Bearer usher_oat_1" }';
const query = '# </script>\nquery Me { viewer { kind } }';

describe('GraphiQL', () => {
  test('opens with the tabs it is given, of which the first is filled in', async () => {
    const kept = keptBy(await graphiqlPage([{ query, headers, variables: '{}' }, { query }]));
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
  });

  test('keeps what a reader makes of them until they change', async () => {
    const version = async (token: string) => {
      const tab = { query, headers: `{ "Authorization": "Bearer ${token}" }` };
      return keptBy(await graphiqlPage([tab]))['usher:tabs'];
    };
    expect(await version('a')).toBe(await version('a'));
    expect(await version('a')).not.toBe(await version('b'));
  });

  test('keeps nothing where it is given none', async () => {
    expect(await graphiqlPage([])).not.toContain('usher:tabs');
  });
});

/** What the page puts into the browser's storage. */
function keptBy(page: string): Record<string, string> {
  const json = /const kept = (.*);/.exec(page)?.[1] ?? '';
  expect(json).not.toContain('<');
  return JSON.parse(json);
}
