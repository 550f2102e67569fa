import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
];

/** Returns the path of an installed program, or undefined. */
export function findProgram(name: string): string | undefined {
  return FOLDERS.map(folder => join(folder, name)).find(isExecutable);
}

/** Returns whether programs are installed, for tests that need them (`canRun`). */
export function hasPrograms(...names: string[]): boolean {
  const missing = names.filter(name => findProgram(name) === undefined);
  const reason = `${missing.join(', ')} is not installed (.ci/run installs it)`;
  return canRun(missing.length === 0, 'Tests', reason);
}

/**
 * Returns whether tests can run that need an external program. If it is missing, they are skipped and the reason is printed;
 * in CI they fail instead, since a test that never runs there guards nothing.
 */
export function canRun(isThere: boolean, tests: string, reason: string): boolean {
  if (isThere) return true;
  if (process.env.CI) throw new Error(reason);
  process.stderr.write(`${tests} are skipped: ${reason}.\n`);
  return false;
}

/** Returns whether a file exists and is executable. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
