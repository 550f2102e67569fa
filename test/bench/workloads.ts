import type { BenchData } from './data.ts';

/** The programs that are measured: usher, the bare server, the stack as its documents show it. */
export type Kind = 'usher' | 'b' | 'untuned';

/** In which form a server is asked. */
export type Face = 'graphql' | 'rest' | 'bare';

/** What is asked of it. */
export type Task = 'seat' | 'subscription' | 'assign' | 'list';

interface WorkloadPlan {
  title: string;
  face: Exclude<Face, 'bare'>;
  task: Task;
  /** Of which rows one is drawn for each request. */
  of: keyof BenchData;
}

/** All that is measured, by name. */
export const WORKLOADS = {
  W1: { title: 'one seat by id', face: 'graphql', task: 'seat', of: 'seats' },
  W2: { title: 'counts and 50 of 1,000 seats', face: 'graphql', task: 'subscription', of: 'large' },
  W3: { title: 'assign, any subscription', face: 'graphql', task: 'assign', of: 'small' },
  W3h: { title: 'assign, one subscription', face: 'graphql', task: 'assign', of: 'hot' },
  'rest.W3': { title: 'assign, any subscription', face: 'rest', task: 'assign', of: 'small' },
  'rest.W3h': { title: 'assign, one subscription', face: 'rest', task: 'assign', of: 'hot' },
  'rest.list50': { title: 'list 50 seats', face: 'rest', task: 'list', of: 'fifty' },
} as const satisfies Record<string, WorkloadPlan>;

export type Workload = keyof typeof WORKLOADS;

/** Whether a name, such as one from the command line, is a workload's. */
export function isWorkload(name: string): name is Workload {
  return Object.hasOwn(WORKLOADS, name);
}

/** Every workload, in their order. */
export const ALL_WORKLOADS: readonly Workload[] = Object.keys(WORKLOADS).filter(isWorkload);

/** The bare server has one form for all; the untuned one speaks GraphQL alone. */
export function faceOf(kind: Kind, workload: Workload): Face | undefined {
  const { face } = WORKLOADS[workload];
  if (kind === 'b') return 'bare';
  return kind === 'untuned' && face === 'rest' ? undefined : face;
}
