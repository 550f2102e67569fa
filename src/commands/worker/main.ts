import { connectDatabase } from '../../database.ts';
import { openDatabase } from '../../db/client.ts';
import { openDatabaseClock } from '../../db/clock.ts';
import { checkSecretKey } from '../../db/secret-key-check.ts';
import { endDemo } from '../../demo.ts';
import { openSeatChanges } from '../../events/seat-changes.ts';
import { addressToOpen } from '../../hosts/listening-address.ts';
import { runUntilStopped } from '../../program.ts';
import { secretKey } from '../../secret-key.ts';
import { DEMO_ENDED } from '../../welcome.ts';
import { startWorker } from '../../worker.ts';

const usage = `Usage: npm run worker
Delivers mail and webhooks in a process of its own. It reads the same environment variables as the server; the README
lists them. SIGINT or SIGTERM stops it.`;

await runUntilStopped(
  { env: process.env, argv: process.argv, usage },
  async (config, logger, stop) => {
    const key = await secretKey(config);
    const connection = await connectDatabase(config, message => logger.info(message), {
      onOutage: message => logger.warn(message),
      stop,
    });
    const { db, sql, close } = openDatabase(connection.url, { poolSize: 1 });
    if (!config.demo && (await endDemo(sql, key))) logger.info(DEMO_ENDED);
    const clock = await openDatabaseClock(sql, logger);
    const { previousSecretKey } = config;
    const isGenerated = config.secretKey === undefined;
    const keys = { secretKey: key, previousSecretKey, isGenerated };
    await checkSecretKey(db, keys, clock.now());
    const changes = openSeatChanges(connection.url, db, logger);
    const publicUrl = config.publicUrl ?? addressToOpen(config.host, config.port);
    const worker = startWorker({
      config,
      url: connection.url,
      secretKey: key,
      changes,
      publicUrl: () => publicUrl,
      logger,
      now: clock.now,
    });
    return {
      details: { publicUrl },
      lost: connection.lost,
      async close() {
        await worker.close();
        await changes.close();
        await clock.close();
        await close();
        await connection.close();
      },
    };
  },
);
