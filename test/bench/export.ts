import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { embeddedSettings } from '../../src/database.ts';
import { openPostgres } from './database.ts';
import { loadSeats } from './lists-data.ts';

// Exports an organization with very many seats and imports the file into another database, and prints how long each took and
// how much memory it needed.

const { values } = parseArgs({ options: { seats: { type: 'string', default: '300000' } } });
const seats = Number(values.seats);
const LOOK_EVERY_MS = 100;
const FEW = { pools: 1, seats: 1 };
const PLAN = { small: FEW, large: FEW, hot: FEW, fifty: FEW };

const folder = await mkdtemp(join(tmpdir(), 'usher-export-'));
const file = join(folder, 'usher.json');
const postgres = await openPostgres(embeddedSettings());
try {
  const [few, from, to] = [
    await postgres.addDatabase('few', PLAN),
    await postgres.addDatabase('source', PLAN),
    await postgres.addDatabase('target', PLAN),
  ];
  await to.client.query('TRUNCATE organizations, users CASCADE');
  process.stderr.write(`loading ${seats.toLocaleString('en')} seats\n`);
  await loadSeats(from.client, seats);
  await run('export', ['--all', file], few.url);
  await run('export', ['--all', file], from.url);
  process.stdout.write(`the file has ${megabytes((await stat(file)).size)} MB\n`);
  await run('import', [file], to.url);
} finally {
  await postgres.close();
  await rm(folder, { recursive: true });
}

async function run(name: string, args: string[], url: string): Promise<void> {
  const started = performance.now();
  const child = spawn(process.execPath, [`dist/${name}.js`, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text));
  const closed = once(child, 'close');
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peak = (await peakMemory(child.pid)) ?? peak;
    await delay(LOOK_EVERY_MS);
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${said.slice(0, 2_000)}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const done = said.trim().split('\n').at(-1);
  process.stdout.write(`${name}: ${seconds} s, at most ${megabytes(peak)} MB of memory: ${done}\n`);
}

/** The most memory that a process has had, in bytes; undefined once it has ended. */
async function peakMemory(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
