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
import { type ProgramName, runProgram } from './support/program.ts';
import { runToEnd } from './support/programs.ts';
import { startReceiver } from './support/receiver.ts';
import { type BuiltRelease, buildRelease, hasReleases } from './support/releases.ts';
import { givenSeat } from './support/seats.ts';
import { type Calls, callsOf, SECRET_KEY, type TestUsher } from './support/usher.ts';
import { createdEndpoint, rotateEndpoint } from './support/webhooks.ts';

// A deploy without downtime: the database has this release's schema while servers and workers of an earlier release run.

/** The smallest number of changes that both releases know. */
const SHARED_CHANGES = 20;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.runIf(hasReleases).each(['last', 'beforeEncryption'] as const)(
  '%s, with this schema',
  name => {
    let release: BuiltRelease;
    beforeAll(async () => {
      release = await buildRelease(name);
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

    /** Starts a server of each release, and a worker of the earlier one if wanted: these with their own schema, which then becomes this one's. */
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
      const earlier = await start('main', release.folder, url);
      const earlierUrl = await earlier.up();
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
        servers: { earlier: callsOf(earlierUrl), present: callsOf(await present.up()) },
        rows: { db, addFixture },
      };
    };

    test('each change by one release shows in the other', async () => {
      const { servers, rows } = await startBoth();
      const earlierSchema = buildSchema(
        readFileSync(join(release.folder, 'schema/schema.graphql'), 'utf8'),
      );
      const shared = CHANGES.filter(({ mutation, screen }) =>
        [mutation, screen].every(document => validate(earlierSchema, document).length === 0),
      );
      expect(shared.length).toBeGreaterThan(SHARED_CHANGES);
      for (const [changes, reads] of [
        [servers.earlier, servers.present],
        [servers.present, servers.earlier],
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

    test('webhooks of endpoints and seats of either release arrive signed at the first attempt, whichever workers run', async () => {
      const { url, servers, rows } = await startBoth({ hasWorker: true });
      const receiver = await startReceiver();
      closers.push(receiver.close);
      const fixture = await rows.addFixture({ seats: 10 });
      const endpoints = {
        earlier: await createdEndpoint(servers.earlier, fixture, { url: receiver.url }),
        present: await createdEndpoint(servers.present, fixture, { url: receiver.url }),
      };
      const signedWith = (...secrets: string[]) =>
        receiver.received.filter(({ headers, body }) =>
          secrets.some(secret => {
            const webhook = new Webhook(Buffer.from(secret).toString('base64'));
            try {
              return webhook.verify(body, headers as Record<string, string>) !== undefined;
            } catch {
              return false;
            }
          }),
        );
      const assignByBoth = async (purpose: string) => {
        for (const [server, calls] of Object.entries(servers)) {
          await givenSeat(calls, fixture, { email: `${server}-${purpose}@globex.example` });
        }
      };
      const succeeded = () => rows.db.webhookDelivery.count({ where: { status: 'succeeded' } });

      // What the earlier release cannot sign waits, until it has made a secret itself.
      await assignByBoth('early');
      await expect.poll(succeeded, { timeout: 20_000 }).toBe(name === 'last' ? 4 : 2);
      const rotated = await rotateEndpoint(servers.earlier, fixture, endpoints.present.id);
      if (rotated?.__typename !== 'RotateWebhookSecretSuccess') throw new Error('no secret');
      await expect.poll(succeeded, { timeout: 20_000 }).toBe(4);

      await start('worker', '.', url);
      await assignByBoth('late');
      await expect.poll(succeeded, { timeout: 30_000 }).toBe(8);
      expect(receiver.received).toHaveLength(8);
      expect(signedWith(endpoints.earlier.secret)).toHaveLength(4);
      expect(signedWith(endpoints.present.secret, rotated.secret)).toHaveLength(4);
      expect(await rows.db.webhookDelivery.count({ where: { attempts: { not: 1 } } })).toBe(0);
    });

    // An earlier one refuses a newer database.
    if (name === 'beforeEncryption') return;

    test('the earlier release starts, says so, and works', async () => {
      const { url, rows } = await startBoth();
      const fixture = await rows.addFixture();
      const back = await start('main', release.folder, url);
      const calls = callsOf(await back.up());
      await givenSeat(calls, fixture, { email: 'back@globex.example' });
      expect(back.output.stdout + back.output.stderr).toMatch(
        /The database has \d+ migrations? of a later version/,
      );
    });
  },
);
