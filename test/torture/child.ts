import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of ours, which does not outlive us. */
export interface Child {
  readonly pid: number;
  isAlive(): boolean;
  /** Sends the signal and waits for the end; answers the exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Whether it has begun by writing this, among other things, to standard error. */
  hasBegun(text: string): boolean;
  /** The end of what it wrote to standard error. */
  lastWords(): string;
}

const KEPT_CHARACTERS = 4_000;

/** Starts a process with nothing but the given environment. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>,
): Promise<Child> {
  // In a group of its own: an interrupt from the terminal is for us to pass on.
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let first = '';
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    first = (first + text).slice(0, KEPT_CHARACTERS);
    last = (last + text).slice(-KEPT_CHARACTERS);
  });
  const ended = once(child, 'close');
  const takeAlong = () => void child.kill('SIGKILL');
  process.on('exit', takeAlong);
  child.once('close', () => process.off('exit', takeAlong));
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    isAlive: () => !hasEnded(child),
    async end(signal) {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
    hasBegun: text => first.includes(text),
    lastWords: () => last,
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
