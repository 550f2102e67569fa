import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { changesSince } from './changes.ts';

const schemaOf = (file: string) =>
  buildSchema(readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8'));

const today = new Date().toISOString().slice(0, 10);
const changes = await changesSince(schemaOf('released.graphql'), schemaOf('schema.graphql'), today);
const breaking = changes.filter(({ isBreaking }) => isBreaking);

for (const { message, isBreaking } of changes) {
  const line = `${isBreaking ? 'breaking' : 'compatible'}: ${message}\n`;
  (isBreaking ? process.stderr : process.stdout).write(line);
}
if (breaking.length > 0) {
  process.stderr.write(
    'Operations that were valid would fail. Deprecate first: see docs/schema-changes.md.\n',
  );
  process.exitCode = 1;
}
