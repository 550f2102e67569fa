import { describe, expect, test } from 'vitest';
import { graphiqlPage } from '../../src/graphql/graphiql.ts';

const headers = '{ "Authorization": "Bearer usher_oat_1" }';
const query = '# </script>\nquery Me { viewer { kind } }';

describe('GraphiQL', () => {
  test('opens with the tabs it is given, of which the first is filled in', () => {
    const kept = keptBy(graphiqlPage([{ query, headers, variables: '{}' }, { query }])());
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

  test('keeps what a reader makes of them until they change', () => {
    const version = (token: string) =>
      keptBy(graphiqlPage([{ query, headers: `{ "Authorization": "Bearer ${token}" }` }])())[
        'usher:tabs'
      ];
    expect(version('a')).toBe(version('a'));
    expect(version('a')).not.toBe(version('b'));
  });

  test('keeps nothing where it is given none', () => {
    expect(graphiqlPage([])()).not.toContain('usher:tabs');
  });
});

/** What the page puts into the browser's storage. */
function keptBy(page: string): Record<string, string> {
  const json = /const kept = (.*);/.exec(page)?.[1] ?? '';
  expect(json).not.toContain('<');
  return JSON.parse(json);
}
