import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  type EmbeddedPostgresOptions,
  openEmbedded,
} from '../../src/db/embedded.ts';
import { discardLockFile, findServer } from '../../src/db/embedded-server.ts';

const WAITING = { timeout: 30_000, interval: 50 };

const FIXTURE = fileURLToPath(new URL('fixtures/open-embedded.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

describe('openEmbedded', { timeout: 60_000 }, () => {
  // A folder with an existing database that is not running, for tests that need no new one.
  let used: string;
  beforeAll(async () => {
    used = await makeFolder();
    await (await openEmbedded({ dataDir: used, settings: { fsync: 'off' } })).close();
  }, 60_000);
  afterAll(() => rm(used, { recursive: true }));

  it('creates a database with UTF-8, UTC and a password', async () => {
    const dataDir = await makeDataDir();
    const progress: string[] = [];
    const { url } = await open(dataDir, { onProgress: message => progress.push(message) });
    expect(progress).toEqual([`Creating the database in ${dataDir} (once, takes a second)`]);
    expect(url).toMatch(/^postgresql:\/\/usher:[\w-]{32}@127\.0\.0\.1:\d+\/usher$/);
    const [row] = await query(
      url,
      `SELECT lower('É'), current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding,
        current_setting('listen_addresses') AS host, current_setting('unix_socket_directories') AS socket`,
    );
    const host = '127.0.0.1';
    expect(row).toEqual({ lower: 'é', zone: 'UTC', encoding: 'UTF8', host, socket: '' });
    await expect(query(url.replace(/:[\w-]{32}@/, ':guess@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    const { mode } = await stat(join(dataDir, 'postgres', 'password'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('keeps written data', async () => {
    const dataDir = await makeDataDir();
    const first = await open(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.close();
    expect(await serverPid(dataDir)).toBeUndefined();

    const progress: string[] = [];
    const second = await open(dataDir, { onProgress: message => progress.push(message) });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(progress).toEqual([]);
  });

  it('is shared within a process, and stops with the last close', async () => {
    const dataDir = await makeDataDir();
    const all = await Promise.all([open(dataDir), open(dataDir), open(dataDir)]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log']);

    const [first, second, third] = all;
    await Promise.all([first.close(), first.close(), second.close()]);
    expect(await query(third.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await third.close();
    expect(await serverPid(dataDir)).toBeUndefined();
    await expect(query(third.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('is shared by processes, which end after they close it', async () => {
    const [ours, one, two] = await Promise.all([
      open(used),
      openElsewhere(used),
      openElsewhere(used),
    ]);
    expect([one.url, two.url]).toEqual([ours.url, ours.url]);
    expect(await one.close()).toBe(0);
    await ours.close();
    expect(await query(ours.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await two.close()).toBe(0);
    expect(await serverPid(used)).toBeUndefined();
  });

  it('can be opened while other processes close it', async () => {
    const use = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time++) {
        const { url, close } = await open(used);
        expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
        await close();
      }
    };
    await Promise.all([use(10), use(10), use(10)]);
    expect(await serverPid(used)).toBeUndefined();
  });

  it('uses the running server of a killed process', async () => {
    const starter = await openElsewhere(used);
    const pid = await serverPid(used);
    await kill(starter.child);

    const heir = await open(used);
    expect(heir.url).toBe(starter.url);
    expect(await serverPid(used)).toBe(pid);
    await heir.close();
    expect(await serverPid(used)).toBeUndefined();
  });

  it('opens after its creator was killed at any moment', async () => {
    const survive = async (after: number): Promise<void> => {
      const dataDir = await makeDataDir();
      const { child, lines } = run(dataDir);
      await lines.next();
      await delay(after + Math.random() * 300);
      await kill(child);

      const { url, close } = await open(dataDir);
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await close();
      expect(await serverPid(dataDir)).toBeUndefined();
    };
    await Promise.all([0, 400, 800, 1200].map(survive));
  });

  it('recovers after the server was killed', async () => {
    const first = await open(used);
    await query(first.url, 'CREATE TABLE saved AS SELECT 42 AS answer');
    process.kill((await serverPid(used)) ?? 0, 'SIGKILL');
    const second = await open(used);
    expect(await query(second.url, 'SELECT answer FROM saved')).toEqual([{ answer: 42 }]);
    await first.close();
    await second.close();
    expect(await serverPid(used)).toBeUndefined();
  });

  it('restarts on the same port for all its users after the server was killed', async () => {
    const outages: string[] = [];
    const ours = await open(used, { onOutage: message => outages.push(message) });
    const other = await openElsewhere(used);
    await query(ours.url, 'CREATE TABLE survivors AS SELECT 42 AS answer');
    for (let time = 1; time <= 2; time++) {
      const killed = await serverPid(used);
      process.kill(killed ?? 0, 'SIGKILL');
      // A dying server can still answer.
      await expect.poll(() => serverPid(used), WAITING).not.toBe(killed);
      await expect
        .poll(() => query(ours.url, 'SELECT answer FROM survivors').catch(() => []), WAITING)
        .toEqual([{ answer: 42 }]);
      await expect.poll(() => keepers(ours.url), WAITING).toBe(2);
      await expect.poll(() => outages, WAITING).toHaveLength(2 * time);
    }
    await ours.close();
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await other.close()).toBe(0);
    expect(await serverPid(used)).toBeUndefined();
  });

  it('waits for the child processes of a killed server', async () => {
    const { url, close } = await open(used);
    const client = new pg.Client({ connectionString: url });
    const gone = new Promise(resolve => client.on('error', resolve));
    await client.connect();
    // The process of this statement does not notice that its server was killed.
    const busy = client
      .query('SELECT count(*) FROM generate_series(1, 3000) a, generate_series(1, 3000) b')
      .catch(error => error);
    await expect.poll(() => statementsUnderWay(url), WAITING).toBe(1);
    process.kill((await serverPid(used)) ?? 0, 'SIGKILL');
    await Promise.race([gone, busy]);
    await expect
      .poll(() => query(url, 'SELECT 1 AS one').catch(() => []), WAITING)
      .toEqual([{ one: 1 }]);
    await client.end();
    await close();
    expect(await serverPid(used)).toBeUndefined();
  });

  it('reports that a killed server cannot be restarted', async () => {
    const dataDir = await makeDataDir();
    const { lost, close } = await open(dataDir);
    const killed = await serverPid(dataDir);
    const data = join(dataDir, 'postgres', 'data');
    await rename(data, `${data}-away`);
    process.kill(killed ?? 0, 'SIGKILL');
    const error = await lost;
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error.message).toContain('PostgreSQL did not start: ');
    await close();
  });

  it.each([
    ['is empty', ''],
    ['is garbage', 'not a process\n/nowhere\n'],
    ['has only zeros', '\0'.repeat(120)],
    ['names no process', '0\n'],
    ['names an impossible process', '99999999999999\n'],
    ['has half a line', '-'],
  ])('starts when its lock file %s', async (_, content) => {
    const first = await open(used);
    await query(first.url, 'DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer');
    await first.close();
    const file = join(used, 'postgres', 'data', 'postmaster.pid');
    await writeFile(file, content);
    const all = await Promise.all([open(used), open(used), openElsewhere(used)]);
    for (const { url } of all)
      expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect((await readdir(join(used, 'postgres', 'data'))).join(' ')).not.toContain('pid.');
    for (const { close } of all) await close();
  });

  it('does not remove the lock file of a live server', async () => {
    const { close } = await open(used);
    const data = await realpath(join(used, 'postgres', 'data'));
    const pid = await serverPid(used);
    const file = join(data, 'postmaster.pid');
    const content = await readFile(file);
    await writeFile(file, '');
    expect(await findServer(data)).toMatchObject({ pid, state: 'starting or stopping' });
    await writeFile(file, content);
    // A lock file that replaced it after it was read.
    await discardLockFile(data, Buffer.from(''));
    expect(await readFile(file)).toEqual(content);
    await close();
  });

  it('stops with the last close even after a lost connection', async () => {
    const last = await open(used);
    await query(
      last.url,
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'usher keeper'`,
    );
    await last.close();
    expect(await serverPid(used)).toBeUndefined();
  });

  it('does not mistake another program for its server', async () => {
    const first = await open(used);
    const file = join(used, 'postgres', 'data', 'postmaster.pid');
    const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
    const { uid, gid } = await stat(file);
    await first.close();
    await writeFile(file, [process.ppid, ...rest].join('\n'));
    await chown(file, uid, gid);

    const second = await open(used);
    expect(await serverPid(used)).not.toBe(process.ppid);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('removes drafts of killed processes, and nothing else', async () => {
    const dead = run(used).child;
    await kill(dead);
    const others = ['draft-1-of-somebody', `usher-draft-${process.pid}-abcdef`];
    for (const name of [`usher-draft-${dead.pid}-abcdef`, ...others])
      await mkdir(join(used, name, 'data'), { recursive: true });
    await open(used);
    expect((await readdir(used)).sort()).toEqual(['postgres', 'postgres.log', ...others].sort());
    for (const name of others) await rm(join(used, name), { recursive: true });
  });

  it('reports that a file has the name of the folder', async () => {
    const file = join(await makeDataDir(), 'file');
    await writeFile(file, '');
    await expectFailure(file, 'it is not a folder');
    await expectFailure(join(file, 'below'), 'it is not a folder');
  });

  it('reports that the folder is not writable', async () => {
    if (isRoot) {
      // Root can write to every folder except those of the kernel.
      await expectFailure('/proc/usher', 'mkdir');
      return;
    }
    const dataDir = await makeDataDir();
    await chmod(dataDir, 0o500);
    await expectFailure(dataDir, 'this account has no permission to use it');
    await expectFailure(join(dataDir, 'below'), 'this account has no permission to use it');
  });

  it('reports that the database is incomplete', async () => {
    const dataDir = await makeDataDir();
    await mkdir(join(dataDir, 'postgres'));
    await expectFailure(dataDir, 'holds no complete database; move it away to start afresh');
  });

  it.each(['password', 'data/PG_VERSION'])('reports that its %s is empty', async part => {
    const dataDir = await makeDataDir();
    await mkdir(join(dataDir, 'postgres', 'data'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '18\n');
    await writeFile(join(dataDir, 'postgres', 'password'), 'secret');
    await writeFile(join(dataDir, 'postgres', part), '');
    await expectFailure(dataDir, 'holds no complete database; move it away to start afresh');
  });

  it('reports that another version of PostgreSQL created the database', async () => {
    const dataDir = await makeDataDir();
    const data = join(dataDir, 'postgres', 'data');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    await expectFailure(
      dataDir,
      'PostgreSQL 17 created it, and this version of usher has PostgreSQL 18',
    );
  });

  it('reports why the server does not start', async () => {
    await expectFailure(
      used,
      'PostgreSQL did not start: invalid value for parameter "shared_buffers": "plenty"',
      { shared_buffers: 'plenty' },
    );
  });
});

// These tests need root.
if (isRoot) {
  describe('openEmbedded, as root', { timeout: 60_000 }, () => {
    it('opens a copy that root owns', async () => {
      const dataDir = await makeDataDir();
      await (await open(dataDir)).close();
      const copy = join(await makeDataDir(), 'copy');
      await cp(dataDir, copy, { recursive: true });
      expect((await stat(join(copy, 'postgres'))).uid).toBe(0);
      const { url } = await open(copy);
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('keeps the database where an unprivileged account can reach it', async () => {
      const dataDir = await makePrivateDataDir();
      const first = await open(dataDir);
      const link = join(dataDir, 'postgres');
      const home = await realpath(link);
      expect(home).toMatch(/^\/var\/lib\/usher\/data-\w+$/);
      expect((await lstat(link)).isSymbolicLink()).toBe(true);
      expect((await stat(home)).uid).not.toBe(0);
      expect((await stat(home)).mode & 0o777).toBe(0o700);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.close();
      const second = await open(dataDir);
      expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      await second.close();

      await rm(dataDir, { recursive: true });
      const afresh = await open(dataDir);
      expect(await query(afresh.url, "SELECT to_regclass('kept') AS kept")).toEqual([
        { kept: null },
      ]);
      await rm(home, { recursive: true });
    });

    it('creates a new database if the old one was deleted', async () => {
      const dataDir = await makePrivateDataDir();
      const link = join(dataDir, 'postgres');
      await mkdir(dataDir);
      await symlink('/var/lib/usher/data-gone', link);
      const [one, two] = await Promise.all([open(dataDir), open(dataDir)]);
      expect(one.url).toBe(two.url);
      expect(await realpath(link)).toMatch(/^\/var\/lib\/usher\/data-\w{16}$/);
    });
  });
}

/** Creates a folder that any account can enter, unlike mkdtemp. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-embedded-'));
  await chmod(folder, 0o755);
  return folder;
}

async function makeDataDir(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makePrivateDataDir(): Promise<string> {
  const parent = await makeDataDir();
  await chmod(parent, 0o700);
  const dataDir = join(parent, '.usher');
  onTestFinished(async () => rm(await realpath(join(dataDir, 'postgres')), { recursive: true }));
  return dataDir;
}

async function open(
  dataDir: string,
  options: Omit<EmbeddedPostgresOptions, 'dataDir'> = {},
): Promise<EmbeddedPostgres> {
  const embedded = await openEmbedded({ dataDir, settings: { fsync: 'off' }, ...options });
  onTestFinished(() => embedded.close());
  return embedded;
}

async function expectFailure(
  dataDir: string,
  cause: string,
  settings?: Record<string, string>,
): Promise<void> {
  const error = await openEmbedded({ dataDir, settings }).catch(error => error);
  expect(error).toBeInstanceOf(EmbeddedPostgresError);
  expect(error.message).toContain(`Cannot open the database in ${dataDir}: `);
  expect(error.message).toContain(cause);
  expect(error.message).not.toContain('\n');
}

interface Elsewhere {
  child: ChildProcess;
  url: string;
  /** The exit code of the process. */
  close(): Promise<number | null>;
}

/** Starts a process that opens `dataDir` and prints its progress. */
function run(dataDir: string): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => kill(child));
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function openElsewhere(dataDir: string): Promise<Elsewhere> {
  const { child, lines } = run(dataDir);
  let url = '';
  while (!url.startsWith('postgresql:')) {
    const { value, done } = await lines.next();
    if (done) throw new Error('the other process ended');
    url = value;
  }
  const close = async () => {
    child.stdin?.end();
    await once(child, 'exit');
    return child.exitCode;
  };
  return { child, url, close };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Returns the number of users of the server. */
async function keepers(url: string): Promise<unknown> {
  const sql =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'usher keeper'";
  const [row] = await query(url, sql).catch(() => []);
  return row && typeof row === 'object' && 'n' in row ? row.n : undefined;
}

async function statementsUnderWay(url: string): Promise<number> {
  const sql =
    "SELECT FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid() AND state = 'active'";
  return (await query(url, sql)).length;
}

/** Returns the running or crashed server of `dataDir`. */
async function serverPid(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  return existsSync(file) ? Number((await readFile(file, 'utf8')).split('\n')[0]) : undefined;
}
