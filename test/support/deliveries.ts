import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/client.ts';
import { type Dispatcher, startDispatcher } from '../../src/events/dispatcher.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { createDeliverJob } from '../../src/webhooks/deliver-job.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/event-types.ts';
import { createSender } from '../../src/webhooks/send.ts';
import type { Fixture } from './fixture.ts';
import { SECRET_KEY, type TestUsher } from './usher.ts';

/** Adds an endpoint to the fixture's organization. */
export async function addEndpoint(
  usher: TestUsher,
  fixture: Fixture,
  url: string,
  events: readonly string[] = WEBHOOK_EVENTS,
): Promise<{ id: string; secret: string; organizationId: string }> {
  return await usher.db.webhookEndpoint.create({
    data: {
      id: randomUUID(),
      organizationId: fixture.ids.organization,
      url,
      secret: `whsec_${randomUUID()}`,
      events: [...events],
    },
  });
}

/** Delivers webhooks as a separate process would, on the server's clock. The caller closes it, before the server. */
export async function startDelivering(
  usher: TestUsher,
  { allowPrivateAddresses = true, attemptMs = 10_000, retryDelayMs = 1 } = {},
): Promise<Dispatcher> {
  const { db, close } = openDatabase(usher.databaseUrl, { poolSize: 5 });
  const logger = pino({ enabled: false });
  const changes = openSeatChanges(usher.databaseUrl, db, logger);
  const sender = createSender({ allowPrivateAddresses, attemptMs });
  const { now } = usher;
  const dispatcher = startDispatcher(
    [
      createFanOutJob({ db, now }),
      createDeliverJob({ db, sender, logger, now, retryDelayMs, secretKey: SECRET_KEY }),
    ],
    { changes, logger },
  );
  return {
    async close() {
      await dispatcher.close();
      sender.close();
      await changes.close();
      await close();
    },
  };
}
