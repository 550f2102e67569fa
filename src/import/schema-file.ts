import { readFile, writeFile } from 'node:fs/promises';
import { importSchema } from './json-schema.ts';

const FILE = new URL('../../schema/import.schema.json', import.meta.url);

await main(process.argv.slice(2));

/** Writes the JSON Schema of import files to its file. With `--check`, writes nothing, and fails if the file is stale. */
async function main(args: readonly string[]): Promise<void> {
  const text = `${JSON.stringify(importSchema(), null, 2)}\n`;
  if (!args.includes('--check')) return await writeFile(FILE, text);
  const written = await readFile(FILE, 'utf8').catch(() => '');
  if (written === text) return;
  process.stderr.write('schema/import.schema.json is stale: npm run import-schema\n');
  process.exitCode = 1;
}
