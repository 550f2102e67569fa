import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const EXAMPLES = new URL('examples/', import.meta.url);
const PAGE = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');

/** The names of the vendors' clients where several versions are installed. */
const INSTALLED: Record<string, string> = {
  'polar-sdk-1.0.1': '@polar-sh/sdk',
  'spaire-sdk': '@spaire/sdk',
};

/** Returns an example as a reader writes it. */
function read(name: string): string {
  const text = readFileSync(new URL(name, EXAMPLES), 'utf8');
  return Object.entries(INSTALLED).reduce(
    (written, [alias, published]) => written.replaceAll(`'${alias}`, `'${published}`),
    text,
  );
}

const blocks = [...PAGE.matchAll(/^`([\w/.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', block = '']) => ({ name, block }),
);

test('each block of the page has the name of its example', () => {
  const fences = PAGE.match(/^```\w+$/gm);
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks).toHaveLength(fences?.length ?? 0);
});

test.each(blocks)('the page shows $name as it is', ({ name, block }) => {
  expect(block).toBe(read(name));
});

test('the page shows or links each example', () => {
  const names = readdirSync(EXAMPLES, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && !/generated/.test(entry.parentPath))
    .map(({ name }) => name);
  expect(names.filter(name => !PAGE.includes(name))).toEqual([]);
});
