import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { start, type Usher } from '../../src/start.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { createFixture, type Fixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { range } from '../support/parallel.ts';
import { hasReplication, type Replication, startReplication } from '../support/replication.ts';
import { SECRET_KEY } from '../support/usher.ts';

// The primary is lost under load, and its replica takes over behind the same address.

const SEATS = 10_000;
const CLIENTS = 8;
const LONGEST_OUTAGE_MS = 15_000;

describe.skipIf(!hasReplication())('a failover', () => {
  let replication: Replication;
  let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
  let usher: Usher;
  let fixture: Fixture;
  let load: ReturnType<typeof startLoad>;
  beforeEach(async () => {
    replication = await startReplication({ synchronous: true });
    proxy = await startCuttingProxy(replication.primary.url);
    const config = readConfig({
      DATABASE_URL: proxy.url,
      SECRET_KEY,
      PORT: '0',
    });
    usher = await start(
      config,
      pino({ enabled: false }),
      () => undefined,
      new AbortController().signal,
    );
    fixture = createFixture({ seats: SEATS });
    await importFile(proxy.url, fixture.document);
  });
  afterEach(async () => {
    await load?.stop();
    await usher?.close(0);
    await proxy?.close();
    await replication?.close();
  });

  async function assign(email: string): Promise<number> {
    const answer = await fetch(`${usher.url}/v1/customer-seats`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fixture.tokens.organization}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ subscription_id: fixture.ids.subscription, email }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** Assigns with several clients until it is stopped. Returns who got a seat, and the other answers. */
  function startLoad() {
    const assigned: string[] = [];
    const others: number[] = [];
    let isStopped = false;
    const clients = range(CLIENTS).map(async client => {
      for (let n = 0; !isStopped; n += 1) {
        const email = `p${client}-${n}@globex.example`;
        const status = await assign(email);
        if (status === 200) assigned.push(email);
        else others.push(status);
      }
    });
    return {
      assigned,
      others,
      async stop() {
        isStopped = true;
        await Promise.all(clients);
        return { assigned, others };
      },
    };
  }

  const readiness = async () => {
    const answer = await fetch(`${usher.url}/health/ready`);
    const { reason } = (await answer.json()) as { reason?: string };
    return { status: answer.status, reason };
  };

  /** The addresses that the new primary has a seat for. */
  async function kept(): Promise<Set<string>> {
    const { url } = replication.replica;
    const admin = new URL(url);
    admin.username = 'admin';
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    try {
      const { rows } = await client.query<{ email: string }>(
        'SELECT m.email FROM customer_seats s JOIN members m ON m.id = s.member_id UNION SELECT s.email FROM customer_seats s',
      );
      return new Set(rows.map(({ email }) => email));
    } finally {
      await client.end();
    }
  }

  async function expectBack(since: number): Promise<void> {
    const before = load.assigned.length;
    await expect
      .poll(() => load.assigned.length, {
        timeout: LONGEST_OUTAGE_MS - (performance.now() - since),
      })
      .toBeGreaterThan(before + CLIENTS * 3);
    await expect.poll(readiness, { timeout: 5_000 }).toMatchObject({ status: 200 });
    const { assigned, others } = await load.stop();
    expect(others.filter(status => status !== 503)).toEqual([]);
    const found = await kept();
    expect(assigned.filter(email => !found.has(email))).toEqual([]);
  }

  test('to a replica whose primary was killed ends within 15 s, and loses nothing', async () => {
    load = startLoad();
    await expect.poll(() => load.assigned.length, { timeout: 20_000 }).toBeGreaterThan(50);
    const since = performance.now();
    await replication.primary.kill();
    await expect.poll(readiness, { timeout: 5_000 }).toMatchObject({ status: 503 });
    await replication.replica.promote();
    proxy.leadTo(replication.replica.url);
    await expectBack(since);
  });

  test('from a primary that turned read-only, and drops no connection, does so too', async () => {
    const { primary, replica } = replication;
    load = startLoad();
    await expect.poll(() => load.assigned.length, { timeout: 20_000 }).toBeGreaterThan(50);
    const since = performance.now();
    await primary.admin('ALTER SYSTEM SET default_transaction_read_only TO on');
    await primary.admin('SELECT pg_reload_conf()');
    await expect
      .poll(readiness, { timeout: 5_000 })
      .toMatchObject({ status: 503, reason: 'the database is read-only' });
    // Each process of PostgreSQL reads its settings by itself.
    await expect.poll(() => load.others.length, { timeout: 5_000 }).toBeGreaterThan(50);
    const writing = () =>
      primary.admin(
        "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = 'usher'",
      );
    await expect.poll(writing, { timeout: 5_000 }).toEqual([]);
    await replica.promote();
    proxy.leadTo(replica.url);
    await expectBack(since);
    expect(
      await primary.admin(
        "SELECT 1 FROM pg_stat_activity WHERE datname = 'usher' AND application_name = 'usher' AND query NOT LIKE 'LISTEN%'",
      ),
    ).toEqual([]);
  });
});
