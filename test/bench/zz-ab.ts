import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { PLAN } from './data.ts';
import { openPostgres } from './database.ts';
import { startGenerator } from './generator.ts';
import { type Contender, measure } from './measure.ts';
import type { Workload } from './workloads.ts';

const workloads = (process.argv[2] ?? 'W1').split(',') as Workload[];
const rounds = Number(process.argv[3] ?? 4);
const seconds = Number(process.argv[4] ?? 3);
const postgres = await openPostgres();
const database = await postgres.addDatabase('bench', PLAN);
const generator = startGenerator(database.data);
const procs: ReturnType<typeof spawn>[] = [];
let port = 4810;
async function start(name: string, cwd: string, env: Record<string, string>): Promise<Contender> {
  port += 1;
  const mine = port;
  const log = openSync(`/tmp/w/obs-ab-${name}.log`, 'w');
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd,
    env: {
      PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production',
      DATABASE_URL: database.url, SECRET_KEY: 'a key for the bench, thirty-two bytes', HOST: '127.0.0.1',
      PORT: String(mine), WORKER: 'false', DEMO: 'false', LOG_LEVEL: 'warn', ...env,
    },
    stdio: ['ignore', 'ignore', log],
  });
  procs.push(child);
  const url = `http://127.0.0.1:${mine}`;
  for (;;) {
    try { if ((await fetch(`${url}/health/ready`)).ok) break; } catch {}
    await new Promise(r => setTimeout(r, 50));
  }
  return { name, kind: 'usher', server: { url, pid: child.pid ?? 0, close: async () => {} }, database, generator };
}
const all = [
  await start('base', '/tmp/w/obs-base', {}),
  await start('off', '/tmp/w/obs', { ACCESS_LOG: 'false', SLOW_STATEMENT_MS: '0' }),
  await start('metrics', '/tmp/w/obs', { ACCESS_LOG: 'false', METRICS_PORT: '0' }),
  await start('log', '/tmp/w/obs', { LOG_LEVEL: 'info' }),
  await start('both', '/tmp/w/obs', { LOG_LEVEL: 'info', METRICS_PORT: '0' }),
];
const med = (v: number[]) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)] ?? 0;
for (const w of workloads) {
  const got = new Map<string, { cpu: number[]; rps: number[] }>();
  for (const c of all) { await measure(c, w, seconds * 1.5); got.set(c.name, { cpu: [], rps: [] }); }
  for (let r = 0; r < rounds; r++) {
    const order = [...all.slice(r % all.length), ...all.slice(0, r % all.length)];
    for (const c of order) {
      const { figures } = await measure(c, w, seconds);
      got.get(c.name)?.cpu.push(figures.serverCpuUs ?? 0);
      got.get(c.name)?.rps.push(figures.requestsPerSecond);
    }
  }
  for (const [name, { cpu, rps }] of got) {
    console.log(w, name.padEnd(8), 'cpu µs', med(cpu).toFixed(1), 'min', Math.min(...cpu).toFixed(1), 'rps', med(rps).toFixed(0), 'ratio cpu', (med(cpu) / med(got.get('base')?.cpu ?? [1])).toFixed(3));
  }
}
for (const p of procs) p.kill('SIGTERM');
await generator.close();
await postgres.close();
