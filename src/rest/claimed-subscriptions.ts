import { claimedSubscriptions } from '../seats/read/claimed-subscriptions.ts';
import { reading } from '../seats/read/reading.ts';
import { json } from './errors.ts';
import { listClaimedSubscriptions } from './openapi/subscription-operations.ts';
import { parsePagination } from './parse.ts';
import { representSubscription } from './represent-subscription.ts';
import { portalCtx, type Route } from './routing.ts';

/** Endpoint that lists the subscriptions in which the caller has claimed a seat. */
export const claimedSubscriptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/customer-portal/seats/subscriptions',
    docs: listClaimedSubscriptions,
    async handler(c) {
      const ctx = portalCtx(c);
      const { page, limit } = parsePagination(new URL(c.req.url).searchParams);
      const { items, totalCount } = await claimedSubscriptions(reading(ctx), { page, limit });
      return json({
        items: items.map(representSubscription),
        pagination: { total_count: totalCount, max_page: Math.ceil(totalCount / limit) },
      });
    },
  },
];
