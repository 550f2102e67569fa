import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../src/db/client.ts';
import { BrokenPromise } from './promise.ts';

/** What is still on its way. */
interface Rest {
  events: number;
  deliveries: number;
  mails: number;
}

const POLL_MS = 100;
const TELL_MS = 5_000;

/** Waits until every event has become its deliveries and mails, and these have gone out: for so many milliseconds at the most. */
export async function drain(
  db: Db,
  longestMs: number,
  tell: (line: string) => void,
): Promise<void> {
  const started = performance.now();
  let told = started;
  for (;;) {
    const rest = await restOf(db);
    if (rest.events + rest.deliveries + rest.mails === 0) return;
    const now = performance.now();
    if (now - started > longestMs) {
      throw new BrokenPromise('all that is on its way arrives', { ...rest });
    }
    if (now - told > TELL_MS) {
      told = now;
      tell(
        `still to go: ${rest.events} events, ${rest.deliveries} deliveries, ${rest.mails} mails`,
      );
    }
    await delay(POLL_MS);
  }
}

async function restOf(db: Db): Promise<Rest> {
  return {
    events: await db.outboxEvent.count({ where: { dispatchedAt: null } }),
    deliveries: await db.webhookDelivery.count({ where: { status: 'pending' } }),
    mails: await db.mail.count({ where: { status: 'pending' } }),
  };
}

/** Ends the leases of processes that have died, as their time does. No process may be alive. */
export async function endLeases(db: Db): Promise<void> {
  const leasedUntil = new Date();
  const where = { leasedUntil: { gt: leasedUntil } };
  await db.webhookEndpoint.updateMany({ where, data: { leasedUntil } });
  await db.mail.updateMany({ where, data: { leasedUntil } });
}
