import { readFile, writeFile } from 'node:fs/promises';
import { describeApi } from './document.ts';

const FILE = new URL('../../../schema/openapi.json', import.meta.url);

await main(process.argv.slice(2));

/** Writes the OpenAPI document to its file. With `--check`, it only reports whether the file is current. */
async function main(args: readonly string[]): Promise<void> {
  const text = `${JSON.stringify(await describeApi(), null, 2)}\n`;
  if (!args.includes('--check')) return await writeFile(FILE, text);
  const written = await readFile(FILE, 'utf8').catch(() => '');
  if (written === text) return;
  process.stderr.write('schema/openapi.json is stale: npm run openapi\n');
  process.exitCode = 1;
}
