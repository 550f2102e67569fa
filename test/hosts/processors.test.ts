import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { usableProcessors } from '../../src/hosts/processors.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'usher-cgroups-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The number with these files below the mount of the control groups, of eight processors. */
function usableWith(memberships: string, files: Record<string, string>): number {
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return usableProcessors({ memberships, root, available: 8 });
}

const v1 = (folder: string, quota: string) => ({
  [`${folder}/cpu.cfs_quota_us`]: quota,
  [`${folder}/cpu.cfs_period_us`]: '100000\n',
});

test.each<[string, number, string, Record<string, string>]>([
  ['without control groups', 8, '', {}],
  ['v2: no limit', 8, '0::/\n', { 'cpu.max': 'max 100000\n' }],
  ['v2: half a processor', 1, '0::/\n', { 'cpu.max': '50000 100000\n' }],
  ['v2: two and a half', 3, '0::/\n', { 'cpu.max': '250000 100000\n' }],
  ['v2: more than there are', 8, '0::/\n', { 'cpu.max': '1600000 100000\n' }],
  ['v2: of its own group', 2, '0::/pod/usher\n', { 'pod/usher/cpu.max': '200000 100000\n' }],
  [
    'v2: of a group above',
    2,
    '0::/pod/usher\n',
    { 'pod/cpu.max': '200000 100000\n', 'pod/usher/cpu.max': 'max 100000\n' },
  ],
  [
    'v2: a path that the container does not see',
    2,
    '0::/../host\n',
    { 'cpu.max': '200000 100000\n' },
  ],
  ['v1: no limit', 8, '3:cpu:/\n', v1('cpu', '-1\n')],
  ['v1: half a processor', 1, '3:cpu,cpuacct:/\n', v1('cpu,cpuacct', '50000\n')],
  ['v1: of its own group', 2, '3:cpuacct,cpu:/usher\n', v1('cpu/usher', '150000\n')],
  ['v1: a path that the container does not see', 2, '3:cpu:/docker/1\n', v1('cpu', '150000\n')],
  ['v1: of another controller', 8, '3:cpuset:/\n', v1('cpuset', '150000\n')],
  ['files that hold something else', 8, '0::/\n1:cpu:/\n', { 'cpu.max': 'x', ...v1('cpu', 'x') }],
])('%s: %i', (_name, expected, memberships, files) => {
  expect(usableWith(memberships, files)).toBe(expected);
});

const MOUNT = '/sys/fs/cgroup/cpu';

function canMakeGroups(): boolean {
  try {
    accessSync(join(MOUNT, 'cpu.cfs_quota_us'), constants.W_OK);
    return true;
  } catch {
    process.stderr.write(
      'The test of a real control group is skipped: it needs a writable one of version 1.\n',
    );
    return false;
  }
}

describe.skipIf(!canMakeGroups())('a process in a control group', () => {
  test('can use as many processors as its group allows', async () => {
    const group = join(MOUNT, `usher-test-${process.pid}`);
    mkdirSync(group);
    const child = spawn('sleep', ['60']);
    const ended = once(child, 'close');
    try {
      writeFileSync(join(group, 'cpu.cfs_quota_us'), '150000');
      writeFileSync(join(group, 'cgroup.procs'), String(child.pid));
      const memberships = readFileSync(`/proc/${child.pid}/cgroup`, 'utf8');
      expect(usableProcessors({ memberships, available: 8 })).toBe(2);
      expect(usableProcessors({ available: 8 })).toBe(8);
    } finally {
      child.kill();
      await ended;
      await expect.poll(() => rmdirSync(group), { timeout: 5_000 }).toBeUndefined();
    }
  });
});
