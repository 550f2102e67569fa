import { paginationQuery, parsePagination } from '../parse.ts';
import { DEMO } from './examples.ts';
import { NO_TOKEN, type Operation, parseErrorOf } from './operation.ts';
import { claimedSubscriptionsPage } from './subscription-schemas.ts';

const BOUGHT = '2026-01-05T09:00:00Z';

const organization = {
  created_at: BOUGHT,
  modified_at: null,
  id: DEMO.organization,
  name: 'Acme Software',
  slug: 'acme',
  avatar_url: null,
  proration_behavior: 'prorate',
  allow_customer_updates: false,
  customer_portal_settings: {
    usage: { show: false },
    subscription: { update_seats: false, update_plan: false, pause: false },
    customer: { allow_email_change: false },
  },
  organization_features: { member_model_enabled: true, checkout_localization_enabled: false },
};

const product = {
  id: DEMO.product,
  created_at: BOUGHT,
  modified_at: null,
  trial_interval: null,
  trial_interval_count: null,
  name: 'Acme Design',
  description: null,
  visibility: 'public',
  recurring_interval: 'month',
  recurring_interval_count: 1,
  meter_interval: null,
  meter_interval_count: null,
  is_recurring: true,
  is_archived: false,
  organization_id: DEMO.organization,
  prices: [],
  benefits: [],
  medias: [],
  organization,
};

const subscription = {
  created_at: BOUGHT,
  modified_at: null,
  id: DEMO.subscription,
  amount: 0,
  currency: 'usd',
  recurring_interval: 'month',
  recurring_interval_count: 1,
  status: 'active',
  current_period_start: BOUGHT,
  current_period_end: BOUGHT,
  current_meter_period_start: null,
  current_meter_period_end: null,
  trial_start: null,
  trial_end: null,
  cancel_at_period_end: false,
  canceled_at: null,
  started_at: BOUGHT,
  ends_at: null,
  ended_at: null,
  past_due_at: null,
  pause_at_period_end: false,
  paused_at: null,
  resumes_at: null,
  customer_id: DEMO.customer,
  product_id: DEMO.product,
  discount_id: null,
  checkout_id: DEMO.checkout,
  seats: 25,
  units: null,
  customer_cancellation_reason: null,
  customer_cancellation_comment: null,
  product,
  prices: [],
  meters: [],
  pending_update: null,
};

/** Lists the subscriptions of which the caller has claimed a seat. */
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
