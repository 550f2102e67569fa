import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { closeInReverse } from './close-in-reverse.ts';
import type { Config } from './config.ts';
import { connectDatabase, neededMigrations } from './database.ts';
import { openDatabase } from './db/client.ts';
import { openDatabaseClock } from './db/clock.ts';
import { mostConnections, warnOfFewConnections } from './db/connection-budget.ts';
import { openReadiness } from './db/readiness.ts';
import { openReplica } from './db/replica.ts';
import { checkSecretKey } from './db/secret-key-check.ts';
import { type Demo, endDemo, openDemo } from './demo.ts';
import { requirePrivileges } from './doctor/require-privileges.ts';
import { mendRestoredEvents } from './events/restored-events.ts';
import { openSeatChanges } from './events/seat-changes.ts';
import { createObservability } from './observability/observability.ts';
import type { Tracing } from './observability/tracing.ts';
import { loadSecretKeys } from './secret-key.ts';
import { serve } from './server.ts';
import { DEMO_ENDED, graphiqlTabs } from './welcome.ts';

/** A server that is up. */
export interface Usher {
  url: string;
  /** The demo, if it is enabled and the database has it. */
  demo: Demo | undefined;
  /** Resolves with the reason when the server cannot continue. */
  lost: Promise<Error> | undefined;
  /**
   * Keeps serving for `delaySeconds` while it reports that it is not ready. Then finishes the requests in flight, and
   * releases the port, the connections and the embedded database.
   */
  close(delaySeconds: number): Promise<void>;
}

export interface StartOptions {
  tracing?: Tracing | undefined;
  /** The number of this process, if it is one of several. */
  processNumber?: string | undefined;
}

/** Starts everything in order: key, database, app, port. If a step fails, closes what the earlier steps opened. */
export async function start(
  config: Config,
  logger: Logger,
  progress: (message: string) => void,
  stop: AbortSignal,
  { tracing, processNumber }: StartOptions = {},
): Promise<Usher> {
  const opened: (() => Promise<void> | void)[] = [];
  const close = () => closeInReverse(opened);
  const observability = createObservability({ config, logger, tracing, processNumber });
  try {
    const keys = await loadSecretKeys(config);
    const { secretKey, previousSecretKey } = keys;
    // Loads most of usher while the database connects.
    const loading = import('./app.ts');
    const connection = await connectDatabase(config, progress, {
      onOutage: message => logger.warn(message),
      stop,
    });
    opened.push(connection.close);
    const database = openDatabase(connection.url, {
      observer: observability.statements('server'),
      poolSize: config.databaseConnections,
      onIdleError: error => logger.warn({ err: error }, 'a database connection broke'),
    });
    opened.push(database.close);
    observability.addPool('server', database.pool);
    const readiness = openReadiness(connection.url, { migrations: await neededMigrations() });
    opened.push(readiness.close);
    // With a pooler, the pooler's limits apply instead.
    if (config.directDatabaseUrl === undefined) {
      await warnOfFewConnections(
        database.sql,
        mostConnections({ ...config, processes: 1 }),
        logger,
      );
    }
    const reads = config.databaseReplicaUrl
      ? await openReplica(config.databaseReplicaUrl, database, {
          poolSize: config.databaseConnections,
          logger,
          observer: observability.statements('replica'),
        })
      : undefined;
    if (reads) {
      opened.push(reads.close);
      observability.addPool('replica', reads.pool);
    }
    await requirePrivileges(database.sql);
    const clock = await openDatabaseClock(database.sql, logger);
    opened.push(clock.close);
    await checkSecretKey(database.db, keys, clock.now());
    await mendRestoredEvents(connection.directUrl, database.sql, message => logger.warn(message));
    const demo = config.demo ? await openDemo(database, connection.url, secretKey) : undefined;
    if (!config.demo && (await endDemo(database.sql, secretKey))) progress(DEMO_ENDED);
    const changes = openSeatChanges(connection.directUrl, database.db, logger);
    opened.push(changes.close);
    const leaving = new AbortController();
    const stopping = new AbortController();
    let url = '';
    const ready = async () => {
      leaving.signal.throwIfAborted();
      await readiness.check();
    };
    const { createApp } = await loading;
    const app = createApp({
      db: database.db,
      sql: database.sql,
      reads,
      secretKey,
      previousSecretKey,
      now: clock.now,
      elapsedMs: () => performance.now(),
      changes,
      publicUrl: () => url,
      webhookPrivateAddresses: config.webhookPrivateAddresses,
      resendLimits: config.resendLimits,
      mailbox: config.mailbox,
      claimStreams: config.claimStreams,
      rateLimits: config.rateLimits,
      stopping: stopping.signal,
      logger,
      observeOperation: observability.observeOperation,
      graphiqlTabs: await graphiqlTabs(demo?.tokens.organization),
      ready,
    });
    const metrics = await observability.serve(connection.url, ready);
    opened.push(metrics.close);
    const server = await serve(app, config, observability.observeRequest);
    url = config.publicUrl ?? server.url;
    // Deliveries can wait until the server answers requests.
    const worker = config.worker
      ? (await import('./worker.ts')).startWorker({
          config,
          url: connection.url,
          secretKey,
          changes,
          publicUrl: () => url,
          logger,
          now: clock.now,
          observability,
        })
      : undefined;
    const leave = async (delaySeconds: number) => {
      leaving.abort();
      await delay(delaySeconds * 1_000);
      stopping.abort();
      // A proxy has the same delay to use or close its idle connections.
      await server.close({ idleMs: delaySeconds * 1_000 });
    };
    return {
      url: server.url,
      demo,
      lost: connection.lost,
      async close(delaySeconds) {
        opened.push(async () => void (await Promise.all([leave(delaySeconds), worker?.close()])));
        await close();
      },
    };
  } catch (error) {
    // Only the first error is reported.
    await close().catch(() => undefined);
    throw error;
  }
}
