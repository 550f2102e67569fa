import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/retention.md says of each table what bounds it', () => {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const models = [...schema.matchAll(/^model \w+ \{\n[\s\S]*?^\s+@@map\("(\w+)"\)\n\}/gm)];
  expect(models.length).toBe([...schema.matchAll(/^model /gm)].length);
  const rows = readFileSync('docs/retention.md', 'utf8').matchAll(/^\| `(\w+)` \| \S.* \|$/gm);
  expect([...rows].map(([, table]) => table)).toEqual(models.map(([, table]) => table));
});
