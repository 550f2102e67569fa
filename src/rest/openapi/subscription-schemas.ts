import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const interval = z.enum(['day', 'week', 'month', 'year']);
const nothing = (what: string) => z.array(z.unknown()).describe(`${what} Always empty in usher.`);
const never = (what: string) => z.null().describe(`${what} Always null in usher.`);

const organization = z
  .object({
    ...record,
    name: z.string().describe('The name.'),
    slug: z.string().describe('The slug.'),
    avatar_url: z.string().nullable().describe('The URL of the avatar.'),
    proration_behavior: z.string().describe('How plan changes are charged.'),
    allow_customer_updates: z.boolean().describe('Whether customers can change their plans.'),
    customer_portal_settings: z
      .object({
        usage: z.object({ show: z.boolean() }),
        subscription: z.object({
          update_seats: z.boolean(),
          update_plan: z.boolean(),
          pause: z.boolean(),
        }),
        customer: z.object({ allow_email_change: z.boolean() }),
      })
      .describe('What customers can do in the portal.'),
    organization_features: z
      .object({ member_model_enabled: z.boolean(), checkout_localization_enabled: z.boolean() })
      .describe('The enabled features.'),
  })
  .describe('The organization that sells the product.')
  .register(components, { id: 'CustomerOrganization' });

const product = z
  .object({
    ...record,
    trial_interval: never('The unit of the trial.'),
    trial_interval_count: never('The length of the trial in units.'),
    name: z.string().describe('The name.'),
    description: never('The description.'),
    visibility: z.string().describe('The visibility.'),
    recurring_interval: interval.nullable().describe('The unit of the billing period.'),
    recurring_interval_count: z
      .int()
      .nullable()
      .describe('The length of the billing period in units.'),
    meter_interval: never('The unit of the metering period.'),
    meter_interval_count: never('The length of the metering period in units.'),
    is_recurring: z.boolean().describe('Whether it is billed periodically.'),
    is_archived: z.boolean().describe('Whether it is no longer sold.'),
    organization_id: uuid.describe('The organization that sells it.'),
    prices: nothing('The prices.'),
    benefits: nothing('The benefits.'),
    medias: nothing('The images.'),
    organization,
  })
  .describe('The product of a subscription.')
  .register(components, { id: 'CustomerSubscriptionProduct' });

const subscription = z
  .object({
    ...record,
    amount: z.int().describe('The price of a billing period in cents. Always 0 in usher.'),
    currency: z.string().describe('The currency.'),
    recurring_interval: interval.describe('The unit of the billing period.'),
    recurring_interval_count: z.int().describe('The length of the billing period in units.'),
    status: z
      .enum([
        'incomplete',
        'incomplete_expired',
        'trialing',
        'active',
        'past_due',
        'canceled',
        'unpaid',
        'paused',
      ])
      .describe('The status.'),
    current_period_start: timestamp.describe('When the billing period began.'),
    current_period_end: timestamp.describe('When the billing period ends.'),
    current_meter_period_start: never('When the metering period began.'),
    current_meter_period_end: never('When the metering period ends.'),
    trial_start: never('When the trial began.'),
    trial_end: never('When the trial ends.'),
    cancel_at_period_end: z.boolean().describe('Whether it ends at the end of the billing period.'),
    canceled_at: never('When it was canceled.'),
    started_at: timestamp.nullable().describe('When it started.'),
    ends_at: never('When it will end.'),
    ended_at: timestamp.nullable().describe('When it ended.'),
    past_due_at: never('When a payment failed.'),
    pause_at_period_end: z
      .boolean()
      .describe('Whether it pauses at the end of the billing period.'),
    paused_at: never('When it was paused.'),
    resumes_at: never('When it resumes.'),
    customer_id: uuid.describe('The billing customer.'),
    product_id: uuid.describe('The product.'),
    discount_id: never('The discount.'),
    checkout_id: uuid.nullable().describe('The checkout that created it.'),
    seats: z.int().nullable().describe('The number of bought seats.'),
    units: z.null().describe('The number of bought units. Always null in usher.'),
    customer_cancellation_reason: never('The reason of the cancellation.'),
    customer_cancellation_comment: never('The comment on the cancellation.'),
    product,
    prices: nothing('The prices.'),
    meters: nothing('The metered usage.'),
    pending_update: never('The changes that apply with the next period.'),
  })
  .describe(
    "A subscription as the holders of its seats see it. It has all fields that the vendors' clients require; usher does not store prices, trials and meters.",
  )
  .register(components, { id: 'CustomerSubscription' });

/** A page of the subscriptions in which the caller has claimed a seat. */
export const claimedSubscriptionsPage = z
  .object({
    items: z.array(subscription).describe('The subscriptions, oldest first.'),
    pagination: z
      .object({
        total_count: z.int().min(0).describe('The number of items on all pages.'),
        max_page: z.int().min(0).describe('The number of the last page; 0 if there are no items.'),
      })
      .describe('The pagination.'),
  })
  .describe('A page of subscriptions.')
  .register(components, { id: 'ClaimedSubscriptions' });
