import type { Logger } from 'pino';
import { closeInReverse } from '../../close-in-reverse.ts';
import type { Config } from '../../config.ts';
import { connectDatabase, neededMigrations } from '../../database.ts';
import { openDatabase } from '../../db/client.ts';
import { openDatabaseClock } from '../../db/clock.ts';
import { openReadiness } from '../../db/readiness.ts';
import { checkSecretKey } from '../../db/secret-key-check.ts';
import { endDemo } from '../../demo.ts';
import { requirePrivileges } from '../../doctor/require-privileges.ts';
import { mendRestoredEvents } from '../../events/restored-events.ts';
import { openSeatChanges } from '../../events/seat-changes.ts';
import { addressToOpen } from '../../hosts/listening-address.ts';
import { createObservability } from '../../observability/observability.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { type Running, runUntilStopped } from '../../program.ts';
import { loadSecretKeys } from '../../secret-key.ts';
import { DEMO_ENDED } from '../../welcome.ts';
import { startWorker } from '../../worker.ts';

const usage = `Usage: npm run worker
Delivers mail and webhooks in a process of its own. It reads the same environment variables as the server; the README
lists them. SIGINT or SIGTERM stops it.`;

/** Name of the connections in `pg_stat_activity`. */
const NAME = 'usher worker';

await runUntilStopped({ env: process.env, argv: process.argv, usage }, start);

/** Starts everything in order. If a step fails, closes what the earlier steps opened. */
async function start(
  config: Config,
  logger: Logger,
  stop: AbortSignal,
  tracing: Tracing | undefined,
): Promise<Running> {
  const opened: (() => Promise<void> | void)[] = [];
  const close = () => closeInReverse(opened);
  const observability = createObservability({ config, logger, tracing });
  try {
    const keys = await loadSecretKeys(config);
    const { secretKey } = keys;
    const connection = await connectDatabase(config, message => logger.info(message), {
      onOutage: message => logger.warn(message),
      stop,
    });
    opened.push(connection.close);
    const database = openDatabase(connection.url, { poolSize: 1, applicationName: NAME });
    opened.push(database.close);
    const { db, sql } = database;
    await requirePrivileges(sql);
    const clock = await openDatabaseClock(sql, logger);
    opened.push(clock.close);
    await checkSecretKey(db, keys, clock.now());
    await mendRestoredEvents(connection.directUrl, sql, message => logger.warn(message));
    if (!config.demo && (await endDemo(sql, secretKey))) logger.info(DEMO_ENDED);
    const changes = openSeatChanges(connection.directUrl, db, logger, { applicationName: NAME });
    opened.push(changes.close);
    const publicUrl = config.publicUrl ?? addressToOpen(config.host, config.port);
    const readiness = openReadiness(connection.url, { migrations: await neededMigrations() });
    opened.push(readiness.close);
    const metrics = await observability.serve(connection.url, async () => {
      stop.throwIfAborted();
      await readiness.check();
    });
    opened.push(metrics.close);
    const worker = startWorker({
      config,
      url: connection.url,
      secretKey,
      changes,
      publicUrl: () => publicUrl,
      logger,
      now: clock.now,
      observability,
    });
    opened.push(worker.close);
    return { details: { publicUrl }, lost: connection.lost, close };
  } catch (error) {
    // Only the first error is reported.
    await close().catch(() => undefined);
    throw error;
  }
}
