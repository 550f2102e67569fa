import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type ProgramName = 'main' | 'worker' | 'import' | 'token';

/** A running program of usher's, from the build. */
export interface Program {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** Resolves to the address once the program is up; rejects if it ends before. */
  up(): Promise<string>;
  /** Resolves once the program has written a match to either output; rejects if it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to the exit code. */
  ended(): Promise<number | null>;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** In a trial, the program prints a greeting; otherwise, it logs that it runs. */
const UP = /usher is up: (\S+)[\s\S]*\n\n$|"url":"([^"]+)","processes":\d+,"msg":"running"/;

/** Starts a program on a free port, with only the given environment. `folder` is that of another release. */
export function runProgram(
  name: ProgramName,
  args: string[],
  env: Record<string, string>,
  folder = '.',
): Program {
  const command = [process.execPath, '--enable-source-maps', `dist/${name}.js`, ...args];
  return startProgram(command, env, folder);
}

/** Starts a command of usher's in a folder; by default, the current one. */
export function startProgram(
  [file = '', ...args]: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Program {
  const child = spawn(file, args, {
    cwd,
    // No proxy in front of it has to notice that it stops.
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
