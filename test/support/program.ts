import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type ProgramName = 'main' | 'worker' | 'import' | 'token';

/** A program of usher's as it is started, built. */
export interface Program {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** Resolves to the address once it is up; rejects when it ends before. */
  up(): Promise<string>;
  /** Resolves once it has written this, to either; rejects when it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to the exit code. */
  ended(): Promise<number | null>;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** In a trial it greets, otherwise it logs that it runs. */
const UP = /usher is up: (\S+)[\s\S]*\n\n$|"url":"([^"]+)","processes":\d+,"msg":"running"/;

/** Starts one on a free port, with nothing in its environment but what is given. `folder` is that of another release. */
export function runProgram(
  name: ProgramName,
  args: string[],
  env: Record<string, string>,
  folder = '.',
): Program {
  const command = [process.execPath, '--enable-source-maps', `dist/${name}.js`, ...args];
  return startProgram(command, env, folder);
}

/** Starts a command of usher's in a folder; by default, this one. */
export function startProgram(
  [file = '', ...args]: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Program {
  const child = spawn(file, args, {
    cwd,
    // Nothing in front of it has to notice that it stops.
    env: { PATH: process.env.PATH, PORT: '0', SHUTDOWN_DELAY_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const waiters: (() => void)[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const wake of waiters.splice(0)) wake();
    });
  }
  const program: Program = {
    child,
    output,
    ended: () => exit,
    async up() {
      const [, url, logged = ''] = await program.said(UP);
      return url ?? logged;
    },
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (found) return found;
        const more = new Promise<'more'>(resolve => waiters.push(() => resolve('more')));
        if ((await Promise.race([more, exit])) !== 'more') throw new Error(output.stderr);
      }
    },
    async stop(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await exit;
    },
  };
  return program;
}
