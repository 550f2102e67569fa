import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readRows } from '../../src/csv/read-rows.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createFixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { type Server, startServer } from './servers.ts';

const LOOK_EVERY_MS = 100;
const SEATS = '/v1/customer-seats';

/**
 * Assigns seats from a CSV file, sends the file again, lists the seats as CSV and revokes them from that list, and prints how
 * long each took and by how much the memory of the server grew. PostgreSQL runs with its own defaults, fsync included.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
  const rows = Number(values.rows);
  const dataDir = await mkdtemp(join(tmpdir(), 'usher-csv-'));
  // Root's server runs as another account, which has to get in.
  await chmod(dataDir, 0o755);
  const postgres = await openEmbedded({ dataDir });
  try {
    await migrate({ url: postgres.url }, { directory: MIGRATIONS });
    const { document, ids, tokens } = createFixture({ seats: rows + 1_000 });
    await importFile(postgres.url, document);
    const server = await startServer('usher', postgres.url);
    try {
      await runAll(server, ids.subscription, tokens.organization, rows);
    } finally {
      await server.close();
    }
  } finally {
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runAll(server: Server, pool: string, token: string, rows: number): Promise<void> {
  const query = `?subscription_id=${pool}`;
  const call = (method: string, path: string) =>
    request(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'text/csv',
        ...(method === 'POST' && { 'content-type': 'text/csv' }),
      },
    });
  const send = (path: string, file: Iterable<string>, readsLast = false) =>
    exchange(call('POST', path), file, readsLast);
  const people = (count: number, name: string) => fileOf(count, i => `${name}-${i}@globex.example`);
  await send(`${SEATS}/batch${query}`, people(1_000, 'warm-up'));
  const first = memoryOf(server);
  const measured = async (name: string, work: () => Promise<string>) => {
    const started = performance.now();
    const memory = memoryOf(server);
    const text = await work();
    const seconds = (performance.now() - started) / 1000;
    const [before, most] = await memory.stop();
    process.stdout.write(
      `${name}: ${await countsOf(text)} in ${seconds.toFixed(1)} s, answer ${megabytes(text.length)} MB, ` +
        `memory ${megabytes(before)} MB, at most ${megabytes(most)} MB\n`,
    );
    return text;
  };
  await measured('assign', () => send(`${SEATS}/batch${query}`, people(rows, 'person')));
  await measured('assign again, read after all is sent', () =>
    send(`${SEATS}/batch${query}`, people(rows, 'person'), true),
  );
  const list = await measured('list', () => exchange(call('GET', SEATS + query), []));
  await measured('revoke', () => send(`${SEATS}/revoke-batch`, list.match(/.{1,65536}/gs) ?? []));
  const [before, most] = await first.stop();
  process.stdout.write(`memory grew by ${megabytes(most - before)} MB\n`);
}

function* fileOf(rows: number, addressOf: (row: number) => string): Generator<string> {
  yield 'email,metadata.department\r\n';
  for (let row = 0; row < rows; row++) yield `${addressOf(row)},Engineering\r\n`;
}

/** Sends a file and returns the answer, read meanwhile or after all is sent. */
async function exchange(
  sending: ReturnType<typeof request>,
  file: Iterable<string>,
  readsLast = false,
): Promise<string> {
  const responding = once(sending, 'response') as Promise<[IncomingMessage]>;
  const sent = (async () => {
    for (const text of file) if (!sending.write(text)) await once(sending, 'drain');
    sending.end();
  })();
  if (readsLast) await sent;
  const [response] = await responding;
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  await sent;
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text}`);
  return text;
}

/** How many rows of an answer have each result; of a list, each state. */
async function countsOf(text: string): Promise<string> {
  const counts = new Map<string, number>();
  let place = -1;
  for await (const { cells } of readRows(Readable.from([Buffer.from(text)]))) {
    if (place < 0) place = cells.indexOf(cells.includes('result') ? 'result' : 'status');
    else counts.set(cells[place] ?? '', (counts.get(cells[place] ?? '') ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

/** Samples the memory of the server. */
function memoryOf({ pid }: Server) {
  const sizes: number[] = [];
  const stop = new AbortController();
  const sampling = (async () => {
    while (!stop.signal.aborted) {
      sizes.push(await residentBytes(pid));
      await delay(LOOK_EVERY_MS);
    }
  })();
  return {
    /** Returns the first and the largest sample. */
    async stop(): Promise<[number, number]> {
      stop.abort();
      await sampling;
      return [sizes[0] ?? 0, Math.max(0, ...sizes)];
    },
  };
}

/** How much memory a process has, on Linux; 0 elsewhere. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

await main();
