import { requireBillingSystem } from '../auth/access.ts';
import { type SyncedBilling, syncBilling } from '../billing/sync-billing.ts';
import { BILLING_PATH } from '../http/limits.ts';
import { parseBilling } from './billing-body.ts';
import { json } from './errors.ts';
import { syncBilling as docs } from './openapi/billing-operations.ts';
import { adminCtx, type Route, readBody } from './routing.ts';

/** usher's own endpoint, which no vendor has: the state of the billing system. */
export const billingRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: BILLING_PATH,
    docs,
    async handler(c) {
      const ctx = adminCtx(c);
      requireBillingSystem(ctx.actor);
      const body = await readBody(c);
      return json(representBilling(await syncBilling(ctx, parseBilling(body))));
    },
  },
];

function representBilling({ changedCount, staleCount, revokedCount, pools }: SyncedBilling) {
  return {
    changed_count: changedCount,
    stale_count: staleCount,
    revoked_count: revokedCount,
    pools: pools.map(({ kind, id, externalId, status, seats, seatsUsed }) => ({
      id,
      external_id: externalId,
      kind,
      status,
      total_seats: seats ?? 0,
      available_seats: Math.max(0, (seats ?? 0) - seatsUsed),
    })),
  };
}
