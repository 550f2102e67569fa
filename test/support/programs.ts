import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SECRET_KEY, type TestUsher } from './usher.ts';

/** Runs one of the built programs as a user would, on the database of the server under test. */
export async function runProgram(
  usher: Pick<TestUsher, 'databaseUrl'>,
  name: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await runToEnd(name, args, { DATABASE_URL: usher.databaseUrl, SECRET_KEY });
}

/** Runs a built program to its end, with only the given environment. `folder` is that of another release. */
export async function runToEnd(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  folder = '.',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', `dist/${name}.js`, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (output.stderr += text));
  const [code] = await once(child, 'close');
  return { code, ...output };
}
