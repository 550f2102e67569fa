import { CLIENTS, type ClientName } from './clients.ts';
import type { BenchData } from './data.ts';

/** The programs that are measured: usher, the bare server, the stack as its documents show it. */
export type Kind = 'usher' | 'b' | 'untuned';

/** In which form a server is asked. */
export type Api = 'graphql' | 'rest' | 'bare';

/** What is asked of it. */
export type Task = 'seat' | 'subscription' | 'assign' | 'list';

interface WorkloadPlan {
  title: string;
  api: Exclude<Api, 'bare'>;
  task: Task;
  /** Of which rows one is drawn for each request. */
  of: keyof BenchData;
  /** The client whose requests are sent; the plainest request where it is left out. */
  client?: ClientName;
}

const ONE_SEAT = { api: 'graphql', task: 'seat', of: 'seats' } as const;

/** All that is measured, by name. */
export const WORKLOADS = {
  W1: { title: 'one seat by id', ...ONE_SEAT },
  W2: { title: 'counts and 50 of 1,000 seats', api: 'graphql', task: 'subscription', of: 'large' },
  W3: { title: 'assign, any subscription', api: 'graphql', task: 'assign', of: 'small' },
  W3h: { title: 'assign, one subscription', api: 'graphql', task: 'assign', of: 'hot' },
  'rest.W3': { title: 'assign, any subscription', api: 'rest', task: 'assign', of: 'small' },
  'rest.W3h': { title: 'assign, one subscription', api: 'rest', task: 'assign', of: 'hot' },
  'rest.list50': { title: 'list 50 seats', api: 'rest', task: 'list', of: 'fifty' },
  'client.apollo': { title: 'one seat by id', ...ONE_SEAT, client: 'apollo' },
  'client.urql': { title: 'one seat by id', ...ONE_SEAT, client: 'urql' },
  'client.relay': { title: 'one seat by id', ...ONE_SEAT, client: 'relay' },
  'client.graphql-request': { title: 'one seat by id', ...ONE_SEAT, client: 'graphql-request' },
  'client.gateway': { title: 'one seat by id', ...ONE_SEAT, client: 'gateway' },
  'client.browser': { title: 'one seat by id', ...ONE_SEAT, client: 'browser' },
} as const satisfies Record<string, WorkloadPlan>;

export type Workload = keyof typeof WORKLOADS;

/** Whether a name, such as one from the command line, is a workload's. */
export function isWorkload(name: string): name is Workload {
  return Object.hasOwn(WORKLOADS, name);
}

/** Every workload, in their order. */
export const ALL_WORKLOADS: readonly Workload[] = Object.keys(WORKLOADS).filter(isWorkload);

/** The client whose requests a workload sends; undefined for the plainest request. */
export function clientOf(workload: Workload): ClientName | undefined {
  const { client }: WorkloadPlan = WORKLOADS[workload];
  return client;
}

/** The plain request that those of the clients are compared with. */
export const PLAIN: Workload = 'W1';

/** The workloads that send what clients send, after the plain request. */
export const CLIENT_WORKLOADS: readonly Workload[] = [
  PLAIN,
  ...ALL_WORKLOADS.filter(workload => clientOf(workload) !== undefined),
];

/** The workloads that send plain requests. */
export const PLAIN_WORKLOADS: readonly Workload[] = ALL_WORKLOADS.filter(
  workload => clientOf(workload) === undefined,
);

/** Names a workload for people. */
export function titleOf(workload: Workload): string {
  const client = clientOf(workload);
  const { title } = WORKLOADS[workload];
  return client === undefined ? title : `${title}, as ${CLIENTS[client].title} sends it`;
}

/**
 * In which form a server is asked; undefined where it is not. The bare server has one form for all. The untuned one has
 * no REST API. Only usher is asked as clients do.
 */
export function apiOf(kind: Kind, workload: Workload): Api | undefined {
  const { api } = WORKLOADS[workload];
  if (clientOf(workload) !== undefined && kind !== 'usher') return undefined;
  if (kind === 'b') return 'bare';
  return kind === 'untuned' && api === 'rest' ? undefined : api;
}
