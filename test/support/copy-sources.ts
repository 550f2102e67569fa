import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const SOURCES = [
  'LICENSE',
  'package-lock.json',
  'package.json',
  'prisma',
  'prisma.config.ts',
  'schema/operations',
  'src',
  'tsconfig.json',
];

/** A copy of the sources that usher is built from, with the installed packages; `await using` removes it. */
export interface SourceCopy extends AsyncDisposable {
  folder: string;
  /** Builds the copy and returns the standard error. Rejects if the exit code is not 0. */
  build(...args: string[]): Promise<string>;
}

/**
 * Copies the sources. `isComplete: false` leaves out the packages, like an installation without development dependencies,
 * which has no esbuild.
 */
export async function copySources({ isComplete = true } = {}): Promise<SourceCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-sources-'));
  for (const path of SOURCES) await cp(path, join(folder, path), { recursive: true });
  if (isComplete) await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    async build(...args) {
      const run = promisify(execFile);
      return (await run(process.execPath, [join(folder, 'src/build/main.js'), ...args])).stderr;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
