import { readdir, readFile } from 'node:fs/promises';

interface Process {
  pid: number;
  parent: number;
  /** Of it and of its children that have ended. */
  ticks: number;
  residentPages: number;
}

/** What a process and its children have used so far. */
export interface Usage {
  cpuMicroseconds: number;
  residentBytes: number;
}

// Linux counts in these wherever it tells a program of them.
const TICK_MICROSECONDS = 10_000;
const PAGE_BYTES = 4_096;

/** What a process, its threads and its children use, the ended ones included. Undefined where there is no /proc. */
export async function usageOf(pid: number | undefined): Promise<Usage | undefined> {
  const processes = await listProcesses();
  const tree = processes.filter(process => process.pid === pid);
  if (tree.length === 0) return undefined;
  // The loop goes on over what it adds.
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return {
    cpuMicroseconds: tree.reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MICROSECONDS,
    residentBytes: tree.reduce((sum, { residentPages }) => sum + residentPages, 0) * PAGE_BYTES,
  };
}

/** The process that started this one; undefined where there is no /proc. */
export async function parentOf(pid: number | undefined): Promise<number | undefined> {
  return (await listProcesses()).find(process => process.pid === pid)?.parent;
}

async function listProcesses(): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter(name => /^\d+$/.test(name)).map(Number);
  const processes = await Promise.all(pids.map(readProcess));
  return processes.filter(process => process !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name, in parentheses, is the second field, and may hold anything.
  const fields = stat
    ?.slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields === undefined) return undefined;
  const at = (field: number) => fields[field - 3] ?? 0;
  return {
    pid,
    parent: at(4),
    ticks: at(14) + at(15) + at(16) + at(17),
    residentPages: at(24),
  };
}
