import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createDatabase } from './support/database.ts';

// Several processes behind one port, started from the sources.

let folder: string;
let database: Awaited<ReturnType<typeof createDatabase>>;
const running: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-processes-'));
  database = await createDatabase();
});
afterEach(async () => {
  for (const program of running.splice(0)) await stop(program);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(env: Record<string, string>) {
  const program = spawn(process.execPath, ['dist/main.js'], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DATABASE_URL: database.url,
      SECRET_KEY: 'a key for tests, thirty-two bytes or more',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(program);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    program[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return { program, output };
}

async function stop(program: ChildProcess): Promise<number | null> {
  if (program.exitCode !== null) return program.exitCode;
  const ended = once(program, 'close');
  program.kill('SIGTERM');
  const [code] = await ended;
  return code;
}

const WAITING = { timeout: 30_000, interval: 50 };

/** The processes that the log tells of, in the order in which they began. */
const begun = (log: string) =>
  [...log.matchAll(/"process":(\d+),"msg":"a process begins"/g)].map(([, pid]) => Number(pid));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('serve together; one that is killed is replaced; all end with their parent', async () => {
  const { program, output } = run({ PROCESSES: '2' });
  const url = await vi.waitFor(() => {
    const [, address] = /"url":"([^"]+)","processes":\d+,"msg":"running"/.exec(output.stderr) ?? [];
    if (address === undefined) throw new Error(output.stderr);
    return address;
  }, WAITING);
  const [first, second] = begun(output.stderr);
  if (first === undefined || second === undefined) throw new Error(output.stderr);
  const ask = async () => (await fetch(`${url}/health/ready`)).status;
  expect(await Promise.all([ask(), ask(), ask(), ask()])).toEqual([200, 200, 200, 200]);

  process.kill(second, 'SIGKILL');
  const third = await vi.waitFor(() => {
    const pid = begun(output.stderr)[2];
    if (pid === undefined) throw new Error(output.stderr);
    return pid;
  }, WAITING);
  expect(await Promise.all([ask(), ask()])).toEqual([200, 200]);

  expect(await stop(program)).toBe(0);
  expect([first, second, third].filter(isAlive)).toEqual([]);
  await expect(ask()).rejects.toThrow();
});

test('end with the reason of one that cannot begin', async () => {
  const { program, output } = run({ PROCESSES: '2', HOST: 'nowhere.invalid' });
  const [code] = await once(program, 'close');
  expect(code).toBe(1);
  expect(output.stderr).toContain('HOST nowhere.invalid is no address of this machine');
});

test('are a number, or one for each core', async () => {
  const { program, output } = run({ PROCESSES: 'many' });
  const [code] = await once(program, 'close');
  expect([code, output.stderr]).toEqual([1, expect.stringContaining('PROCESSES must be a number')]);
});
