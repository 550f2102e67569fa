import { callOf, send } from './calls.ts';
import type { BenchDatabase } from './database.ts';
import { median, round } from './results.ts';
import { startServer } from './servers.ts';
import { type Kind, WORKLOADS } from './workloads.ts';

const STARTS = 5;

/** How long each kind takes from its start to its first answer, in milliseconds: the medians of some starts in turns. */
export async function measureColdStarts(
  kinds: readonly Kind[],
  database: BenchDatabase,
): Promise<Partial<Record<Kind, number>>> {
  const times = new Map<Kind, number[]>(kinds.map(kind => [kind, []]));
  for (let start = 0; start < STARTS; start++) {
    for (const [kind, milliseconds] of times) {
      milliseconds.push(await measureStart(kind, database));
    }
  }
  return Object.fromEntries([...times].map(([kind, values]) => [kind, round(median(values))]));
}

async function measureStart(kind: Kind, { url, data }: BenchDatabase): Promise<number> {
  const [target] = data[WORKLOADS.W1.of];
  if (!target) throw new Error('There is no seat to ask for.');
  const started = performance.now();
  const server = await startServer(kind, url);
  try {
    const api = kind === 'b' ? 'bare' : 'graphql';
    const { status, text } = await send(server.url, callOf(api, 'seat', target));
    if (status !== 200) throw new Error(`${kind}'s first answer is ${status} ${text}`);
    return performance.now() - started;
  } finally {
    await server.close();
  }
}
