import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** A parent's request for the metrics of a process. */
interface Question {
  metricsOf: number;
}

interface Answer extends Question {
  metrics: object[];
}

const PATIENCE_MS = 2_000;

/**
 * Makes the metrics of one of several processes available to its parent. Each process has its own series, with its number in
 * the label `process`: a sum would decrease when a process restarts and its counters begin at zero.
 */
export function shareMetrics({ registry }: Metrics, number: string): void {
  registry.setDefaultLabels({ process: number });
  process.on('message', async (message: Partial<Question>) => {
    if (message.metricsOf === undefined) return;
    const metrics = await registry.getMetricsAsJSON();
    process.send?.({ metricsOf: message.metricsOf, metrics } satisfies Answer);
  });
}

/**
 * Returns a function for the parent of several processes that collects the metrics of all. It leaves out a process that does
 * not answer within two seconds, such as one that is starting.
 */
export function createClusterMetrics(): () => Promise<string> {
  let questions = 0;

  /** Resolves to the metrics of a process; to an empty list if the process does not answer. */
  async function ask(child: Worker): Promise<object[]> {
    questions += 1;
    const number = questions;
    let take = (_answer: Partial<Answer>): void => undefined;
    let patience: NodeJS.Timeout | undefined;
    const answered = new Promise<object[]>(resolve => {
      take = ({ metricsOf, metrics = [] }) => {
        if (metricsOf === number) resolve(metrics);
      };
      patience = setTimeout(resolve, PATIENCE_MS, []);
    });
    child.on('message', take);
    child.send({ metricsOf: number } satisfies Question);
    const metrics = await answered;
    clearTimeout(patience);
    child.off('message', take);
    return metrics;
  }

  return async () => {
    const children = Object.values(cluster.workers ?? {}).filter(child => child !== undefined);
    const answers = await Promise.all(children.filter(child => child.isConnected()).map(ask));
    return await AggregatorRegistry.aggregate(answers).metrics();
  };
}
