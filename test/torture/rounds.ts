import { setTimeout as delay } from 'node:timers/promises';
import { type Random, randomOf } from '../support/seeded.ts';
import { readEvents, readSeatWrites, untilIdle } from './audit.ts';
import { type Call, LATE } from './calls.ts';
import { checkLists } from './check-lists.ts';
import { checkRows } from './check-rows.ts';
import { DEATHS } from './cluster.ts';
import { endLeases } from './drain.ts';
import { checkOrder, enter } from './ledger.ts';
import { BrokenPromise, within } from './promise.ts';
import { count } from './tally.ts';
import type { Tortured } from './tortured.ts';

/** What a round kills. */
export type Victim = 'server' | 'database' | 'both';

const LONGEST_ROUND_MS = 120_000;
const SHORTEST_LOAD_MS = 300;
const LONGEST_LOAD_MS = 2_000;

/** Kills the victim at a random moment under load, sets it up again, and checks what can be checked immediately. */
export async function playRound(tortured: Tortured, victim: Victim, seed: number): Promise<string> {
  return await within(LONGEST_ROUND_MS, 'a round ends', play(tortured, victim, randomOf(seed)));
}

async function play(tortured: Tortured, victim: Victim, random: Random): Promise<string> {
  const { usher, load, cluster, db, tally } = tortured;
  const started = performance.now();
  if (random.below(3) === 0) await usher.startWorker();
  const underWay = load.begin(random.below(2 ** 31));
  // A server that has only just started is slow; now and then it dies even so.
  if (random.below(8) > 0) await underWay;
  await delay(SHORTEST_LOAD_MS + random.below(LONGEST_LOAD_MS - SHORTEST_LOAD_MS));
  usher.checkAlive();
  const deaths = await kill(tortured, victim, random);
  await load.end();
  await cluster.start();
  usher.checkAlive();

  await untilIdle(db);
  const calls = load.calls.slice(tortured.checked);
  await checkRound(tortured, calls, victim);
  // As if usher had been away for longer than a lease lasts.
  if (usher.areDead() && random.below(2) === 0) await endLeases(db);
  if (victim === 'database') await usher.serverReady();
  else await usher.startServer();

  count(tally, 'rounds');
  for (const death of deaths) count(tally, `kills of ${death}`);
  const open = calls.filter(({ answer }) => answer.kind === 'unanswered').length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return `killed ${deaths.join(', ')}: ${calls.length} calls, ${open} without an answer, ${seconds} s`;
}

/** Kills, while the load goes on, and says what. Of a database alone usher has to survive the death. */
async function kill(
  { usher, cluster }: Tortured,
  victim: Victim,
  random: Random,
): Promise<string[]> {
  const deaths: string[] = [];
  if (victim !== 'server') {
    const death = random.pick(DEATHS);
    await cluster.die(death);
    deaths.push(`the database (${death})`);
    await delay(random.below(500));
  }
  if (victim === 'database') {
    await cluster.start();
    await delay(random.below(1000));
  } else {
    await usher.killServer();
    deaths.push('the server');
  }
  if (random.below(3) === 0 && (await usher.killWorker())) deaths.push('the worker');
  return deaths;
}

async function checkRound(
  tortured: Tortured,
  calls: readonly Call[],
  victim: Victim,
): Promise<void> {
  const { db, ledger, receiver, office, tally } = tortured;
  for (const call of calls) {
    const { answer } = call;
    if (answer.kind === 'unanswered' && answer.reason === LATE) {
      throw new BrokenPromise('every call is answered, or its connection ends', { call });
    }
    if (answer.kind === 'failed' && answer.status !== 503 && victim === 'server') {
      throw new BrokenPromise('nothing goes wrong inside usher while the database lives', { call });
    }
    const status = answer.kind === 'failed' ? ` with ${answer.status}` : '';
    count(tally, `calls ${answer.kind}${status}`);
  }
  const events = await readEvents(db, tortured.events.at(-1)?.sequence ?? 0n);
  const writes = await readSeatWrites(db, tortured.writes.at(-1)?.n ?? 0n);
  enter(ledger, { events, writes, calls });
  checkOrder(ledger);
  checkLists(ledger, calls);
  await checkRows(db, ledger);
  tortured.events.push(...events);
  tortured.writes.push(...writes);
  tortured.checked += calls.length;
  if (receiver.problem) throw receiver.problem;
  if (office.problem) throw office.problem;
}
