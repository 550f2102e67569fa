import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The commit of the last release. A release ends with its own commit here. */
const LAST_RELEASE = '695ed71aa02999d8dafe65411cb7007dc430c7a7';

/** Whether the last release can be built here: its sources come from git, which CI has. */
export const hasLastRelease = process.env.CI !== undefined || hasCommit();

function hasCommit(): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', LAST_RELEASE], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A release that was built in a folder of its own, with the dependencies that are installed now. */
export interface BuiltRelease {
  folder: string;
  remove(): Promise<void>;
}

/** Builds the programs of the last release. The caller removes them. */
export async function buildLastRelease(): Promise<BuiltRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-release-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    const archive = join(folder, 'release.tar');
    await run('git', ['archive', `--output=${archive}`, LAST_RELEASE]);
    await run('tar', ['-xf', archive, '-C', folder]);
    await rm(archive);
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    await run('npm', ['run', '--silent', 'generate'], { cwd: folder });
    await run('npm', ['run', '--silent', 'build'], { cwd: folder });
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const run = promisify(execFile);
