import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { get, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { copySources } from './support/copy-sources.ts';
import { findProgram, hasPrograms } from './support/debian-programs.ts';
import {
  type Deployment,
  deploy,
  installCertificate,
  readBlocks,
  variablesOf,
} from './support/deployment.ts';
import { type Program, startProgram } from './support/program.ts';
import { withoutWriting } from './support/read-only.ts';
import { startSmtp } from './support/smtp.ts';

// docs/deploy.md, done as it says: its files, and its commands in its order.

const EMAIL = 'you@example.com';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts the server of the unit at a port with the unit's variables. By default, it has neither privileges nor a disk to write to. */
async function startUnit(
  machine: Deployment,
  port: string,
  wrap = (command: string[]) => withoutWriting(machine.folder, command),
): Promise<Program> {
  const unit = (await machine.read('/etc/systemd/system/usher@.service')).replaceAll('%i', port);
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const [, environment = ''] = /^Environment=(.*)$/m.exec(unit) ?? [];
  const [, file = ''] = /^EnvironmentFile=(.*)$/m.exec(unit) ?? [];
  const server = startProgram(wrap(command.split(' ')), {
    ...Object.fromEntries(environment.split(' ').map(pair => pair.split('='))),
    ...variablesOf(await readFile(file, 'utf8')),
  });
  await server.up();
  return server;
}

async function startNginx(machine: Deployment): Promise<void> {
  const { folder } = machine;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/nginx-${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid; events {}
     http { access_log off; ${temporary.join(' ')} include ${machine.path('/etc/nginx/conf.d/usher.conf')}; }`,
  );
  const file = join(folder, 'nginx.conf');
  const nginx = spawn(findProgram('nginx') ?? '', ['-c', file, '-e', join(folder, 'error.log')]);
  const ended = once(nginx, 'exit');
  closers.push(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
}

/** Claims a seat while its stream is read, both through nginx. */
async function claimDuringStream(machine: Deployment, token: string): Promise<void> {
  const options = {
    host: '127.0.0.1',
    port: machine.ports.https,
    servername: 'seats.example.com',
    headers: { host: 'seats.example.com', 'content-type': 'application/json' },
    ca: await machine.read('ca.pem'),
  };
  const stream = get({ ...options, path: `/v1/customer-seats/claim/${token}/stream` });
  const [response] = await once(stream, 'response');
  expect(response.statusCode).toBe(200);
  let received = '';
  response.setEncoding('utf8').on('data', (text: string) => (received += text));
  const claim = request({ ...options, method: 'POST', path: '/v1/customer-seats/claim' });
  claim.end(JSON.stringify({ invitation_token: token }));
  const [claimed] = await once(claim, 'response');
  expect(claimed.statusCode).toBe(200);
  claimed.resume();
  await expect.poll(() => received, { timeout: 10_000 }).toContain('customer_seat.claimed');
  stream.destroy();
}

/** Makes a command `systemctl restart usher@PORT` that restarts that server. */
async function imitateSystemctl(machine: Deployment, servers: Map<string, Program>): Promise<void> {
  const control = createServer(async (asked, response) => {
    const port = asked.url?.slice(1) ?? '';
    const code = await servers.get(port)?.stop('SIGTERM');
    servers.set(port, await startUnit(machine, port));
    response.end(String(code));
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  closers.push(async () => control.close());
  const { port } = control.address() as AddressInfo;
  const file = machine.path('usr/local/sbin/systemctl');
  await writeFile(
    file,
    `#!/bin/sh\n[ "$1" = restart ]\n[ "$(curl --silent "http://127.0.0.1:${port}/\${2#usher@}")" = 0 ]\n`,
  );
  await chmod(file, 0o755);
}

describe.runIf(hasPrograms('nginx', 'openssl', 'curl'))('a reader of the page', () => {
  test('builds, migrates, starts, imports, assigns, checks and updates', async () => {
    const mails = await startSmtp();
    closers.push(mails.close);
    const machine = await deploy({
      'smtps://user:password@mail.example.com': mails.url,
      'replace-by-the-output-of-openssl-rand': 'k'.repeat(44),
    });
    closers.push(async () => await machine[Symbol.asyncDispose]());
    await using copy = await copySources();
    await copy.build();
    await machine.run(['ln -sfn'], copy.folder);
    execFileSync('chmod', ['-R', 'a+rX', machine.folder]);

    expect(await machine.run(['chmod 600', 'usher migrate\n'])).toMatch(
      /^Applied \d+ migrations\n/,
    );
    const servers = new Map<string, Program>();
    closers.push(() => Promise.all([...servers.values()].map(server => server.stop('SIGKILL'))));
    for (const port of machine.ports.servers) servers.set(port, await startUnit(machine, port));
    await installCertificate(machine);
    await startNginx(machine);
    await vi.waitFor(() => machine.run(['usher doctor']), 30_000);

    const answer = await machine.run(['usher import', '/v1/customer-seats']);
    const seat = answer.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(seat)).toMatchObject({ status: 'pending', customer_email: EMAIL });
    await expect.poll(() => mails.taken.length, { timeout: 20_000 }).toBe(1);
    const { text = '' } = await PostalMime.parse(mails.taken[0]?.raw ?? '');
    const [, token = ''] = /https:\/\/seats\.example\.com\/claim\?token=(\S+)/.exec(text) ?? [];
    await claimDuringStream(machine, token);

    await imitateSystemctl(machine, servers);
    const before = [...servers.values()];
    await machine.run(['systemctl restart']);
    for (const server of before) expect(server.child.exitCode).toBe(0);
    for (const server of servers.values()) expect(await server.stop('SIGTERM')).toBe(0);
  }, 180_000);
});

