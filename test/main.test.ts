import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { createDatabase } from './support/database.ts';
import { freePort } from './support/free-port.ts';
import { type Program, type ProgramName, runProgram } from './support/program.ts';

// The program as it is started, built: what it prints, answers, and leaves behind.

const SUBSCRIPTION = 'c56a4180-65aa-42ec-a945-5fd21dec0538';

let folder: string;
const running: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-main-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

function run(name: ProgramName, args: string[], env: Record<string, string>): Program {
  const program = runProgram(name, args, { HOME: folder, DATA_DIR: join(folder, 'data'), ...env });
  running.push(program);
  return program;
}

const serve = (env: Record<string, string> = {}) => run('main', [], env);

describe('a start on nothing', () => {
  test('prints what to open and what to paste, and it works as printed', async () => {
    const usher = serve();
    const url = await usher.up();
    expect(usher.output.stdout).toContain(`${url}/graphql`);

    const curls = [...usher.output.stdout.matchAll(/curl (\S+) .*?Bearer (\S+)'.*?-d '(.*?)'/gs)];
    expect(curls.map(([, address]) => address)).toEqual([
      `${url}/v1/customer-seats`,
      `${url}/v1/customer-portal/seats`,
    ]);
    for (const [, address = '', token, body] of curls) {
      const response = await fetch(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body ?? '',
      });
      expect(response.status).toBe(200);
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);

    const mailbox = /Mailbox +(\S+)/.exec(usher.output.stdout)?.[1] ?? '';
    const mails = async () => await (await fetch(mailbox)).text();
    await expect.poll(mails, { timeout: 10_000 }).toContain('kim@globex.example');
    await expect.poll(mails, { timeout: 10_000 }).toContain('lee@globex.example');

    expect(await usher.stop('SIGTERM')).toBe(0);
  });

  test('is the same fixture, with the same tokens, at the next start', async () => {
    const tokens = (text: string) => text.match(/usher_(?:oat|pat|cst|mst)_\S+/g);
    const first = serve();
    await first.up();
    expect(await first.stop('SIGINT')).toBe(0);
    const second = serve();
    await second.up();
    expect(tokens(second.output.stdout)).toEqual(tokens(first.output.stdout));
    // As when its terminal is closed.
    expect(await second.stop('SIGHUP')).toBe(0);
  });

  test('serves what its sources describe, from the first answer on', async () => {
    const usher = serve();
    const url = await usher.up();
    const [, token] = /Bearer (\S+)'/.exec(usher.output.stdout) ?? [];
    const ask = async (query: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data: IntrospectionQuery; errors?: unknown };
    };
    const sorted = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));
    const served = buildClientSchema(
      (
        await ask(
          getIntrospectionQuery({ oneOf: true, specifiedByUrl: true, inputValueDeprecation: true }),
        )
      ).data,
    );
    const written = buildSchema(await readFile('schema/schema.graphql', 'utf8'));
    expect(sorted(served)).toBe(sorted(written));
    // Once it comes again, it is compiled.
    for (let time = 0; time < 3; time++) {
      expect(await ask('{ viewer { kind } customerSeat(id: "nil") { nothing } }')).toMatchObject({
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
      expect(await ask('{ viewer { __typename kind } }')).toEqual({
        data: { viewer: { __typename: 'Viewer', kind: 'ORGANIZATION' } },
      });
    }
    const openapi = JSON.parse(await readFile('schema/openapi.json', 'utf8'));
    expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(openapi);
    for (const path of ['/docs', '/claim?token=none']) {
      const page = await (await fetch(url + path)).text();
      const assets = [...page.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js))"/g)];
      expect(assets.length, path).toBeGreaterThan(0);
      for (const [, asset] of assets) expect((await fetch(`${url}${asset}`)).status).toBe(200);
    }
    expect(await usher.stop('SIGTERM')).toBe(0);
  });

  test.each(['main', 'worker'] as const)(
    '%s says how it is used, and takes no arguments',
    async name => {
      const help = run(name, ['--help'], { PORT: 'nonsense' });
      expect([await help.ended(), help.output.stderr]).toEqual([0, '']);
      expect(help.output.stdout).toMatch(/^Usage: npm (?:start|run worker)\n/);
      const asked = run(name, ['--port', '4000'], {});
      expect([await asked.ended(), asked.output.stdout]).toEqual([1, '']);
      expect(asked.output.stderr).toContain('Unknown argument --port.');
    },
  );

  test('without the demo fixture on request', async () => {
    const usher = serve({ DEMO: 'false' });
    await usher.up();
    expect(usher.output.stdout).not.toContain('usher_oat_');
  });
});

