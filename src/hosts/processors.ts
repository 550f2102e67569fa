import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

export interface ProcessorOptions {
  /** The contents of `/proc/self/cgroup`. */
  memberships?: string;
  /** Where the control groups are mounted. */
  root?: string;
  /** The processors on which this process may run. */
  available?: number;
}

/** The mounts of the version 1 controller, by the names that systems give it. */
const MOUNTS_OF_V1 = ['cpu', 'cpu,cpuacct', 'cpuacct,cpu'];

/**
 * Returns the number of processors that this process can use: those on which it may run, or fewer if a limit of its control
 * groups (Docker's `--cpus`, Kubernetes' `limits.cpu`) allows less time. Rounds up; at least 1.
 */
export function usableProcessors({
  memberships = read('/proc/self/cgroup') ?? '',
  root = '/sys/fs/cgroup',
  available = availableParallelism(),
}: ProcessorOptions = {}): number {
  const limits = memberships.split('\n').flatMap(line => limitsOf(line, root));
  return Math.max(1, Math.ceil(Math.min(available, ...limits)));
}

/** Returns the limits of a control group and its ancestors, in processors. A line is `number:controllers:path`. */
function limitsOf(line: string, root: string): number[] {
  const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
  if (controllers === undefined || path === undefined) return [];
  if (controllers === '') return upwards(path).flatMap(group => limitOfV2(join(root, group)));
  if (!controllers.split(',').includes('cpu')) return [];
  return MOUNTS_OF_V1.flatMap(mount =>
    upwards(path).flatMap(group => limitOfV1(join(root, mount, group))),
  );
}

/** Returns a path and its parent folders. In a container, possibly only the last of them exists. */
function upwards(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...upwards(dirname(path))];
}

/** `cpu.max` is `quota period` or `max period`, in microseconds. */
function limitOfV2(folder: string): number[] {
  const [quota, period] = read(join(folder, 'cpu.max'))?.trim().split(' ') ?? [];
  return quotient(quota, period);
}

/** A quota of -1 means no limit. */
function limitOfV1(folder: string): number[] {
  return quotient(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us')));
}

function quotient(quota: string | undefined, period: string | undefined): number[] {
  const limit = Number(quota) / Number(period);
  return limit > 0 && Number.isFinite(limit) ? [limit] : [];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
