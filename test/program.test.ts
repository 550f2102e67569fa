import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test('a program that cannot close ends all the same, and says so', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/never-closes.ts'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const ended = once(child, 'exit');
  for await (const text of child.stderr.setEncoding('utf8')) {
    log += text;
    if (log.includes('running') && !log.includes('stopping')) child.kill('SIGTERM');
  }
  expect(await ended).toEqual([1, null]);
  expect(log).toContain('could not close in time');
});
