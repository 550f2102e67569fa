import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs/', ROOT)).map(name => `docs/${name}`),
];

const read = (url: URL) => readFileSync(url, 'utf8');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page that lead to no file, or to no heading of it. */
function brokenLinks(page: string): string[] {
  const here = new URL(page, ROOT);
  const links = [...read(here).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter(link => {
    if (/^https?:/.test(link)) return false;
    const target = new URL(link, here);
    const anchor = target.hash.slice(1);
    target.hash = '';
    return !existsSync(target) || (anchor !== '' && !anchorsOf(read(target)).includes(anchor));
  });
}

test.each(PAGES)('every link of %s leads to a file and a heading', page => {
  expect(brokenLinks(page)).toEqual([]);
});

test('the README lists every environment variable', () => {
  const config = read(new URL('src/config.ts', ROOT));
  const environment = config.split('const Environment = z.object({')[1]?.split('\n});')[0] ?? '';
  const variables = [...environment.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
  const rows = [...read(new URL('README.md', ROOT)).matchAll(/^\| `([A-Z_]+)` \|/gm)];
  expect(variables.length).toBeGreaterThan(0);
  expect(rows.map(([, name]) => name).sort()).toEqual(variables.sort());
});
