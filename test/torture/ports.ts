import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Random } from '../support/seeded.ts';

const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * A port that is free now, and stays so while what listens there is dead: it is below those that the system gives to
 * outgoing connections, of which there are thousands here.
 */
export async function findLastingPort(random: Random): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + random.below(HIGHEST - LOWEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`There is no free port between ${LOWEST} and ${HIGHEST}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
