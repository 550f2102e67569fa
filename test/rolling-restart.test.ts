import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/db/client.ts';
import { importFile } from '../src/import/import-file.ts';
import { createDatabase } from './support/database.ts';
import { hasPrograms } from './support/debian-programs.ts';
import { createFixture } from './support/fixture.ts';
import { freePort } from './support/free-port.ts';
import { checkPool } from './support/invariants.ts';
import { KEPT_CONNECTIONS, startNginx } from './support/nginx.ts';
import { range } from './support/parallel.ts';
import { type Program, runProgram } from './support/program.ts';
import { SECRET_KEY } from './support/usher.ts';

// Two servers behind nginx are restarted by turns, while clients assign, list and revoke.

const CLIENTS = 24;
const RESTARTS = 6;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const PROXIES = {
  'that keeps connections': KEPT_CONNECTIONS,
  'that opens a connection for each request': { upstream: [], location: [] },
};

describe.runIf(hasPrograms('nginx')).each(Object.entries(PROXIES))(
  'behind nginx %s',
  (_, proxy) => {
    test('a rolling restart fails no request, and loses nothing', async () => {
      const database = await createDatabase();
      closers.push(database.drop);
      const { db, close } = openDatabase(database.url);
      closers.push(close);
      const fixture = createFixture({ seats: 1_000_000 });
      await importFile(database.url, fixture.document);
      const ports = [await freePort(), await freePort()];
      const servers: Program[] = [];
      const serve = async (i: number) => {
        servers[i] = runProgram('main', [], {
          DATABASE_URL: database.url,
          SECRET_KEY,
          PORT: String(ports[i]),
          SHUTDOWN_DELAY_SECONDS: '1',
          TRUST_PROXY: '1',
        });
        await servers[i].up();
      };
      closers.push(() => Promise.all(servers.map(server => server.stop('SIGKILL'))));
      await Promise.all([serve(0), serve(1)]);
      const nginx = await startNginx(ports, proxy);
      closers.push(nginx.stop);

      const failures: string[] = [];
      let assigned = 0;
      let revoked = 0;
      let isOver = false;
      const { organization: token } = fixture.tokens;
      const call = async (method: string, path: string, body?: unknown) => {
        const response = await fetch(nginx.url + path, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (response.status !== 200)
          throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return JSON.parse(text);
      };
      const client = async (number: number) => {
        for (let i = 0; !isOver; i += 1) {
          try {
            const seat = await call('POST', '/v1/customer-seats', {
              subscription_id: fixture.ids.subscription,
              email: `client-${number}-${i}@globex.example`,
            });
            assigned += 1;
            const query = `{ customerSeat(id: "${seat.id}") { status } }`;
            const { data } = await call('POST', '/graphql', { query });
            expect(data.customerSeat.status).toBe('PENDING');
            if (i % 2 === 0) continue;
            await call('DELETE', `/v1/customer-seats/${seat.id}`);
            revoked += 1;
          } catch (error) {
            failures.push(String(error));
          }
        }
      };
      const clients = Promise.all(range(CLIENTS).map(client));
      for (const restart of range(RESTARTS)) {
        const before = assigned;
        const server = servers[restart % 2] as Program;
        expect(await server.stop('SIGTERM')).toBe(0);
        await serve(restart % 2);
        // Both have work again before the next one goes.
        while (assigned < before + CLIENTS && failures.length === 0) {
          await new Promise(resolve => setImmediate(resolve));
        }
      }
      isOver = true;
      await clients;

      expect(failures).toEqual([]);
      const { subscription } = fixture.ids;
      const live = { subscriptionId: subscription, status: { not: 'revoked' as const } };
      expect(await db.customerSeat.count({ where: live })).toBe(assigned - revoked);
      expect(await db.outboxEvent.count()).toBe(assigned + revoked);
      await checkPool({ db }, { kind: 'subscription', id: subscription });
    });
  },
);

test('while it leaves, a server answers, says that it is not ready, and then closes connections', async () => {
  const database = await createDatabase();
  closers.push(database.drop);
  const server = runProgram('main', [], {
    DATABASE_URL: database.url,
    SECRET_KEY,
    SHUTDOWN_DELAY_SECONDS: '2',
  });
  closers.push(() => server.stop('SIGKILL'));
  const url = await server.up();
  const status = async (path: string) => (await fetch(url + path)).status;
  expect(await status('/health/ready')).toBe(200);
  server.child.kill('SIGTERM');
  await expect.poll(() => status('/health/ready')).toBe(503);
  expect(await status('/health/live')).toBe(200);
  // fetch keeps its connection: it is told to close it once the port is closed.
  let last = '';
  await expect
    .poll(
      async () => {
        const answer = await fetch(`${url}/health/live`).catch(() => undefined);
        last = answer?.headers.get('connection') ?? last;
        return answer === undefined;
      },
      { timeout: 10_000, interval: 5 },
    )
    .toBe(true);
  expect(last).toBe('close');
  expect(await server.ended()).toBe(0);
});
