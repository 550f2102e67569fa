import { type Contender, type Figures, measure } from './measure.ts';
import { apiOf, type Workload } from './workloads.ts';

// V8 goes on optimizing for some thousands of requests, which is worth more than twofold.
const WARM_UP = 3;

/** One run. */
export interface Sample {
  round: number;
  workload: Workload;
  contender: string;
  figures: Figures;
}

export interface RoundsOptions {
  contenders: readonly Contender[];
  workloads: readonly Workload[];
  rounds: number;
  /** How long each run takes. */
  seconds: number;
  /** How long each workload runs on each server before the first round; three times a run where it is left out. */
  warmUpSeconds?: number;
  /** Told of what is going on. */
  tell: (message: string) => void;
}

/**
 * Runs every workload on every server that knows it, in rounds: one server right after the other, each first in its
 * turn, so that what one round's figures have to each other owes little to what else the machine was doing.
 */
export async function runRounds(options: RoundsOptions): Promise<Sample[]> {
  const { contenders, workloads, rounds, seconds, tell } = options;
  const { warmUpSeconds = seconds * WARM_UP } = options;
  const competing = (workload: Workload) =>
    contenders.filter(({ kind }) => apiOf(kind, workload) !== undefined);
  for (const workload of workloads) {
    for (const contender of competing(workload)) {
      tell(`warming up ${workload} ${contender.name}`);
      await measure(contender, workload, warmUpSeconds);
    }
  }
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads) {
      for (const contender of rotate(competing(workload), round)) {
        tell(`round ${round + 1} of ${rounds}: ${workload} ${contender.name}`);
        const { figures } = await measure(contender, workload, seconds);
        samples.push({ round, workload, contender: contender.name, figures });
      }
    }
  }
  return samples;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const at = by % Math.max(items.length, 1);
  return [...items.slice(at), ...items.slice(0, at)];
}
