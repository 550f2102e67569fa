import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, print, validate } from 'graphql';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/db/client.ts';
import { importFile } from '../src/import/import-file.ts';
import { CHANGES } from './graphql-clients/changes.ts';
import { setScene } from './graphql-clients/scene.ts';
import { createDatabase } from './support/database.ts';
import { createFixture } from './support/fixture.ts';
import { type BuiltRelease, buildLastRelease, hasLastRelease } from './support/last-release.ts';
import { type ProgramName, runProgram } from './support/program.ts';
import { runToEnd } from './support/programs.ts';
import { startReceiver } from './support/receiver.ts';
import { givenSeat } from './support/seats.ts';
import { type Calls, callsOf, SECRET_KEY, type TestUsher } from './support/usher.ts';
import { createdEndpoint } from './support/webhooks.ts';

// A deploy without downtime: the database has this release's schema while servers and workers of the last release run.

/** The smallest number of changes that both releases know. */
const SHARED_CHANGES = 20;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.runIf(hasLastRelease)('with this schema', () => {
  let release: BuiltRelease;
  beforeAll(async () => {
    release = await buildLastRelease();
  });
  afterAll(() => release.remove());

  const start = async (name: ProgramName, folder: string, databaseUrl: string) => {
    const env = {
      DATABASE_URL: databaseUrl,
      SECRET_KEY,
      MIGRATE: 'false',
      WORKER: 'false',
      WEBHOOK_PRIVATE_ADDRESSES: 'true',
      RETRY_DELAY_MS: '50',
      RESEND_INTERVAL_SECONDS: '0',
    };
    const program = runProgram(name, [], env, folder);
    closers.push(() => program.stop('SIGKILL'));
    return program;
  };

  /** Starts a server of each release, and a worker of the last one if wanted: these with their own schema, which then becomes this one's. */
  const startBoth = async ({ hasWorker = false } = {}) => {
    const database = await createDatabase({ isEmpty: true });
    closers.push(database.drop);
    const { url } = database;
    const migrate = async (folder: string) => {
      const { code, stderr } = await runToEnd('migrate', [], { DATABASE_URL: url }, folder);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    };
    await migrate(release.folder);
    const last = await start('main', release.folder, url);
    const lastUrl = await last.up();
    if (hasWorker) await (await start('worker', release.folder, url)).said(/"running"/);
    await migrate('.');
    const present = await start('main', '.', url);
    const { db, close } = openDatabase(url);
    closers.push(close);
    const addFixture: TestUsher['addFixture'] = async options => {
      const fixture = createFixture(options);
      await importFile(url, fixture.document);
      return fixture;
    };
    return {
      url,
      servers: { last: callsOf(lastUrl), present: callsOf(await present.up()) },
      rows: { db, addFixture },
    };
  };

  test('each change by one release shows in the other', async () => {
    const { servers, rows } = await startBoth();
    const lastSchema = buildSchema(
      readFileSync(join(release.folder, 'schema/schema.graphql'), 'utf8'),
    );
    const shared = CHANGES.filter(({ mutation, screen }) =>
      [mutation, screen].every(document => validate(lastSchema, document).length === 0),
    );
    expect(shared.length).toBeGreaterThan(SHARED_CHANGES);
    for (const [changes, reads] of [
      [servers.last, servers.present],
      [servers.present, servers.last],
    ] as const) {
      const scene = await setScene({ ...changes, ...rows });
      const token = scene.fixture.tokens.organization;
      for (const { name, mutation, screen, input, shown } of shared) {
        const look = async (calls: Calls) => {
          const { data, errors } = await calls.graphql(print(screen), shown(scene), token);
          expect(errors, name).toBeUndefined();
          return data;
        };
        const before = await look(reads);
        const { data, errors } = await changes.graphql<Record<string, object>, object>(
          print(mutation),
          { input: input(scene) },
          token,
        );
        expect(errors, name).toBeUndefined();
        expect(Object.values(data ?? {}), name).toEqual([
          expect.objectContaining({ __typename: expect.stringMatching(/Success$/) }),
        ]);
        const after = await look(reads);
        expect(after, name).not.toEqual(before);
        expect(after, name).toEqual(await look(changes));
      }
    }
  });

  test('webhooks of endpoints and seats of either release arrive signed, whichever workers run', async () => {
    const { url, servers, rows } = await startBoth({ hasWorker: true });
    const receiver = await startReceiver();
    closers.push(receiver.close);
    const fixture = await rows.addFixture({ seats: 10 });
    const secrets: string[] = [];
    for (const calls of Object.values(servers)) {
      const { secret } = await createdEndpoint(calls, fixture, { url: receiver.url });
      secrets.push(secret);
    }
    const signedWith = (secret: string) =>
      receiver.received.filter(({ headers, body }) => {
        const webhook = new Webhook(Buffer.from(secret).toString('base64'));
        try {
          return webhook.verify(body, headers as Record<string, string>) !== undefined;
        } catch {
          return false;
        }
      });
    const assignByBoth = async (purpose: string) => {
      for (const [name, calls] of Object.entries(servers)) {
        await givenSeat(calls, fixture, { email: `${name}-${purpose}@globex.example` });
      }
    };
    const succeeded = () => rows.db.webhookDelivery.count({ where: { status: 'succeeded' } });

    // What the last release cannot sign waits for a worker of this one.
    await assignByBoth('early');
    await expect.poll(succeeded, { timeout: 20_000 }).toBe(2);
    await start('worker', '.', url);
    await assignByBoth('late');
    await expect.poll(succeeded, { timeout: 30_000 }).toBe(8);
    expect(receiver.received).toHaveLength(8);
    for (const secret of secrets) expect(signedWith(secret)).toHaveLength(4);
    expect(await rows.db.webhookDelivery.count({ where: { attempts: { not: 1 } } })).toBe(0);
  });
});