describe('one data folder', () => {
  test('serves two servers and an import concurrently, and outlives the first of them', async () => {
    const first = serve();
    await first.up();
    const second = serve();
    const url = await second.up();
    const file = join(folder, 'fixture.json');
    await writeFile(file, JSON.stringify({ organizations: [] }));
    expect(await run('import', [file], {}).ended()).toBe(0);
    expect(await first.stop('SIGTERM')).toBe(0);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  test('goes on when a promise fails that nobody waits for, and logs it', async () => {
    const hook = fileURLToPath(new URL('support/stray-rejections.cjs', import.meta.url));
    const program = run('main', [], { NODE_OPTIONS: `--require=${hook}` });
    const url = await program.up();
    program.child.kill('SIGUSR2');
    await program.said(/nobody waits for this/);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await program.stop('SIGTERM')).toBe(0);
  });

  test('is good again after a kill in the middle of everything', async () => {
    const killed = serve();
    await killed.up();
    await killed.stop('SIGKILL');
    const next = serve();
    await next.up();
    expect(await next.stop('SIGTERM')).toBe(0);
  });
});

describe('the embedded database that is killed', () => {
  const lockFile = () => join(folder, 'data', 'postgres', 'data', 'postmaster.pid');
  const serverPid = async () => Number.parseInt(await readFile(lockFile(), 'utf8'), 10);

  test('is started again, and all who use it go on', async () => {
    const first = serve();
    const second = serve({ PROCESSES: '2' });
    const urls = [await first.up(), await second.up()];
    const [token] = /usher_oat_[\w-]+/.exec(first.output.stdout) ?? [];
    const assign = async (url: string | undefined, email: string) => {
      const response = await fetch(`${url}/v1/customer-seats`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ subscription_id: SUBSCRIPTION, email }),
      });
      return { status: response.status, id: (await response.json()).id };
    };
    const { status, id } = await assign(urls[0], 'before@globex.example');
    expect(status).toBe(200);

    const killed = await serverPid();
    process.kill(killed, 'SIGKILL');
    for (const url of urls) {
      const ready = async () => (await fetch(`${url}/health/ready`)).status;
      await expect.poll(ready, { timeout: 30_000, interval: 50 }).toBe(200);
    }
    expect(await serverPid()).not.toBe(killed);
    for (const [index, url] of urls.entries()) {
      const email = `after${index}@globex.example`;
      const assigned = async () => (await assign(url, email)).status;
      // Connections that broke are found out one by one.
      await expect.poll(assigned, { timeout: 30_000, interval: 50 }).toBe(200);
      const list = await fetch(`${url}/v1/customer-seats?subscription_id=${SUBSCRIPTION}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await list.text()).toContain(id);
    }
    const mailbox = async () => await (await fetch(`${urls[0]}/dev/mailbox`)).text();
    await expect.poll(mailbox, { timeout: 30_000 }).toContain('after1@globex.example');
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  test('and cannot be started again ends the program with one line that says why', async () => {
    const usher = serve();
    await usher.up();
    const killed = await serverPid();
    const data = join(folder, 'data', 'postgres', 'data');
    await rename(data, `${data}-away`);
    process.kill(killed, 'SIGKILL');
    expect(await usher.ended()).toBe(1);
    expect(usher.output.stderr).toMatch(/^usher: Cannot open the database in .*$/m);
    expect(usher.output.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('DATABASE_URL', () => {
  test('replaces the embedded database, and nothing else changes', async () => {
    const database = await createDatabase();
    try {
      const usher = serve({ DATABASE_URL: database.url, SECRET_KEY: 'k'.repeat(40) });
      const url = await usher.up();
      expect(usher.output.stdout).not.toMatch(/mailbox|usher_oat_/i);
      expect((await fetch(`${url}/dev/mailbox`)).status).toBe(404);
      expect(await usher.stop('SIGTERM')).toBe(0);
    } finally {
      await database.drop();
    }
  });

  test('a database that goes away makes it unready, not dead', async () => {
    const database = await createDatabase();
    const usher = serve({ DATABASE_URL: database.url, SECRET_KEY: 'k'.repeat(40) });
    const url = await usher.up();
    await database.drop();
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await usher.stop('SIGTERM')).toBe(0);
  });
});

describe('a start that cannot be', () => {
  /** One line that says what is wrong, exit code 1, and no stack trace. */
  async function refused(env: Record<string, string>): Promise<string> {
    const usher = serve(env);
    expect(await usher.ended()).toBe(1);
    expect(usher.output.stderr).not.toMatch(/^\s+at /m);
    return usher.output.stderr.trim();
  }

  test('names every bad variable in one error', async () => {
    const bad = {
      PORT: '99999',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://x',
      PUBLIC_URL: 'https://u:p@seats.example?a=b',
      SMTP_URL: 'smtp://',
      MAIL_FROM: 'nobody',
      MAILS_PER_SECOND: 'fast',
      RETENTION_DAYS: '0',
      RESEND_INTERVAL_SECONDS: '-1',
      RESENDS_PER_HOUR: 'many',
      INVITATIONS_PER_HOUR: '1.5',
    };
    const message = await refused(bad);
    for (const name of [...Object.keys(bad), 'SECRET_KEY']) {
      expect(message).toContain(name);
    }
  });

  test('asks for the key that a database of one’s own needs', async () => {
    expect(await refused({ DATABASE_URL: 'postgresql://127.0.0.1:1/x' })).toContain('SECRET_KEY');
  });

  test('names a database that cannot be reached, without its password', async () => {
    const message = await refused({
      DATABASE_URL: 'postgresql://someone:hush@127.0.0.1:1/usher',
      DATABASE_WAIT_SECONDS: '0',
      SECRET_KEY: 'k'.repeat(40),
    });
    expect(message).toMatch(/^usher: DATABASE_URL: cannot connect to 127\.0\.0\.1:1\/usher/);
    expect(message).not.toContain('hush');
  });

  test('waits for a database that is not up yet', async () => {
    const database = await createDatabase();
    const port = await freePort();
    const url = new URL(database.url);
    url.port = String(port);
    const program = run('main', [], { DATABASE_URL: url.href, SECRET_KEY: 'k'.repeat(40) });
    const [line] = await program.said(/DATABASE_URL: cannot connect to .*\n/);
    expect(line).toContain('Trying again for 60 s');
    const proxy = await startCuttingProxy(database.url, { at: port });
    expect(await program.up()).toMatch(/^http/);
    expect(await program.stop('SIGTERM')).toBe(0);
    await proxy.close();
    await database.drop();
  });

  test('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    expect(await refused({ PORT: port })).toMatch(new RegExp(`^usher: PORT ${port} .* is taken`));
    other.close();
  });

  test.each(['', ' \n', 'half a key'])('names a kept key that is not whole: %j', async content => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'secret.key'), content);
    expect(await refused({})).toContain('its secret.key is not whole; restore it');
  });

  test('names a data folder that is none', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await refused({ DATA_DIR: file })).toContain(`DATA_DIR ${file} cannot be used`);
    const inFile = join(file, 'data');
    expect(await refused({ DATA_DIR: inFile })).toContain(`DATA_DIR ${inFile} cannot be used`);
  });
});
