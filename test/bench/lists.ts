import { parseArgs } from 'node:util';
import { embeddedSettings } from '../../src/database.ts';
import { openPostgres } from './database.ts';
import { LISTS, loadSeats, token } from './lists-data.ts';
import { usageOf } from './processes.ts';
import { startServer } from './servers.ts';

// What the first page of each list costs in an organization with very many seats. Ends with 1 if one costs too much.

const { values: options } = parseArgs({
  options: {
    seats: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '20' },
    /** The most CPU time of the server and PostgreSQL for one page, in milliseconds. */
    limit: { type: 'string', default: '25' },
    /** The same where rows have to be searched or counted. */
    'search-limit': { type: 'string', default: '80' },
  },
});
const seats = Number(options.seats);
const rounds = Number(options.rounds);
const limitOf = (name: string) =>
  Number(
    /search|metadata|usage|pools’ customers/.test(name) ? options['search-limit'] : options.limit,
  );
/** The first requests of all are compiled, and the first of each list read its blocks. */
const WARM_UP = { all: 500, each: 5 };

const postgres = await openPostgres(embeddedSettings());
try {
  const { url, client, postmaster } = await postgres.addDatabase('lists', {
    small: { pools: 1, seats: 1 },
    large: { pools: 1, seats: 1 },
    hot: { pools: 1, seats: 0 },
    fifty: { pools: 1, seats: 1 },
  });
  process.stderr.write(`loading ${seats.toLocaleString('en')} seats\n`);
  await loadSeats(client, seats);
  const server = await startServer('usher', url);

  const read = async (name: string, query: string) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    if (text.includes('"errors"')) throw new Error(`${name}: ${text.slice(0, 500)}`);
  };
  const cpuMsOf = async (pid: number | undefined) =>
    ((await usageOf(pid))?.cpuMicroseconds ?? 0) / 1_000;

  const lists = Object.entries(LISTS);
  for (let i = 0; i < WARM_UP.all; i += 1) {
    const [name, query] = lists[i % lists.length] as [string, string];
    await read(name, query);
  }
  for (const [name, query] of lists) {
    for (let i = 0; i < WARM_UP.each; i += 1) await read(name, query);
    const before = [await cpuMsOf(server.pid), await cpuMsOf(postmaster)] as const;
    const started = performance.now();
    for (let i = 0; i < rounds; i += 1) await read(name, query);
    const wallMs = (performance.now() - started) / rounds;
    const serverMs = ((await cpuMsOf(server.pid)) - before[0]) / rounds;
    const postgresMs = ((await cpuMsOf(postmaster)) - before[1]) / rounds;
    const cpuMs = serverMs + postgresMs;
    const isOver = cpuMs > limitOf(name);
    if (isOver) process.exitCode = 1;
    const figures = [cpuMs, serverMs, postgresMs, wallMs].map(ms => ms.toFixed(1).padStart(7));
    process.stdout.write(
      `${name.padEnd(50)} ${figures[0]} ms CPU (server${figures[1]}, PostgreSQL${figures[2]}), ${figures[3]} ms${isOver ? '  OVER' : ''}\n`,
    );
  }
  await server.close();
} finally {
  await postgres.close();
}
