// @ts-check
// Makes `dist/`, which has all that usher needs at run time besides Node.js and PostgreSQL.
//
//   node src/build/main.js                makes it anew
//   node src/build/main.js --if-changed   only if a source has changed since; a running process keeps the files it may still load
//
// These are JavaScript files, and esbuild is loaded only to build: Node.js 20 runs no TypeScript, and an installation
// without development dependencies starts what was built.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, isBuiltFrom, makeDist } from './make-dist.js';
import { hashSources } from './sources.js';

process.chdir(join(import.meta.dirname, '..', '..'));
const ifChanged = process.argv.includes('--if-changed');
const sources = hashSources();
if (!ifChanged) rmSync(DIST, { recursive: true, force: true });
if (!isBuiltFrom(sources)) {
  await makeDist(sources).catch(error => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(
      'usher: dist is not built from these sources, and esbuild, which builds it, is not installed. Run `npm ci`\n',
    );
    process.exitCode = 1;
  });
}
