import type { ClaimedSubscription } from '../seats/read/claimed-subscriptions.ts';
import { timestamp, timestampOrNull } from '../seats/view.ts';

type Dated = 'id' | 'createdAt' | 'modifiedAt';
type ShownOrganization = Pick<
  ClaimedSubscription['product']['organization'],
  Dated | 'name' | 'slug' | 'memberModelEnabled'
>;
type ShownProduct = Pick<
  ClaimedSubscription['product'],
  Dated | 'name' | 'organizationId' | 'deletedAt'
> & { organization: ShownOrganization };
type ShownSubscription = Pick<
  ClaimedSubscription,
  Dated | 'status' | 'customerId' | 'productId' | 'checkoutId' | 'seats'
> & { product: ShownProduct };

/**
 * Returns a subscription with all fields that the vendors' clients require. Prices, periods and meters are empty, because
 * usher does not store them.
 */
export function representSubscription(subscription: ShownSubscription) {
  const { product } = subscription;
  const ended = subscription.status === 'canceled' || subscription.status === 'unpaid';
  return {
    created_at: timestamp(subscription.createdAt),
    modified_at: timestampOrNull(subscription.modifiedAt),
    id: subscription.id,
    amount: 0,
    currency: 'usd',
    recurring_interval: 'month',
    recurring_interval_count: 1,
    status: subscription.status,
    current_period_start: timestamp(subscription.createdAt),
    current_period_end: timestamp(subscription.createdAt),
    current_meter_period_start: null,
    current_meter_period_end: null,
    trial_start: null,
    trial_end: null,
    cancel_at_period_end: false,
    canceled_at: null,
    started_at: timestamp(subscription.createdAt),
    ends_at: null,
    ended_at: ended ? timestampOrNull(subscription.modifiedAt) : null,
    past_due_at: null,
    pause_at_period_end: false,
    paused_at: null,
    resumes_at: null,
    customer_id: subscription.customerId,
    product_id: subscription.productId,
    discount_id: null,
    checkout_id: subscription.checkoutId,
    seats: subscription.seats,
    units: null,
    customer_cancellation_reason: null,
    customer_cancellation_comment: null,
    product: representProduct(product),
    prices: [],
    meters: [],
    pending_update: null,
  };
}

function representProduct(product: ShownProduct) {
  return {
    id: product.id,
    created_at: timestamp(product.createdAt),
    modified_at: timestampOrNull(product.modifiedAt),
    trial_interval: null,
    trial_interval_count: null,
    name: product.name,
    description: null,
    visibility: 'public',
    recurring_interval: 'month',
    recurring_interval_count: 1,
    meter_interval: null,
    meter_interval_count: null,
    is_recurring: true,
    is_archived: product.deletedAt !== null,
    organization_id: product.organizationId,
    prices: [],
    benefits: [],
    medias: [],
    organization: representOrganization(product.organization),
  };
}

function representOrganization(organization: ShownOrganization) {
  return {
    created_at: timestamp(organization.createdAt),
    modified_at: timestampOrNull(organization.modifiedAt),
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    avatar_url: null,
    proration_behavior: 'prorate',
    allow_customer_updates: false,
    customer_portal_settings: {
      usage: { show: false },
      subscription: { update_seats: false, update_plan: false, pause: false },
      customer: { allow_email_change: false },
    },
    organization_features: {
      member_model_enabled: organization.memberModelEnabled,
      checkout_localization_enabled: false,
    },
  };
}
