import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './embedded-cluster.ts';
import { findRunningWith, isRunningWith, runProgram } from './embedded-runtime.ts';

const STOP_MS = 30_000;
const POLL_MS = 20;
const LARGEST_PID = 2_147_483_647;
const LARGEST_PORT = 65_535;

/** The server of a data folder, as its lock file describes it. */
export type Server = { port: number | undefined } & (
  | { pid: number; state: 'ready' | 'starting or stopping' | 'dead' }
  /** An empty or corrupt lock file, such as after a power loss. PostgreSQL does not start with it. */
  | { pid: undefined; state: 'unreadable'; content: Buffer }
);

const lockFileOf = (data: string) => join(data, 'postmaster.pid');

/** Returns the server that postmaster.pid describes, checked against its process; undefined if there is no such file. */
export async function findServer(data: string): Promise<Server | undefined> {
  const content = await readFile(lockFileOf(data)).catch(error => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const lines = content.toString('latin1').split('\n');
  const [first = '', , , fourth = '', , , , status] = lines.map(line => line.trim());
  // A server in single-user mode writes a negative id.
  const pid = Math.abs(Number.parseInt(first, 10));
  const port = Number(fourth) > 0 && Number(fourth) <= LARGEST_PORT ? Number(fourth) : undefined;
  if (!(pid > 0 && pid <= LARGEST_PID)) {
    // A starting server creates the file before it writes to it.
    const running = await findRunningWith('postgres', data);
    return running === undefined
      ? { pid: undefined, port, state: 'unreadable', content }
      : { pid: running, port, state: 'starting or stopping' };
  }
  const alive = await isRunningWith(pid, data);
  const state = !alive ? 'dead' : status === 'ready' ? 'ready' : 'starting or stopping';
  return { pid, port, state };
}

/** Returns whether this server is still the one of the data folder, and ready. */
export async function isServing(data: string, { pid }: Server): Promise<boolean> {
  const found = await findServer(data);
  return found?.state === 'ready' && found.pid === pid;
}

/**
 * Removes an unreadable lock file that has no server. If another process has meanwhile replaced it with a valid one,
 * restores that one. In between, PostgreSQL itself prevents a second server on the same data.
 */
export async function discardLockFile(data: string, content: Buffer): Promise<void> {
  const file = lockFileOf(data);
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    if (!(await readFile(aside)).equals(content)) await link(aside, file);
  } catch (error) {
    // Another process has removed or recreated the file.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** A server that this process started. */
export interface Started {
  child: ChildProcess;
  logOffset: number;
}

/** Starts a server that outlives this process and receives no signals of its terminal. */
export async function startServer(
  { runtime, data, log: logFile }: Cluster,
  settings: Record<string, string>,
  { port, stalePid }: { port: number; stalePid: number | undefined },
): Promise<Started> {
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const all = Object.entries({ ...settings, ...fixed, port: String(port) });
  // Makes PostgreSQL treat a lock file as stale if its process id now belongs to another program.
  const stale = stalePid && runtime.spawn.env && { PG_GRANDPARENT_PID: `${stalePid}` };
  const log = await open(logFile, 'a', 0o600);
  try {
    const { size: logOffset } = await log.stat();
    const { uid, gid } = runtime.spawn;
    if (uid !== undefined && gid !== undefined) await log.chown(uid, gid);
    const child = spawn(
      join(runtime.bin, 'postgres'),
      ['-D', data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...runtime.spawn,
        ...(stale && { env: { ...runtime.spawn.env, ...stale } }),
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    await once(child, 'spawn');
    child.unref();
    return { child, logOffset };
  } finally {
    await log.close();
  }
}

export function hasEnded({ child }: Started): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Returns the message with which a started server ended. */
export async function readExitMessage(log: string, { child, logOffset }: Started): Promise<string> {
  const lines = (await readFile(log)).subarray(logOffset).toString().trim().split('\n');
  const line = lines.findLast(line => /FATAL|PANIC/.test(line)) ?? lines.at(-1);
  return line?.replace(/^.*(FATAL|PANIC): +/, '') || `it ended with ${child.exitCode}`;
}

/** Returns the wanted port if it is free, and any free port otherwise. */
export async function findPort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (wanted !== 0) return await findPort();
    throw error;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('there is no free port');
  return address.port;
}

/** Stops a server, and waits until it has ended. */
export async function stopServer({ runtime, data, log }: Cluster, pid: number): Promise<void> {
  await runProgram(runtime, 'pg_ctl', ['kill', 'INT', `${pid}`]);
  const deadline = performance.now() + STOP_MS;
  while (await isRunningWith(pid, data)) {
    if (performance.now() > deadline)
      throw new Error(`PostgreSQL (process ${pid}) does not stop; see ${log}`);
    await delay(POLL_MS);
  }
}
