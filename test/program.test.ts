import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test.each([
  ['close', 'never-closes.ts'],
  ['start', 'never-starts.ts'],
])('a program that cannot %s ends all the same, and says so', async (_, file) => {
  const child = spawn(process.execPath, ['--import', 'tsx', `test/support/${file}`], {
    env: { ...process.env, SHUTDOWN_DELAY_SECONDS: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let isAsked = false;
  let log = '';
  const ended = once(child, 'exit');
  for await (const text of child.stderr.setEncoding('utf8')) {
    log += text;
    if (log.includes('running') && !isAsked) isAsked = child.kill('SIGTERM');
  }
  expect(await ended).toEqual([1, null]);
  expect(log).toContain('could not close in time');
});
