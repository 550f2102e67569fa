import { Gauge, Registry } from 'prom-client';
import type { Backlog } from './backlog.ts';

const METRICS = {
  events: ['usher_events_undispatched', 'Events whose deliveries and mails are not made yet.'],
  oldestEventSeconds: ['usher_events_oldest_undispatched_seconds', 'Age of the oldest of them.'],
  mails: ['usher_mails_pending', 'Mails that are due, or that failed and are attempted again.'],
  oldestMailSeconds: [
    'usher_mails_oldest_due_seconds',
    'Time since the oldest of them became due for the first time.',
  ],
  deliveries: ['usher_webhook_deliveries_pending', 'Webhook deliveries that are not finished.'],
  oldestDeliverySeconds: [
    'usher_webhook_deliveries_oldest_due_seconds',
    'Time that the longest due delivery has waited for its attempt.',
  ],
  disabledEndpoints: ['usher_webhook_endpoints_disabled', 'Webhook endpoints that are disabled.'],
} as const satisfies Record<keyof Backlog, readonly [string, string]>;

/** Returns the metrics of the backlog. `read` resolves to undefined while the database does not answer. */
export function createBacklogMetrics(read: () => Promise<Backlog | undefined>): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'usher_database_up',
    help: 'Whether the database answers: 1 or 0.',
    registers,
    async collect() {
      this.set((await read()) === undefined ? 0 : 1);
    },
  });
  for (const [key, [name, help]] of Object.entries(METRICS)) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const backlog = await read();
        // No value is better than an old one.
        if (backlog === undefined) this.remove();
        else this.set(backlog[key as keyof Backlog]);
      },
    });
  }
  return registry;
}
