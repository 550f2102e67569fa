import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { freePort } from './free-port.ts';

/** A fenced block of docs/deploy.md; `file` is the file whose content it is. */
interface Block {
  file: string | undefined;
  language: string;
  text: string;
}

/** Returns the blocks of docs/deploy.md, in order. */
export async function readBlocks(): Promise<Block[]> {
  const page = await readFile('docs/deploy.md', 'utf8');
  const blocks = page.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file, language = '', text = '']) => ({ file, language, text }));
}

/** The machine of docs/deploy.md in a folder: its files, its roles in the test database, and free ports. */
export interface Deployment extends AsyncDisposable {
  folder: string;
  /** Replaces the page's folder, ports, roles and names in a text with those of this deployment. */
  local(text: string): string;
  /** Returns the local path of a file of the page. */
  path(file: string): string;
  /** Returns the local content of a file of the page. */
  read(file: string): Promise<string>;
  /** Runs the blocks of commands that contain these texts, and returns their standard output. Rejects if a command fails. */
  run(containing: readonly string[], cwd?: string): Promise<string>;
  ports: { servers: [string, string]; http: string; https: string };
}

/** Creates a deployment, with its roles and its database. `changes`: further texts to replace. */
export async function deploy(changes: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-deploy-'));
  const [first, second, http, https] = await Promise.all(
    [freePort(), freePort(), freePort(), freePort()].map(async port => String(await port)),
  );
  const ports = { servers: [first, second], http, https } as Deployment['ports'];
  const mark = randomBytes(6).toString('hex');
  const server = new URL(inject('templateUrl'));
  const replaced = Object.entries({
    ...changes,
    '/opt/usher': join(folder, 'opt', 'usher'),
    '/usr/local/sbin': join(folder, 'usr', 'local', 'sbin'),
    '/etc/usher': join(folder, 'etc', 'usher'),
    '/etc/letsencrypt': join(folder, 'etc', 'letsencrypt'),
    '/usr/bin/node': process.execPath,
    'db.example.com:5432/usher?sslmode=verify-full': `${server.host}/usher_${mark}`,
    'DATABASE usher ': `DATABASE usher_${mark} `,
    usher_owner: `owner_${mark}`,
    usher_app: `app_${mark}`,
    '4001': first as string,
    '4002': second as string,
    'listen 80;': `listen 127.0.0.1:${http};`,
    'listen 443 ssl': `listen 127.0.0.1:${https} ssl`,
  });
  const local = (text: string) =>
    replaced
      .reduce((written, [from, to]) => written.replaceAll(from, to), text)
      .replace(/^ *listen \[::\].*\n/gm, '');
  const blocks = await readBlocks();
  const path = (file: string) => join(folder, file);
  for (const { file, text } of blocks) {
    if (file === undefined) continue;
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), local(text));
  }
  const maintenance = new URL(server);
  maintenance.pathname = 'postgres';
  const created = new URL(server);
  created.pathname = `usher_${mark}`;
  const [roles = '', grants = ''] = (await readFile(path('roles.sql'), 'utf8')).split(
    /^\\connect.*$/m,
  );
  for (const statement of roles.split(';\n')) await execute(maintenance, statement);
  await execute(created, grants);
  return {
    folder,
    ports,
    local,
    path,
    read: file => readFile(path(file), 'utf8'),
    async run(containing, cwd = folder) {
      const commands = containing.map(part => {
        const found = blocks.find(({ file, text }) => file === undefined && text.includes(part));
        if (found === undefined) throw new Error(`No block has ${part}`);
        return local(found.text);
      });
      const script = `set -eu
        curl() { command curl --silent --cacert ${path('ca.pem')} --connect-to seats.example.com:443:127.0.0.1:${https} "$@"; }
        ${commands.join('\n')}`;
      const { stdout } = await promisify(execFile)('sh', ['-c', script], {
        cwd,
        env: { PATH: `${path('usr/local/sbin')}:${process.env.PATH}` },
      });
      return stdout;
    },
    async [Symbol.asyncDispose]() {
      await execute(maintenance, `DROP DATABASE usher_${mark} WITH (FORCE)`);
      for (const role of ['owner', 'app']) await execute(maintenance, `DROP ROLE ${role}_${mark}`);
      await rm(folder, { recursive: true });
    },
  };
}

async function execute(url: URL, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Creates a certificate for the page's host name, where nginx looks for it. */
export async function installCertificate({ folder, path }: Deployment): Promise<void> {
  const live = path('etc/letsencrypt/live/seats.example.com');
  await mkdir(live, { recursive: true });
  makeCertificate(folder, 'seats.example.com');
  await cp(path('server.key'), join(live, 'privkey.pem'));
  await cp(path('server.crt'), join(live, 'fullchain.pem'));
}

/** Returns the variables of a file as systemd reads it. */
export function variablesOf(file: string): Record<string, string> {
  const lines = file.matchAll(/^(\w+)='(.*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
