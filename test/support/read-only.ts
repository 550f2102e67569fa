import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The account that owns nothing. */
const NOBODY = 65_534;

// The folder may be on a different file system from the root.
const MOUNTS =
  'mount -o remount,bind,ro / && mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';

const isRoot = process.getuid?.() === 0;

/** Whether root can have mounts for a single process on this machine. Most containers do not allow it. */
const hasMounts =
  isRoot && spawnSync('unshare', ['--mount', 'sh', '-c', MOUNTS, 'sh', '/tmp']).status === 0;

/**
 * Returns a command that runs another one without root's privileges and, if the machine allows it, with read-only file
 * systems: the root and that of `folder`.
 */
export function withoutWriting(folder: string, command: readonly string[], uid = NOBODY): string[] {
  if (!isRoot) return [...command];
  const drop = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  if (!hasMounts) return [...drop, ...command];
  const script = `${MOUNTS} && shift && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', folder, ...drop, ...command];
}

/** Returns all files and folders in a folder, with their sizes and modification times. */
export function contentsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();
}