test('the script of the page names its commands, and takes the database of its caller', async () => {
  await using machine = await deploy({ '/opt/usher/current': resolve('dist') });
  const usher = (args: string[], env = {}) =>
    spawnSync('sh', [machine.path('/usr/local/sbin/usher'), ...args], { encoding: 'utf8', env });
  for (const args of [[], ['unknown']]) {
    const { status, stderr } = usher(args);
    expect(status).toBe(1);
    const [, commands = ''] = /^usage: usher (\S+) ARGUMENT…\n$/.exec(stderr) ?? [];
    for (const command of commands.split('|')) expect(existsSync(`dist/${command}.js`)).toBe(true);
  }
  const elsewhere = { DATABASE_URL: 'postgresql://127.0.0.1:1/other', DATABASE_WAIT_SECONDS: '0' };
  expect(usher(['token', 'list', '--organization', 'acme'], elsewhere).stderr).toContain(
    '127.0.0.1:1',
  );
});

test('an update ends with the first server that does not come up', async () => {
  await using machine = await deploy();
  const restarted = machine.path('restarted');
  const programs = { usher: 'exit 0', systemctl: `echo "$2" >>${restarted}; exit 1` };
  for (const [name, script] of Object.entries(programs)) {
    const file = machine.path(`usr/local/sbin/${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }
  await expect(machine.run(['systemctl restart'])).rejects.toThrow();
  expect(await readFile(restarted, 'utf8')).toBe(`usher@${machine.ports.servers[0]}\n`);
});

test.runIf(hasPrograms('systemd-analyze'))('the unit is one that systemd takes', async () => {
  await using machine = await deploy();
  const unit = machine.path('/etc/systemd/system/usher@.service');
  const instance = unit.replace('@', '@4001');
  await copyFile(unit, instance);
  execFileSync('systemd-analyze', ['verify', '--man=no', instance], { stdio: 'pipe' });
});

/** Returns the system calls of a set, such as `@system-service`. */
function systemCallsOf(set: string): string[] {
  const list = execFileSync('systemd-analyze', ['syscall-filter', set], { encoding: 'utf8' });
  const names = list
    .split('\n')
    .slice(1)
    .map(line => line.trim());
  return names.flatMap(name => (name.startsWith('@') ? systemCallsOf(name) : [name]));
}

// Some containers forbid it.
const canTrace = spawnSync('strace', ['--quiet=all', '--output=/dev/null', 'true']).status === 0;

test.runIf(hasPrograms('systemd-analyze', 'strace') && canTrace)(
  'a server makes no system call that the unit forbids',
  async () => {
    await using machine = await deploy({
      '/opt/usher/current': resolve('dist'),
      'replace-by-the-output-of-openssl-rand': 'k'.repeat(44),
    });
    await machine.run(['chmod 600', 'usher migrate\n']);
    const file = machine.path('calls');
    const trace = ['strace', '--daemonize', '--follow-forks', '--quiet=all', `--output=${file}`];
    const [port] = machine.ports.servers;
    const server = await startUnit(machine, port, command => [...trace, ...command]);
    for (const path of ['/health/ready', '/docs', '/graphql?query={__typename}']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
    }
    expect(await server.stop('SIGTERM')).toBe(0);

    const unit = await machine.read('/etc/systemd/system/usher@.service');
    const [, filter = ''] = /^SystemCallFilter=(.*)$/m.exec(unit) ?? [];
    const allowed = new Set(filter.split(' ').flatMap(systemCallsOf));
    const calls = await vi.waitFor(async () => {
      const text = await readFile(file, 'utf8');
      expect(text).toContain('exit_group(');
      return [...text.matchAll(/^\d+ +(\w+)\(/gm)].map(([, name = '']) => name);
    });
    expect(calls.length).toBeGreaterThan(1_000);
    expect([...new Set(calls)].filter(name => !allowed.has(name))).toEqual([]);
  },
);

test('the page names each variable of compose.yaml, and programs that exist', async () => {
  const blocks = await readBlocks();
  const { text = '' } = blocks.find(({ file }) => file === '.env') ?? {};
  const compose = await readFile('compose.yaml', 'utf8');
  const used = [...compose.matchAll(/\$\{(\w+):\?\}/g)].map(([, name]) => name);
  expect(Object.keys(variablesOf(text)).sort()).toEqual([...new Set(used)].sort());

  const { services } = parse(compose, { merge: true });
  const commands = blocks.flatMap(({ text }) => text.match(/^docker compose run .*$/gm) ?? []);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const [, service = '', program = ''] = /-T (\w+) node (\S+\.js)/.exec(command) ?? [];
    expect(services).toHaveProperty(service);
    expect(existsSync(join('dist', program)), program).toBe(true);
  }
});
