import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createDatabase } from './support/database.ts';
import { freePort } from './support/free-port.ts';
import { type Program, startProgram } from './support/program.ts';
import { contentsOf, withoutWriting } from './support/read-only.ts';
import { copyContext, readIgnore, type Walked, walkDockerfile } from './support/walk-dockerfile.ts';

// The Dockerfile and compose.yaml, without an engine: each step in a folder, each command as a process.

const MINUTE = 60_000;

interface Service {
  command?: string[];
  environment: Record<string, string>;
  healthcheck?: { disable?: boolean; test?: string[] };
  depends_on?: Record<string, { condition: string }>;
}

let folder: string;
let image: Walked;
let services: Record<string, Service>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-docker-'));
  const context = join(folder, 'context');
  await copyContext('.', context);
  image = await walkDockerfile('Dockerfile', context, join(folder, 'stages'));
  execFileSync('chmod', ['-R', 'a-w,a+rX', image.root]);
  execFileSync('chmod', ['a+x', folder, join(folder, 'stages')]);
  services = parse(await readFile('compose.yaml', 'utf8'), { merge: true }).services;
}, 5 * MINUTE);
afterAll(async () => {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true });
});

const running: Program[] = [];
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop('SIGKILL');
});

/** Runs a command in the image, as its account. */
function run(command: readonly string[], env: Record<string, string>): Program {
  const uid = Number(image.user.split(':')[0]);
  const program = startProgram(
    withoutWriting(tmpdir(), command, uid),
    { ...image.env, ...env },
    join(image.root, image.workdir),
  );
  running.push(program);
  return program;
}

test.each([
  '.env',
  '.git/config',
  '.usher/secret.key',
  'dist/main.js',
  'node_modules/pg/package.json',
  'src/db/generated/prisma/client.ts',
  'test/dist.test.ts',
])('the context of the build is without %s', async path => {
  expect((await readIgnore('.'))(path)).toBe(false);
});

test('the image is the build of these sources alone, on a Node.js that usher supports', async () => {
  const files = contentsOf(image.root).map(line => line.split(' ')[0]);
  const built = contentsOf('dist').map(line => `usher/${line.split(' ')[0]}`);
  expect(['usher', ...built]).toEqual(expect.arrayContaining(files));
  const manifest = (folder: string) => readFile(join(folder, 'package.json'), 'utf8');
  expect(await manifest(join(image.root, image.workdir))).toBe(await manifest('dist'));
  expect(Number(image.user.split(':')[0])).toBeGreaterThan(0);
  const { engines } = JSON.parse(await readFile('package.json', 'utf8'));
  const [, version] = /^node:(\d+)-\w+-slim$/.exec(image.base) ?? [];
  expect(engines.node).toMatch(new RegExp(`\\^${version}\\.|>=${version}$`));
});

describe('compose.yaml', () => {
  test('waits for what has a health check, and for steps that end', () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const { healthcheck } = services[other] ?? {};
        if (condition === 'service_healthy') expect(healthcheck?.test, name).toBeDefined();
        else expect([name, condition]).toEqual([name, 'service_completed_successfully']);
        expect(services).toHaveProperty(other);
      }
    }
  });

  test('sets variables that the README lists', async () => {
    const readme = await readFile('README.md', 'utf8');
    for (const [name, { environment }] of Object.entries(services)) {
      if (name === 'database') continue;
      const unknown = Object.keys(environment).filter(key => !readme.includes(`| \`${key}\` |`));
      expect([name, unknown]).toEqual([name, []]);
    }
  });
});

test(
  'the services migrate, serve and deliver, and the health check tells whether the server is up',
  async () => {
    const database = await createDatabase({ isEmpty: true });
    const port = String(await freePort());
    const values: Record<string, string> = {
      SECRET_KEY: 'k'.repeat(40),
      PUBLIC_URL: 'https://seats.example.com',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'Seats <seats@example.com>',
      DATABASE_PASSWORD: 'unused',
    };
    const start = (name: string) => {
      const { command = image.command, environment } = services[name] as Service;
      const set = Object.entries(environment).map(([key, value]) => {
        const text = value.replace(/\$\{(\w+):\?\}/g, (_, variable) => values[variable] ?? '');
        expect(text, key).not.toContain('$');
        return [key, key === 'DATABASE_URL' ? database.url : text];
      });
      return run(command, { ...Object.fromEntries(set), PORT: port });
    };
    const check = async () => {
      const [kind, ...command] = ['CMD', ...image.healthcheck];
      expect(kind).toBe('CMD');
      return await run(command, { PORT: port }).ended();
    };
    const before = contentsOf(image.root);

    const migrate = start('migrate');
    expect(await migrate.ended(), migrate.output.stderr).toBe(0);
    expect(await check()).toBe(1);
    const server = start('usher');
    const worker = start('worker');
    await worker.said(/"msg":"running"/);
    expect(await server.up()).toBe(`http://127.0.0.1:${port}`);
    expect(await check()).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    for (const program of [server, worker]) {
      expect(await program.stop('SIGTERM'), program.output.stderr).toBe(0);
    }
    expect(contentsOf(image.root)).toEqual(before);
    await database.drop();
  },
  2 * MINUTE,
);
