import { paginationQuery, parsePagination } from '../parse.ts';
import { representSubscription } from '../represent-subscription.ts';
import { DEMO } from './examples.ts';
import { NO_TOKEN, type Operation, parseErrorOf } from './operation.ts';
import { claimedSubscriptionsPage } from './subscription-schemas.ts';

const dated = { createdAt: new Date('2026-01-05T09:00:00Z'), modifiedAt: null };

const subscription = representSubscription({
  ...dated,
  id: DEMO.subscription,
  status: 'active',
  customerId: DEMO.customer,
  productId: DEMO.product,
  checkoutId: DEMO.checkout,
  seats: 25,
  product: {
    ...dated,
    id: DEMO.product,
    name: 'Acme Design',
    organizationId: DEMO.organization,
    deletedAt: null,
    organization: {
      ...dated,
      id: DEMO.organization,
      name: 'Acme Software',
      slug: 'acme',
      memberModelEnabled: true,
    },
  },
});

/** Lists the subscriptions in which the caller has claimed a seat. */
export const listClaimedSubscriptions: Operation = {
  operationId: 'listPortalClaimedSubscriptions',
  tag: 'Customer portal',
  summary: 'List claimed subscriptions',
  description:
    'Lists the subscriptions of which the caller has claimed a seat, oldest first, in pages.',
  security: [{ customerSession: [] }, { memberSession: [] }],
  query: { schema: paginationQuery, examples: { page: 1, limit: 10 } },
  answer: {
    status: 200,
    description: 'A page, which is empty after the last one.',
    schema: claimedSubscriptionsPage,
    examples: {
      page: {
        summary: 'The only subscription',
        value: { items: [subscription], pagination: { total_count: 1, max_page: 1 } },
      },
    },
  },
  failures: [
    ...NO_TOKEN,
    parseErrorOf(() => parsePagination(new URLSearchParams({ page: '0', limit: 'all' }))),
  ],
};
