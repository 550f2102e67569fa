import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';
import { BrokenPromise } from './promise.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 30_000;
const POLL_MS = 20;

/** usher's server, and another process that only delivers, as they are started in production. */
export interface UsherProcesses {
  url: string;
  /** Starts the server, and waits until it is ready. */
  startServer(): Promise<void>;
  /** Waits until the server is ready again, after the database has been away. */
  serverReady(): Promise<void>;
  /** Starts the worker unless it runs, and waits until it works. */
  startWorker(): Promise<void>;
  /** Throws BrokenPromise where one has ended by itself. */
  checkAlive(): void;
  /** Whether nothing of usher runs. */
  areDead(): boolean;
  /** kill -9. */
  killServer(): Promise<void>;
  /** kill -9; says whether it ran. */
  killWorker(): Promise<boolean>;
  /** Asks the server to stop, and expects it to do so in order. */
  stopServer(): Promise<void>;
  /** Kills what runs, and starts nothing any more. */
  close(): Promise<void>;
}

/** Nothing runs yet. */
export function createUsher(port: number, settings: Record<string, string>): UsherProcesses {
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    PUBLIC_URL: url,
    DEMO: 'false',
    LOG_LEVEL: 'info',
    // Everybody calls from one address, as fast as they can.
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_WRONG_TOKENS: '0',
    ...settings,
  };
  let server: Child | undefined;
  let worker: Child | undefined;
  let isClosed = false;

  const run = async (program: 'main' | 'worker') => {
    if (isClosed) throw new Error('usher is not started any more.');
    return await startChild(process.execPath, [`dist/${program}.js`], { cwd: ROOT, env });
  };

  async function serverReady(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    while (!(await isReady(url))) {
      const log = server?.lastWords();
      if (!server?.isAlive()) throw new BrokenPromise('the server starts', { log });
      if (performance.now() > deadline) {
        throw new BrokenPromise('the server becomes ready', { log });
      }
      await delay(POLL_MS);
    }
  }

  async function killServer(): Promise<void> {
    await server?.end('SIGKILL');
    server = undefined;
  }

  async function killWorker(): Promise<boolean> {
    if (!worker) return false;
    await worker.end('SIGKILL');
    worker = undefined;
    return true;
  }

  return {
    url,
    async startServer() {
      server = await run('main');
      await serverReady();
    },
    serverReady,
    async startWorker() {
      if (worker) return;
      worker = await run('worker');
      const deadline = performance.now() + READY_MS;
      while (!worker.hasBegun('"running"')) {
        const log = worker.lastWords();
        if (!worker.isAlive()) throw new BrokenPromise('the worker starts', { log });
        if (performance.now() > deadline)
          throw new BrokenPromise('the worker becomes ready', { log });
        await delay(POLL_MS);
      }
    },
    checkAlive() {
      for (const [name, child] of Object.entries({ server, worker })) {
        if (child === undefined || child.isAlive()) continue;
        throw new BrokenPromise(`the ${name} goes on until it is told to end`, {
          log: child.lastWords(),
        });
      }
    },
    areDead: () => !server?.isAlive() && !worker?.isAlive(),
    killServer,
    killWorker,
    async stopServer() {
      const log = server?.lastWords();
      const code = await server?.end('SIGTERM');
      if (code !== 0) throw new BrokenPromise('the server stops in order', { code, log });
      server = undefined;
    },
    async close() {
      isClosed = true;
      await killServer();
      await killWorker();
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).status === 200;
  } catch {
    return false;
  }
}
