import type { Context, Hono } from 'hono';
import { batches } from './batch-routes.ts';
import { billingRoutes } from './billing-routes.ts';
import { claims } from './claim-routes.ts';
import { claimedSubscriptionRoutes } from './claimed-subscriptions.ts';
import { customerSessionRoutes } from './customer-sessions.ts';
import { type AppEnv, answerUnrouted, type Route } from './routing.ts';
import { adminSeats, portalSeats } from './seat-routes.ts';

/** All endpoints: those of the vendors' API, and usher's own. */
export const ROUTES: readonly Route[] = [
  ...adminSeats,
  ...claims,
  ...portalSeats,
  ...claimedSubscriptionRoutes,
  ...customerSessionRoutes,
  ...billingRoutes,
  ...batches,
];

/** The paths of the batches, which accept larger bodies. */
export const BATCH_PATHS: readonly string[] = batches.map(({ path }) => path);

/** Adds the REST endpoints. Unrouted requests get the answer of `page`, or JSON if it returns none. */
export function mountRest(
  app: Hono<AppEnv>,
  page: (c: Context<AppEnv>) => Promise<Response> | undefined,
): void {
  app.use('/v1/*', async (c, next) => {
    // Hono answers HEAD like GET; the reference does not.
    if (c.req.method === 'HEAD') return answerUnrouted(ROUTES, c.req.raw);
    return await next();
  });
  for (const { method, path, handler } of ROUTES) app.on(method, path, handler);
  app.notFound(c => page(c) ?? answerUnrouted(ROUTES, c.req.raw));
}
