import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createFixture } from '../support/fixture.ts';
import { importFile, SECRET_KEY } from '../support/import.ts';
import { MIGRATIONS } from '../support/postgres.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
const EVENTS_OF_A_SEAT = 5;
const LOOK_EVERY_MS = 1_000;
const LONGEST_MS = 20 * 60_000;

/**
 * Drains waiting events through one worker to one endpoint that answers immediately, and prints how many a second, and how
 * much memory the worker took. PostgreSQL runs with its own defaults, fsync included.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { events: { type: 'string', default: '100000' } } });
  const events = Number(values.events);
  const dataDir = await mkdtemp(join(tmpdir(), 'usher-drain-'));
  // Root's server runs as another account, which has to get in.
  await chmod(dataDir, 0o755);
  const postgres = await openEmbedded({ dataDir });
  const receiver = await startReceiver();
  try {
    await migrate({ url: postgres.url }, { directory: MIGRATIONS });
    const organizationId = await addEndpoint(postgres.url, receiver.url);
    await addEvents(postgres.url, organizationId, events);
    await drain(postgres.url, events, receiver.count);
  } finally {
    receiver.close();
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startReceiver() {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      count += 1;
      response.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    count: () => count,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function addEndpoint(url: string, receiverUrl: string): Promise<string> {
  const { document, ids } = createFixture();
  const endpoint = {
    id: crypto.randomUUID(),
    url: receiverUrl,
    secret: 'whsec_drain',
    events: ['customer_seat.assigned', 'customer_seat.claimed', 'customer_seat.revoked'],
  };
  const organizations = document.organizations.map(organization => ({
    ...organization,
    webhookEndpoints: [endpoint],
  }));
  await importFile(url, { ...document, organizations });
  return ids.organization;
}

/** Events as the verbs record them, without the seats, which no one looks at. */
async function addEvents(url: string, organizationId: string, events: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO outbox_events (organization_id, id, type, seat_id, payload, actor_kind, actor_channel)
     SELECT $1, gen_random_uuid(), 'customer_seat.claimed',
            md5((n % $3)::text)::uuid,
            json_build_object('id', md5((n % $3)::text)::uuid, 'status', 'claimed', 'email', 'sam@globex.example',
                              'filler', repeat('x', 600)),
            'system', 'worker'
       FROM generate_series(1, $2::integer) AS n`,
    [organizationId, events, Math.ceil(events / EVENTS_OF_A_SEAT)],
  );
  await client.query('ANALYZE');
  await client.end();
}

async function drain(url: string, events: number, received: () => number): Promise<void> {
  const worker = spawn(process.execPath, [WORKER], {
    env: {
      ...process.env,
      DATABASE_URL: url,
      SECRET_KEY,
      WEBHOOK_PRIVATE_ADDRESSES: 'true',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const started = performance.now();
    const rates: number[] = [];
    const sizes: number[] = [];
    let before = 0;
    while (received() < events) {
      await delay(LOOK_EVERY_MS);
      if (worker.exitCode !== null) throw new Error('The worker has ended.');
      if (performance.now() - started > LONGEST_MS) throw new Error('The events do not drain.');
      rates.push(received() - before);
      before = received();
      sizes.push(await residentMegabytes(worker.pid));
      process.stderr.write(`\r${before} of ${events}, ${rates.at(-1)} in the last second   `);
    }
    const seconds = (performance.now() - started) / 1000;
    // The first seconds are the start, the last is not whole.
    const steady = rates.slice(3, -1).sort((a, b) => a - b);
    process.stderr.write('\n');
    process.stdout.write(
      `${events} events in ${seconds.toFixed(1)} s: ${Math.round(events / seconds)} a second ` +
        `(per second: least ${steady[0]}, median ${steady[steady.length >> 1]}, most ${steady.at(-1)}), ` +
        `resident memory at most ${Math.max(...sizes)} MB\n`,
    );
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
}

/** How much memory a process has, on Linux; 0 elsewhere. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

await main();
