import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './debian-programs.ts';
import { freePort } from './free-port.ts';

/** A running PgBouncer. */
export interface PgBouncer {
  /** Returns the address of a database through PgBouncer. */
  through(databaseUrl: string): string;
  stop(): Promise<void>;
}

export interface PgBouncerOptions {
  /** The name of the program. */
  program: string;
  mode: 'transaction' | 'session' | 'statement';
  /** Additional lines of its configuration. */
  settings?: readonly string[];
}

/** Starts PgBouncer in front of all databases of a server, with few connections that clients must share. */
export async function startPgBouncer(
  databaseUrl: string,
  { program, mode, settings = [] }: PgBouncerOptions,
): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'usher-pgbouncer-'));
  await chmod(folder, 0o755);
  const listen = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  const user = decodeURIComponent(username);
  await writeFile(
    config,
    [
      '[databases]',
      `* = host=${hostname} port=${port} user=${user} password=${decodeURIComponent(password)}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${listen}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      `default_pool_size = ${mode === 'session' ? 40 : 6}`,
      'max_client_conn = 200',
      ...settings,
    ].join('\n'),
  );
  const args = process.getuid?.() === 0 ? ['-u', 'nobody', config] : [config];
  const child = spawn(findProgram(program) as string, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => (said += text));
  const ended = once(child, 'exit');
  while (!(await answers(listen))) {
    if (child.exitCode !== null) throw new Error(said);
  }
  return {
    through(address) {
      const url = new URL(address);
      url.host = `127.0.0.1:${listen}`;
      return url.href;
    },
    async stop() {
      child.kill('SIGINT');
      const deadline = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(deadline);
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
