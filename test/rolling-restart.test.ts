import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/db/client.ts';
import { importFile } from '../src/import/import-file.ts';
import { createDatabase } from './support/database.ts';
import { hasPrograms } from './support/debian-programs.ts';
import { createFixture } from './support/fixture.ts';
import { freePort } from './support/free-port.ts';
import { checkPool } from './support/invariants.ts';
import { tokenOf } from './support/invitations.ts';
import { KEPT_CONNECTIONS, startNginx } from './support/nginx.ts';
import { range } from './support/parallel.ts';
import { type Program, runProgram } from './support/program.ts';
import { callsOf, SECRET_KEY } from './support/usher.ts';
import { type Outcome, verbsOf } from './support/verbs.ts';

// Two servers behind nginx are restarted by turns, while clients assign, resend, claim, list and revoke through both APIs.

const CLIENTS = 24;
const RESTARTS = 10;

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
      const done = { assign: 0, resend: 0, claim: 0, revoke: 0, csv: 0 };
      let isOver = false;
      const seller = { token: fixture.tokens.organization, side: 'admin' } as const;
      const pool = { kind: 'subscription', id: fixture.ids.subscription } as const;
      const both = (['rest', 'graphql'] as const).map(api => verbsOf(callsOf(nginx.url), api));
      const assignByCsv = async (email: string) => {
        const path = `/v1/customer-seats/batch?subscription_id=${pool.id}`;
        const headers = {
          authorization: `Bearer ${seller.token}`,
          'content-type': 'text/csv',
        };
        const body = `email\n${email}\n`;
        const response = await fetch(nginx.url + path, { method: 'POST', headers, body });
        const text = await response.text();
        if (!text.includes(',assigned')) throw new Error(`CSV: ${response.status} ${text}`);
        done.csv += 1;
      };
      /** Takes a seat through its life. */
      const liveWith = async (
        verbs: ReturnType<typeof verbsOf>,
        email: string,
        isRevoked: boolean,
      ) => {
        const { seat } = await ok('assign', verbs.assign(seller, pool, email));
        const id = seat?.id ?? '';
        done.assign += 1;
        const query = `{ customerSeat(id: "${id}") { status } }`;
        const { data } = await callsOf(nginx.url).graphql(query, {}, seller.token);
        expect(data).toEqual({ customerSeat: { status: 'PENDING' } });
        await ok('resend', verbs.resend(seller, id));
        done.resend += 1;
        const invitation = await tokenOf({ db }, id);
        await ok('claimInfo', verbs.claimInfo(invitation));
        await ok('claim', verbs.claim(invitation));
        done.claim += 1;
        await ok('list', verbs.list(seller, { kind: 'order', id: fixture.ids.order }));
        if (!isRevoked) return await assignByCsv(`csv-${email}`);
        await ok('revoke', verbs.revoke(seller, id));
        done.revoke += 1;
      };
      const client = async (number: number) => {
        for (let i = 0; !isOver; i += 1) {
          const [verbs] = both.slice(i % 2);
          const email = `client-${number}-${i}@globex.example`;
          if (verbs)
            await liveWith(verbs, email, i % 4 > 1).catch(error => failures.push(String(error)));
        }
      };
      const clients = Promise.all(range(CLIENTS).map(client));
      for (const restart of range(RESTARTS)) {
        const before = done.assign;
        const server = servers[restart % 2] as Program;
        expect(await server.stop('SIGTERM')).toBe(0);
        await serve(restart % 2);
        // Both have work again before the next one goes.
        while (done.assign < before + CLIENTS && failures.length === 0) {
          await new Promise(resolve => setImmediate(resolve));
        }
      }
      isOver = true;
      await clients;

      // Where one failed, nginx knows what its server did.
      const reasons = failures.length > 0 ? await nginx.errors() : '';
      expect(failures, reasons).toEqual([]);
      const live = { subscriptionId: pool.id, status: { not: 'revoked' as const } };
      const { assign, csv, claim, revoke } = done;
      expect(await db.customerSeat.count({ where: live })).toBe(assign + csv - revoke);
      const claimed = { subscriptionId: pool.id, status: 'claimed' as const };
      expect(await db.customerSeat.count({ where: claimed })).toBe(claim - revoke);
      const told = Object.values(done).reduce((sum, count) => sum + count, 0);
      expect(await db.outboxEvent.count()).toBe(told);
      await checkPool({ db }, pool);
    }, 180_000);
  },
);

async function ok(verb: string, call: Promise<Outcome>): Promise<Outcome> {
  const outcome = await call;
  if (outcome.word !== 'ok') throw new Error(`${verb}: ${outcome.word}`);
  return outcome;
}

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
