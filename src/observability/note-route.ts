import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Exchange } from '../rate-limits/rate-limits.ts';
import { recordOf, UNMATCHED } from './request-record.ts';

/** Records the pattern of the route that answers a request. */
export const noteRoute: MiddlewareHandler<{ Bindings: Partial<Exchange> }> = async (c, next) => {
  const noted = recordOf(c.env?.incoming);
  if (noted !== undefined) {
    // The last match is the handler. Middleware comes before it, with its own patterns.
    const handler = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'));
    noted.route = handler?.path ?? UNMATCHED;
  }
  await next();
};
