import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect } from 'vitest';
import { chooseAccount } from '../../src/db/embedded-runtime.ts';
import { canRun } from './debian-programs.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** The folder in which Debian installs the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';
const programs = findPrograms();

const MISSING =
  'no PostgreSQL with pg_basebackup: install one (Debian: apt-get install postgresql), or set POSTGRES_BIN to the folder of its programs';

/** Whether the tests with a replica can run (`canRun`). */
export function hasReplication(): boolean {
  return canRun(programs !== undefined, 'Tests with a replica', MISSING);
}

/** A PostgreSQL server for one test. */
interface PostgresServer {
  /** The address for an ordinary role, the owner of the database `usher`. */
  url: string;
  /** Runs a statement as a superuser. */
  admin<Row extends object>(text: string): Promise<Row[]>;
  promote(): Promise<void>;
  /** Ends the server immediately, like a crash of its machine. */
  kill(): Promise<void>;
  /** Returns the server's log. */
  log(): string;
}

/** A primary and its streaming replica. */
export interface Replication {
  primary: PostgresServer;
  replica: PostgresServer;
  close(): Promise<void>;
}

/** Starts both, and logs all statements. With `synchronous`, the primary commits nothing that the replica does not have. */
export async function startReplication({ synchronous = false } = {}): Promise<Replication> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-replication-'));
  const started: PostgresServer[] = [];
  const close = async () => {
    for (const server of started) await server.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(folder, 0o755);
    const account = await chooseAccount(folder);
    if (account) await chown(folder, account.uid, account.gid);
    const primaryData = join(folder, 'primary');
    const replicaData = join(folder, 'replica');
    await program(
      'initdb',
      ['-D', primaryData, '-U', 'admin', '-A', 'trust', '-N', '--no-instructions'],
      account,
    );
    await appendFile(join(primaryData, 'pg_hba.conf'), 'host replication all 127.0.0.1/32 trust\n');
    const primary = await startServer(primaryData, account);
    started.push(primary);
    await primary.admin('CREATE ROLE usher LOGIN');
    await primary.admin('CREATE DATABASE usher OWNER usher');
    const { port } = new URL(primary.url);
    await program(
      'pg_basebackup',
      ['-D', replicaData, '-h', '127.0.0.1', '-p', port, '-U', 'admin', '-R', '-c', 'fast', '-N'],
      account,
    );
    const replica = await startServer(replicaData, account);
    started.push(replica);
    await expect
      .poll(() => primary.admin("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"), {
        timeout: 20_000,
      })
      .toHaveLength(1);
    if (synchronous) {
      await primary.admin("ALTER SYSTEM SET synchronous_standby_names TO '*'");
      await primary.admin('SELECT pg_reload_conf()');
      await expect
        .poll(() => primary.admin("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"), {
          timeout: 20_000,
        })
        .toHaveLength(1);
    }
    return { primary, replica, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Account = Awaited<ReturnType<typeof chooseAccount>>;

function pathOf(name: string): string {
  if (programs === undefined) throw new Error(MISSING);
  return join(programs, name);
}

async function program(name: string, args: string[], account: Account): Promise<void> {
  await run(pathOf(name), args, { ...account, cwd: tmpdir(), env: ENV });
}

const ENV = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  shared_buffers: '32MB',
  log_statement: 'all',
  log_line_prefix: '[%a] ',
  hot_standby_feedback: 'off',
};

async function startServer(data: string, account: Account): Promise<PostgresServer> {
  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(pathOf('postgres'), ['-D', data, ...settings], {
    ...account,
    cwd: tmpdir(),
    env: ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'close');
  const adminUrl = `postgresql://admin@127.0.0.1:${port}/postgres`;
  await expect
    .poll(() => query(adminUrl, 'SELECT 1').catch(() => (child.exitCode === null ? [] : [log])), {
      timeout: 30_000,
    })
    .toEqual([{ '?column?': 1 }]);
  return {
    url: `postgresql://usher@127.0.0.1:${port}/usher`,
    admin: text => query(adminUrl, text),
    async promote() {
      await query(adminUrl, 'SELECT pg_promote()');
    },
    async kill() {
      if (isRunning(child)) {
        // Without the postmaster, the other processes end immediately.
        child.kill('SIGQUIT');
        await ended;
      }
    },
    log: () => log,
  };
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode === null && signalCode === null;

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

function findPrograms(): string | undefined {
  const named = process.env.POSTGRES_BIN;
  if (named) return named;
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map(version => join(DEBIAN, version, 'bin'))
    .find(
      folder => existsSync(join(folder, 'pg_basebackup')) && existsSync(join(folder, 'postgres')),
    );
}
