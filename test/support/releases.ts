import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The commits of earlier releases. A release ends with its own commit here. */
const RELEASES = {
  last: 'e8a5a25030117e25d1d14643d5c8fe5a2bc3e59f',
  beforeEncryption: '695ed71aa02999d8dafe65411cb7007dc430c7a7',
} as const;

export type ReleaseName = keyof typeof RELEASES;

/** Whether the releases can be built here: their sources come from git, which CI has. */
export const hasReleases = process.env.CI !== undefined || hasCommits();

function hasCommits(): boolean {
  try {
    for (const commit of Object.values(RELEASES)) {
      execFileSync('git', ['cat-file', '-e', commit], { stdio: 'ignore' });
    }
    return true;
  } catch {
    return false;
  }
}

/** A release built in its own folder, with the currently installed dependencies. */
export interface BuiltRelease {
  folder: string;
  remove(): Promise<void>;
}

/** Builds the programs of a release. The caller removes them. */
export async function buildRelease(name: ReleaseName): Promise<BuiltRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-release-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    const archive = join(folder, 'release.tar');
    await run('git', ['archive', `--output=${archive}`, RELEASES[name]]);
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
