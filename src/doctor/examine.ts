import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { embeddedSettings, requireDatabase } from '../database.ts';
import { openEmbedded } from '../db/embedded.ts';
import { describeConnection } from '../db/require-reachable.ts';
import { type Check, type Finding, type Look, problem, warning } from './check.ts';
import { checkEvents, checkMails, checkWebhooks } from './checks/backlog.ts';
import { checkConnections, connectionAction } from './checks/connections.ts';
import { checkCounters } from './checks/counters.ts';
import { checkDatabase, checkExtensions } from './checks/database.ts';
import { checkEventOrder } from './checks/event-order.ts';
import { checkConfiguration, checkPublicUrl, checkSmtp } from './checks/outside.ts';
import { checkPrivileges } from './checks/privileges.ts';
import { checkReplication } from './checks/replication.ts';
import { checkRetention } from './checks/retention.ts';
import { checkMigrations, schemaFindings } from './checks/schema.ts';
import { checkSecretKey } from './checks/secret-key.ts';
import { checkClock, checkPooler, checkSession } from './checks/session.ts';
import { readCatalog } from './schema/catalog.ts';

/** A finding with the check that made it. */
export interface NamedFinding extends Finding {
  check: string;
}

const TIMEOUT_MS = 10_000;

const OF_ANY_DATABASE: Record<string, Check> = {
  session: checkSession,
  pooler: checkPooler,
  extensions: checkExtensions,
  clock: checkClock,
  connections: checkConnections,
  replication: checkReplication,
};

const OF_TABLES: Record<string, Check> = {
  privileges: checkPrivileges,
  counters: checkCounters,
  'secret key': checkSecretKey,
  events: checkEvents,
  'event order': checkEventOrder,
  webhooks: checkWebhooks,
  mails: checkMails,
  retention: checkRetention,
};

/**
 * Yields the findings of all checks, and changes nothing. A check that fails is itself a problem; the others still run.
 * `isOnline`: also checks the server at the public URL.
 */
export async function* examine(
  config: Config,
  { isOnline = false } = {},
): AsyncGenerator<NamedFinding> {
  yield* named('configuration', () => checkConfiguration({ config } as Look));
  yield* examineDatabase(config);
  yield* named('mail server', () => checkSmtp({ config } as Look));
  if (isOnline) yield* named('public address', () => checkPublicUrl({ config } as Look));
}

async function* examineDatabase(config: Config): AsyncGenerator<NamedFinding> {
  let close = async (): Promise<void> => undefined;
  try {
    requireDatabase(config);
    let url = config.databaseUrl;
    if (url === undefined) {
      if (!existsSync(join(config.dataDir, 'postgres'))) {
        const found = warning(`there is none in ${config.dataDir} yet`, '`npm start` makes it');
        return yield { check: 'database', ...found };
      }
      const { dataDir } = config;
      const embedded = await openEmbedded({ dataDir, settings: embeddedSettings() });
      ({ url, close } = embedded);
    }
    const client = new pg.Client({
      connectionString: url,
      application_name: 'usher doctor',
      connectionTimeoutMillis: TIMEOUT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      const found = problem(describeConnection(url, error), connectionAction(error));
      return yield { check: 'database', ...found };
    }
    try {
      yield* examineSnapshot(config, url, client);
    } finally {
      await client.end();
    }
  } catch (error) {
    yield { check: 'database', ...problem(error instanceof Error ? error.message : String(error)) };
  } finally {
    await close();
  }
}

async function* examineSnapshot(
  config: Config,
  url: string,
  client: pg.Client,
): AsyncGenerator<NamedFinding> {
  // One snapshot, so that concurrent changes make no difference. LOCAL, so that a pooler keeps none of the settings.
  // PostgreSQL 15 knows only one of the two time-outs. Sent together, so that neither ends the transaction before.
  await client.query(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
     SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = ${TIMEOUT_MS};
     SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';
     SELECT set_config(name, '0', true) FROM pg_settings
      WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`,
  );
  const look: Look = {
    config,
    url,
    async rows(text, values = [], { timeoutMs = TIMEOUT_MS } = {}) {
      await client.query(`SET LOCAL statement_timeout = ${timeoutMs}`);
      return (await client.query(text, [...values])).rows;
    },
  };
  const inSnapshot = (check: string, run: () => ReturnType<Check>) =>
    named(check, async () => {
      await client.query('SAVEPOINT looking');
      try {
        return await run();
      } finally {
        await client.query('ROLLBACK TO SAVEPOINT looking');
      }
    });
  yield* inSnapshot('database', () => checkDatabase(look));
  for (const [name, check] of Object.entries(OF_ANY_DATABASE)) {
    yield* inSnapshot(name, () => check(look));
  }
  let state: Awaited<ReturnType<typeof checkMigrations>>['state'] = 'other';
  yield* inSnapshot('migrations', async () => {
    const migrations = await checkMigrations({ url, migrates: config.migrates });
    state = migrations.state;
    return migrations.finding;
  });
  // The objects of pending migrations do not exist yet.
  if (isState(state, 'pending')) return;
  await client.query("SELECT set_config('search_path', 'public', true)");
  if (isState(state, 'current')) {
    yield* inSnapshot('schema', async () => schemaFindings(await readCatalog(client)));
  }
  for (const [name, check] of Object.entries(OF_TABLES)) {
    yield* inSnapshot(name, () => check(look));
  }
}

/** Keeps the compiler from narrowing a variable that a callback sets. */
function isState(state: string, name: 'current' | 'pending'): boolean {
  return state === name;
}

async function* named(check: string, run: () => ReturnType<Check>): AsyncGenerator<NamedFinding> {
  try {
    for (const found of [await run()].flat()) yield { check, ...found };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yield { check, ...problem(`this check failed: ${reason}`) };
  }
}
