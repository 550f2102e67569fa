import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database.ts';
import { start, type Usher } from '../../src/start.ts';
import { runDoctor } from '../doctor/run-doctor.ts';
import { createFixture, type Fixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { range } from '../support/parallel.ts';
import { hasReplication, type Replication, startReplication } from '../support/replication.ts';
import { SECRET_KEY } from '../support/usher.ts';

const SEATS = 1_000;

describe.skipIf(!hasReplication())('with a replica', () => {
  let replication: Replication;
  let servers: Usher[];
  let log: string[];
  let fixture: Fixture;
  beforeEach(async () => {
    replication = await startReplication();
    log = [];
    servers = [];
    const config = readConfig({
      DATABASE_URL: replication.primary.url,
      DATABASE_REPLICA_URL: replication.replica.url,
      SECRET_KEY,
      PORT: '0',
    });
    const logger = pino({ level: 'info' }, { write: line => void log.push(line) });
    const { signal } = new AbortController();
    for (const _ of range(2)) servers.push(await start(config, logger, () => undefined, signal));
    fixture = createFixture({ seats: SEATS });
    await importFile(replication.primary.url, fixture.document);
    await untilUsed();
  });
  afterEach(async () => {
    for (const server of servers) await server.close(0);
    await replication.close();
  });

  async function send(server: number, path: string, body?: object, method = body ? 'POST' : 'GET') {
    const answer = await fetch(servers[server]?.url + path, {
      method,
      headers: {
        authorization: `Bearer ${fixture.tokens.organization}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  test('DIRECT_DATABASE_URL that leads to the replica is refused, and the doctor says so', async () => {
    const urls = {
      DATABASE_URL: replication.primary.url,
      DIRECT_DATABASE_URL: replication.replica.url,
    };
    await expect(
      connectDatabase(readConfig(urls, { serves: false }), () => undefined),
    ).rejects.toThrow('DIRECT_DATABASE_URL leads to a replica');
    const { findings } = await runDoctor(urls);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'pooler',
        status: 'problem',
        message: expect.stringContaining('DIRECT_DATABASE_URL leads to a replica'),
      }),
    );
  });

  const assign = (server: number, email: string) =>
    send(server, '/v1/customer-seats', { subscription_id: fixture.ids.subscription, email });
  const list = (server: number) =>
    send(server, `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`);
  const query = (server: number) =>
    send(server, '/graphql', {
      query:
        'query ($id: ID!) { customerSubscription(id: $id) { seats(first: 100) { nodes { customerEmail } } } }',
      variables: { id: fixture.ids.subscription },
    });

  /** What a server logs while the work is done. */
  async function logged(of: 'primary' | 'replica', work: () => Promise<unknown>): Promise<string> {
    const before = replication[of].log().length;
    await work();
    return replication[of].log().slice(before);
  }

  /** Resolves once each server reads from the replica. */
  async function untilUsed(): Promise<void> {
    for (const server of servers.keys()) {
      const readsThere = () => logged('replica', () => list(server));
      await expect.poll(readsThere, { timeout: 15_000 }).toMatch(READ_SEATS);
    }
  }

  const READ_SEATS = /SELECT[^;]* FROM customer_seats/;
  const saying = (text: string) => log.filter(line => line.includes(text)).length;
  /** How many servers do not use the replica. Each says once that it leaves, and once that it returns. */
  const away = () =>
    saying('the replica cannot be used') - saying('the replica answers reads again');

  test('lists and queries are read there, and all else is done on the primary', async () => {
    for (const read of [list, query]) {
      expect((await read(0)).status).toBe(200);
      const onPrimary = await logged('primary', async () => {
        expect(await logged('replica', () => read(0))).toMatch(READ_SEATS);
      });
      expect(onPrimary).not.toMatch(READ_SEATS);
    }
    const onReplica = await logged('replica', async () => {
      const { status, text } = await assign(0, 'p@globex.example');
      expect(status).toBe(200);
      const { id } = JSON.parse(text) as { id: string };
      const mutation = `mutation { revokeSeat(input: { seatId: "${id}" }) { ... on RevokeSeatSuccess { seat { id status } } } }`;
      expect((await send(0, '/graphql', { query: mutation })).text).toContain('REVOKED');
      await send(0, '/graphql', {
        query: '{ seatClaimInfo(invitationToken: "x") { productName } }',
      });
    });
    expect(onReplica).toBe('');
  });

  test('whoever was answered sees the change in each process, though nothing is replayed', async () => {
    await replication.replica.admin('SELECT pg_wal_replay_pause()');
    for (const n of range(10)) {
      const email = `paused${n}@globex.example`;
      expect((await assign(n % 2, email)).status).toBe(200);
      for (const read of [list, query]) {
        for (const server of servers.keys()) expect((await read(server)).text).toContain(email);
      }
    }
    expect(away()).toBe(2);
    await replication.replica.admin('SELECT pg_wal_replay_resume()');
    await untilUsed();
    expect(away()).toBe(0);
  });

  test('whoever was answered sees the change in each process, while changes are replayed', async () => {
    const { admin } = replication.replica;
    await admin("ALTER SYSTEM SET recovery_min_apply_delay TO '15ms'");
    await admin('SELECT pg_reload_conf()');
    await expect
      .poll(() => admin('SHOW recovery_min_apply_delay'))
      .toEqual([{ recovery_min_apply_delay: '15ms' }]);
    const reads = await logged('replica', () =>
      Promise.all(
        range(8).map(async client => {
          for (const n of range(20)) {
            const email = `live${client}-${n}@globex.example`;
            expect((await assign(client % 2, email)).status).toBe(200);
            expect((await list((client + 1) % 2)).text).toContain(email);
          }
        }),
      ),
    );
    expect(reads).toMatch(READ_SEATS);
  });

  test('no request fails when it is lost', async () => {
    let answered = 0;
    const statuses = new Set<number>();
    let isOver = false;
    const clients = range(8).map(async client => {
      while (!isOver) {
        statuses.add((await (client % 4 === 0 ? query : list)(client % 2)).status);
        answered += 1;
      }
    });
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(50);
    await replication.replica.kill();
    const before = answered;
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(before + 100);
    isOver = true;
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
    expect(away()).toBe(2);
  });

  test('that was promoted, nothing is read there', async () => {
    await replication.replica.promote();
    const warnings = async () => {
      for (const server of servers.keys()) await list(server);
      return away();
    };
    await expect.poll(warnings, { timeout: 5_000 }).toBe(2);
    expect(await logged('replica', () => list(0))).not.toMatch(READ_SEATS);
  });
});
