import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../support/free-port.ts';
import { endProgram, startProgram } from './child.ts';
import type { Kind } from './workloads.ts';

/** A server that is up. */
export interface Server {
  url: string;
  pid: number;
  close(): Promise<void>;
}

const PROGRAMS: Record<Kind, string> = {
  usher: 'dist/main.js',
  b: 'dist/bench/test/bench/limit-b.js',
  untuned: 'dist/bench/test/bench/untuned.js',
};

const ENVIRONMENT = {
  SECRET_KEY: 'a key for the bench, thirty-two bytes',
  HOST: '127.0.0.1',
  PORT: '0',
  WORKER: 'false',
  DEMO: 'false',
  LOG_LEVEL: 'warn',
};

/** Starts one on a free port of 127.0.0.1, with further settings, and waits until it tells its address. */
export async function startServer(
  kind: Kind,
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<Server> {
  const child = startProgram(PROGRAMS[kind], {
    ...ENVIRONMENT,
    DATABASE_URL: databaseUrl,
    // The address is in its greeting, for people.
    LOG_FORMAT: 'pretty',
    ...environment,
  });
  const { pid, stdout } = child;
  if (pid === undefined || !stdout) throw new Error(`${kind} cannot be started.`);
  const lines = createInterface(stdout);
  const url = await Promise.race([
    firstAddress(lines),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${kind} has ended with ${code} before it listened.`);
    }),
  ]);
  return { url, pid, close: () => endProgram(child) };
}

/** Starts usher as production runs it, with its log in a file, and waits until it is ready. */
export async function startObserved(
  databaseUrl: string,
  log: number,
  environment: Record<string, string>,
): Promise<Server> {
  const port = String(await freePort());
  const settings = { ...ENVIRONMENT, DATABASE_URL: databaseUrl, PORT: port, LOG_FORMAT: 'json' };
  const child = startProgram(PROGRAMS.usher, { ...settings, ...environment }, log);
  const { pid } = child;
  if (pid === undefined) throw new Error('usher cannot be started.');
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`usher has ended with ${child.exitCode}.`);
  }
  return { url, pid, close: () => endProgram(child) };
}

/** What it writes after this is read too, and dropped, so that it never waits for us. */
function firstAddress(lines: NodeJS.EventEmitter): Promise<string> {
  return new Promise(resolve => {
    lines.on('line', (line: string) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}
