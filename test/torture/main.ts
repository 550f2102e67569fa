import { parseArgs } from 'node:util';
import { randomOf } from '../support/seeded.ts';
import { BrokenPromise } from './promise.ts';
import type { Victim } from './rounds.ts';
import { tableOf } from './tally.ts';
import { torture } from './torture.ts';

const USAGE = 'npm run torture -- [--rounds N] [--seed S]';
const ROUNDS = 50;
const CALLERS = 32;
// Of ten rounds: mostly the server dies, now and then the database, or both.
const ODDS: readonly [Victim, ...Victim[]] = [
  'server',
  ...Array<Victim>(6).fill('server'),
  'database',
  'database',
  'both',
];

async function main(): Promise<void> {
  const { rounds, seed } = readArguments();
  const random = randomOf(seed);
  const tell = (line: string) => void process.stdout.write(`${line}\n`);
  tell(`seed ${seed}`);
  const stop = new AbortController();
  const interrupt = () => stop.abort('interrupted');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const victims = Array.from({ length: rounds }, () => random.pick(ODDS));
    const options = { victims, seed, callers: CALLERS, tell, signal: stop.signal };
    const tally = await torture({ ...options, isHurried: false });
    tell(tableOf(tally));
    tell('Every promise was kept.');
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function readArguments(): { rounds: number; seed: number } {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, seed: { type: 'string' } },
  });
  const { rounds = `${ROUNDS}`, seed = `${Math.floor(Math.random() * 2 ** 31)}` } = values;
  for (const number of [rounds, seed]) {
    if (!/^\d{1,10}$/.test(number)) throw new Error(`${number} is no number: ${USAGE}`);
  }
  return { rounds: Number(rounds), seed: Number(seed) };
}

try {
  await main();
} catch (error) {
  const isExpected = error instanceof BrokenPromise || !(error instanceof Error);
  process.stderr.write(`${isExpected ? error : error.stack}\n`);
  // What was under way when it was given up would go on for a while.
  process.exit(1);
}
