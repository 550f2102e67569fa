import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySources } from './support/copy-sources.ts';
import { createDatabase } from './support/database.ts';
import { createFixture } from './support/fixture.ts';
import { type Program, startProgram } from './support/program.ts';
import { contentsOf, withoutWriting } from './support/read-only.ts';
import { startSmtp } from './support/smtp.ts';

// The build, copied by itself to a folder that it may not write to.

const MEGABYTE = 2 ** 20;
const KEY = 'k'.repeat(40);

let home: string;
let build: string;
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'usher-dist-'));
  build = join(home, 'usher');
  await using copy = await copySources();
  await copy.build();
  await cp(join(copy.folder, 'dist'), build, { recursive: true });
  await mkdir(join(home, 'empty'));
  execFileSync('chmod', ['-R', 'a-w,a+rX', home]);
  database = await createDatabase({ isEmpty: true });
});
afterAll(async () => {
  await database.drop();
  execFileSync('chmod', ['-R', 'u+w', home]);
  await rm(home, { recursive: true });
});

/** Starts a program of the build, in an empty folder. */
function start(name: string, args: string[] = [], env: Record<string, string> = {}): Program {
  const command = [process.execPath, '--enable-source-maps', join(build, `${name}.js`), ...args];
  return startProgram(withoutWriting(tmpdir(), command), env, join(home, 'empty'));
}

/** Runs a program of the build on the database. Returns what it writes to standard output. */
async function run(
  name: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const program = start(name, args, { DATABASE_URL: database.url, ...env });
  const code = await program.ended();
  expect(code, `${program.output.stdout}${program.output.stderr}`).toBe(0);
  return program.output.stdout;
}

