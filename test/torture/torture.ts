import { type Random, randomOf } from '../support/seeded.ts';
import { drain, endLeases } from './drain.ts';
import { checkAll } from './final-checks.ts';
import { playRound, type Victim } from './rounds.ts';
import { count, type Tally } from './tally.ts';
import { startTortured, type Tortured } from './tortured.ts';

export interface TortureOptions {
  /** What is killed in each round. */
  victims: readonly Victim[];
  /** Repeats what is asked and killed, as far as what runs at the same time allows. */
  seed: number;
  /** How many ask at the same time. */
  callers: number;
  /** Ends the dead processes' leases instead of waiting for them at the end. */
  isHurried: boolean;
  /** Told what happens, in lines. */
  tell(line: string): void;
  /** Stops everything and leaves nothing behind. */
  signal?: AbortSignal;
}

// What is left takes a while, and up to a minute longer where a dead process has leased it.
const HURRIED_MS = 60_000;
const PATIENT_MS = 240_000;

/**
 * Kills usher and its database again and again under load of all verbs, with a webhook receiver and a mail server that
 * fail, hang and break off, and checks that nothing is lost and nothing made up. Throws BrokenPromise at the first that is not so.
 */
export async function torture(options: TortureOptions): Promise<Tally> {
  const { seed, signal } = options;
  signal?.throwIfAborted();
  const tortured = await startTortured(options);
  const work = run(options, tortured, randomOf(seed + 3));
  // Where it is given up, what it still does fails, since all is gone.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted(signal)]);
  } finally {
    await tortured.close();
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function run(options: TortureOptions, tortured: Tortured, random: Random): Promise<Tally> {
  const { victims, tell } = options;
  const { db, usher, receiver, office, tally } = tortured;
  for (const [index, victim] of victims.entries()) {
    const line = await playRound(tortured, victim, random.below(2 ** 31));
    tell(`round ${index + 1} of ${victims.length}: ${line}`);
  }

  receiver.recover();
  office.recover();
  if (options.isHurried) {
    await usher.killServer();
    await usher.killWorker();
    await endLeases(db);
    await usher.startServer();
  }
  const started = performance.now();
  await drain(db, options.isHurried ? HURRIED_MS : PATIENT_MS, tell);
  const seconds = Math.round((performance.now() - started) / 1000);
  tell(`nothing is on its way any more, after ${seconds} s`);
  usher.checkAlive();
  await usher.killWorker();
  await usher.stopServer();
  await checkAll(tortured);
  count(tally, 'seconds until all had arrived', seconds);
  return tally;
}
