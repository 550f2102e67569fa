import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseAccount } from '../../src/db/embedded-runtime.ts';
import { canRun, isExecutable } from './debian-programs.ts';
import { freePort } from './free-port.ts';

const execute = promisify(execFile);

const MAJOR = '15';
/** The programs of the oldest PostgreSQL that usher supports; POSTGRES_15_BIN names another folder. */
const BIN = process.env.POSTGRES_15_BIN ?? `/usr/lib/postgresql/${MAJOR}/bin`;

const NO_POSTGRES = `no PostgreSQL ${MAJOR}: install it (Debian 12: apt-get install postgresql-15), or set POSTGRES_15_BIN to the folder of its programs`;

/** Returns whether the tests on the oldest PostgreSQL can run. If not, they are skipped; in CI they fail instead. */
export function hasDebianPostgres(): boolean {
  const isThere = ['initdb', 'pg_restore'].every(name => isExecutable(join(BIN, name)));
  return canRun(isThere, `Tests on PostgreSQL ${MAJOR}`, NO_POSTGRES);
}

/** A server of PostgreSQL 15 with an empty database. */
export interface DebianPostgres {
  /** The database `usher`, as a role that owns it and is not a superuser. */
  url: string;
  /** The maintenance database, as the superuser. */
  adminUrl: string;
  /** The folder of `pg_dump`, `pg_restore` and `psql`. */
  bin: string;
  /** The data folder, which `initdb` created. */
  data: string;
  /** A folder that the server can write to. */
  home: string;
  /** The account that the server runs as; undefined for the test's own. */
  account: Account | undefined;
  start(): Promise<void>;
  /** Stops the server without a checkpoint. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

type Account = NonNullable<Awaited<ReturnType<typeof chooseAccount>>>;

/**
 * Starts a server on a free port of 127.0.0.1; the caller closes it. `configure` returns lines of `postgresql.conf` for the
 * server's home.
 */
export async function startDebianPostgres(
  configure: (home: string) => string = () => '',
): Promise<DebianPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-debian-'));
  await chmod(folder, 0o755);
  const account = await chooseAccount(folder);
  const home = join(folder, 'home');
  const options = { cwd: '/', ...account };
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (account) {
    await chown(folder, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const data = join(home, 'data');
  await execute('mkdir', ['-p', home], options);
  await execute(
    join(BIN, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'admin',
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '-N',
    ].concat(['--pwfile', passwordFile]),
    options,
  );
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=100`;
  const log = join(home, 'log');
  await appendFile(join(data, 'postgresql.conf'), configure(home));
  const start = async () => {
    await execute(
      join(BIN, 'pg_ctl'),
      ['-D', data, '-w', '-l', log, '-o', settings, 'start'],
      options,
    ).catch(async error => {
      throw new Error(`${error}\n${await readFile(log, 'utf8').catch(() => '')}`);
    });
  };
  const stop = async () => {
    await execute(join(BIN, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], options);
  };
  await start();
  const adminUrl = `postgresql://admin:${password}@127.0.0.1:${port}/postgres`;
  const psql = (sql: string) => execute(join(BIN, 'psql'), ['-X', '-q', '-d', adminUrl, '-c', sql]);
  await psql(`CREATE ROLE app LOGIN PASSWORD '${password}'`);
  await psql('CREATE DATABASE usher OWNER app');
  return {
    url: `postgresql://app:${password}@127.0.0.1:${port}/usher`,
    adminUrl,
    bin: BIN,
    data,
    home,
    account,
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