const commandFolders = async () =>
  (await readdir('src/commands', { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);

test('has each program, with the command of package.json that starts it', async () => {
  const commands = await commandFolders();
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const built = JSON.parse(await readFile(join(build, 'package.json'), 'utf8'));
  const scriptsOf = (folder: string) =>
    ['main', ...commands].map(name => [
      name === 'main' ? 'start' : name,
      `exec node --enable-source-maps ${folder}${name}.js`,
    ]);
  expect(Object.entries(built.scripts).sort()).toEqual(scriptsOf('').sort());
  expect(scripts).toMatchObject(Object.fromEntries(scriptsOf('dist/')));
  for (const [script] of scriptsOf('')) {
    expect(scripts[`pre${script}`], script).toBe('node src/build/main.js --if-changed');
  }
  for (const name of ['main', ...commands]) {
    const help = start(name, ['--help']);
    expect(await help.ended(), help.output.stderr).toBe(0);
    expect(help.output.stdout).toContain('Usage:');
  }
});

test('is small', async () => {
  const files = contentsOf(build).length;
  const bytes = Number(execFileSync('du', ['-sb', build], { encoding: 'utf8' }).split('\t')[0]);
  expect(files).toBeLessThan(300);
  expect(bytes).toBeLessThan(30 * MEGABYTE);
});

test('has the licence of each package that it is made of', async () => {
  const notices = await readFile(join(build, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['@prisma/client', 'graphql', 'hono', 'pg', 'pino', 'nodemailer', 'zod']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\S+ \\(`, 'm'));
  }
  for (const name of await readdir(join(build, 'node_modules'))) {
    expect(await readdir(join(build, 'node_modules', name))).toContainEqual(
      expect.stringMatching(/^LICEN[CS]E/),
    );
  }
});

test.each(['main', 'worker', 'migrate', 'export', 'doctor'])(
  '%s needs DATABASE_URL, says so in one line, and writes nothing',
  async name => {
    const program = start(name);
    expect(await program.ended()).toBe(1);
    const { stdout, stderr } = program.output;
    expect(`${stdout}${stderr}`).toMatch(
      /^\w+:? .*DATABASE_URL is required: this build has no embedded PostgreSQL\. .+$/m,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await readdir(join(home, 'empty'))).toEqual([]);
  },
);

test('every program runs without privileges, and writes no file', async () => {
  const before = contentsOf(home);
  const mails = await startSmtp();
  const { document, ids, slug } = createFixture();
  const files = await mkdtemp(join(tmpdir(), 'usher-import-'));
  await chmod(files, 0o755);
  const running: Program[] = [];
  try {
    expect(await run('migrate')).toMatch(/^Applied \d+ migrations\n/);
    await writeFile(join(files, 'acme.json'), JSON.stringify(document));
    await run('import', [join(files, 'acme.json')]);
    const scopes = ['customer_seats:read', 'customer_seats:write', 'customer_sessions:write'];
    const options = scopes.flatMap(scope => ['--scope', scope]);
    const token = (await run('token', ['create', '--organization', slug, ...options])).trim();

    const env = {
      DATABASE_URL: database.url,
      SECRET_KEY: KEY,
      MIGRATE: 'false',
      SMTP_URL: mails.url,
      MAIL_FROM: 'Seats <seats@acme.example>',
      PUBLIC_URL: 'https://seats.acme.example',
    };
    const server = start('main', [], { ...env, WORKER: 'false' });
    const worker = start('worker', [], env);
    running.push(server, worker);
    const url = await server.up();
    const get = async (path: string, accept = '*/*') => {
      const response = await fetch(url + path, {
        headers: { accept, authorization: `Bearer ${token}` },
      });
      expect(response.status, path).toBe(200);
      return await response.text();
    };
    const post = async (path: string, body: object) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };

    await get('/health/ready');
    const query = `mutation ($input: AssignSeatInput!) {
      assignSeat(input: $input) { __typename ... on AssignSeatSuccess { seat { status } } }
    }`;
    const input = {
      source: { subscriptionId: ids.subscription },
      recipient: { email: 'sam@globex.example' },
    };
    expect(await post('/graphql', { query, variables: { input } })).toEqual({
      status: 200,
      body: {
        data: { assignSeat: { __typename: 'AssignSeatSuccess', seat: { status: 'PENDING' } } },
      },
    });
    const seat = { subscription_id: ids.subscription, email: 'kim@büro.example' };
    expect((await post('/v1/customer-seats', seat)).status).toBe(200);
    // By Prisma, whose compiler loads on first use.
    expect((await post('/v1/customer-sessions', { customer_id: ids.customer })).status).toBe(201);
    await get(`/v1/customer-seats?subscription_id=${ids.subscription}`);
    for (const path of ['/openapi.json', '/import.schema.json']) JSON.parse(await get(path));
    for (const path of ['/graphql', '/docs']) {
      const page = await get(path, 'text/html');
      const assets = [...page.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js))"/g)];
      expect(assets.length, path).toBeGreaterThan(1);
      for (const [, asset = ''] of assets) await get(asset);
    }

    await expect.poll(() => mails.taken.length, { timeout: 20_000 }).toBe(2);
    const { text = '' } = await PostalMime.parse(mails.taken[0]?.raw ?? '');
    const [, link = ''] = /https:\/\/seats\.acme\.example(\/claim\?token=\S+)/.exec(text) ?? [];
    const page = await get(link, 'text/html');
    expect(page).toContain('Acme');

    expect(await run('export', ['--organization', slug])).toContain('sam@globex.example');
    expect(await run('doctor', [], env)).toMatch(/^ok +schema/m);
    await run('sessions', ['end', '--customer', ids.customer]);
    await run('membership', ['end', '--user', 'ada@acme.example', '--organization', slug]);
    for (const program of running.splice(0)) {
      expect(await program.stop('SIGTERM'), program.output.stderr).toBe(0);
    }
  } finally {
    for (const program of running) await program.stop('SIGKILL');
    await mails.close();
    await rm(files, { recursive: true });
  }
  expect(contentsOf(home)).toEqual(before);
});
