import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];

/** Returns the path of an installed program, or undefined. */
export function findProgram(name: string): string | undefined {
  return FOLDERS.map(folder => join(folder, name)).find(isExecutable);
}

/**
 * Returns whether programs are installed. Tests that need one which is missing are skipped, and the reason is printed; in CI
 * they fail.
 */
export function hasPrograms(...names: string[]): boolean {
  const missing = names.filter(name => findProgram(name) === undefined);
  if (missing.length === 0) return true;
  const reason = `${missing.join(', ')} is not installed (.ci/run installs it)`;
  if (process.env.CI) throw new Error(reason);
  process.stderr.write(`Tests are skipped: ${reason}.\n`);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
