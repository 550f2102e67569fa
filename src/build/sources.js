// @ts-check
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Made from `prisma/schema.prisma`. It may be missing where nothing is built. */
export const GENERATED = join('src', 'db', 'generated');

const SOURCES = [
  'LICENSE',
  'package-lock.json',
  'package.json',
  'prisma',
  'schema/operations',
  'src',
];

/** Returns a hash of the names and contents of all files that `dist/` is made from. Times do not matter, so copies are equal. */
export function hashSources() {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesIn)) {
    const content = readFileSync(path);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Returns the paths of all files in a folder, in order; for a file, its own.
 * @param {string} path
 */
export function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter(file => !file.startsWith(GENERATED))
    .sort();
}
