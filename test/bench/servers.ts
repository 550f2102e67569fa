import { once } from 'node:events';
import { createInterface } from 'node:readline';
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

/** usher without and with metrics and an access log. */
export type ObservedKind = 'without' | 'with';

/** Starts usher both ways in one process, the `first` one first. The log goes to a file. */
export async function startObservedPair(
  databaseUrl: string,
  first: ObservedKind,
  log: number,
): Promise<Record<ObservedKind, Server>> {
  const environment = { ...ENVIRONMENT, DATABASE_URL: databaseUrl, SHUTDOWN_DELAY_SECONDS: '0' };
  const program = 'dist/bench/test/bench/observed-pair.js';
  const child = startProgram(program, { ...environment, FIRST: first }, log);
  const { pid, stdout } = child;
  if (pid === undefined || !stdout) throw new Error('The pair cannot be started.');
  const [line] = await Promise.race([
    once(createInterface(stdout), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The pair has ended with ${code} before it listened.`);
    }),
  ]);
  const urls: Record<ObservedKind, string> = JSON.parse(line);
  const close = () => endProgram(child);
  return {
    without: { url: urls.without, pid, close },
    with: { url: urls.with, pid, close },
  };
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
