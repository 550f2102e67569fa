import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The top of the project, where every program is started. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// As long as usher gives requests under way when it is told to end.
const PATIENCE_MS = 15_000;

/** Starts a program of ours with nothing but the given environment. It does not outlive us. `log` takes its standard error. */
export function startProgram(
  entry: string,
  env: Record<string, string>,
  log: number | 'inherit' = 'inherit',
): ChildProcess {
  const child = spawn(process.execPath, [entry], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    // In a group of its own: an interrupt from the terminal is for us to pass on.
    detached: true,
    stdio: ['ignore', 'pipe', log],
  });
  return takeAlong(child);
}

/** Starts a program of ours that talks with us. It does not outlive us. */
export function startTalking(entry: string): ChildProcess {
  return takeAlong(fork(entry, { cwd: ROOT, detached: true, execArgv: [] }));
}

const running = new Set<ChildProcess>();
let isWatching = false;

function takeAlong(child: ChildProcess): ChildProcess {
  if (!isWatching) process.once('exit', killAll);
  isWatching = true;
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Asks it to end, and sees that it does. */
export async function endProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(deadline);
}
