import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const interval = z.enum(['day', 'week', 'month', 'year']);
const nothing = (what: string) => z.array(z.unknown()).describe(`${what} Always empty here.`);
const never = (what: string) => z.null().describe(`${what} Always null here.`);

const organization = z
  .object({
    ...record,
    name: z.string().describe('The name.'),
    slug: z.string().describe('The short name, as in addresses.'),
    avatar_url: z.string().nullable().describe('A picture.'),
    proration_behavior: z.string().describe('How a change of plan is charged.'),
    allow_customer_updates: z
      .boolean()
      .describe('Whether customers change their plans themselves.'),
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
      .describe('What the portal lets customers do.'),
    organization_features: z
      .object({ member_model_enabled: z.boolean(), checkout_localization_enabled: z.boolean() })
      .describe('What is switched on.'),
  })
  .describe('Who sells the product.')
  .register(components, { id: 'CustomerOrganization' });

const product = z
  .object({
    ...record,
    trial_interval: never('The unit of the trial.'),
    trial_interval_count: never('How many units the trial lasts.'),
    name: z.string().describe('The name.'),
    description: never('What it is.'),
    visibility: z.string().describe('Who can see it.'),
    recurring_interval: interval.nullable().describe('The unit of the billing period.'),
    recurring_interval_count: z.int().nullable().describe('How many units a billing period has.'),
    meter_interval: never('The unit of the metering period.'),
    meter_interval_count: never('How many units a metering period has.'),
    is_recurring: z.boolean().describe('Whether it is billed again and again.'),
    is_archived: z.boolean().describe('Whether it is no longer sold.'),
    organization_id: uuid.describe('Who sells it.'),
    prices: nothing('What it costs.'),
    benefits: nothing('What it gives.'),
    medias: nothing('Its pictures.'),
    organization,
  })
  .describe('What was bought.')
  .register(components, { id: 'CustomerSubscriptionProduct' });

const subscription = z
  .object({
    ...record,
    amount: z.int().describe('What a period costs, in cents. Always 0 here.'),
    currency: z.string().describe('In which currency.'),
    recurring_interval: interval.describe('The unit of the billing period.'),
    recurring_interval_count: z.int().describe('How many units a billing period has.'),
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
      .describe('Where it stands.'),
    current_period_start: timestamp.describe('When the billing period began.'),
    current_period_end: timestamp.describe('When the billing period ends.'),
    current_meter_period_start: never('When the metering period began.'),
    current_meter_period_end: never('When the metering period ends.'),
    trial_start: never('When the trial began.'),
    trial_end: never('When the trial ends.'),
    cancel_at_period_end: z.boolean().describe('Whether it ends with the period.'),
    canceled_at: never('When it was canceled.'),
    started_at: timestamp.nullable().describe('When it began.'),
    ends_at: never('When it will end.'),
    ended_at: timestamp.nullable().describe('When it ended.'),
    past_due_at: never('When a payment failed.'),
    pause_at_period_end: z.boolean().describe('Whether it is paused with the end of the period.'),
    paused_at: never('When it was paused.'),
    resumes_at: never('When it goes on.'),
    customer_id: uuid.describe('Who pays.'),
    product_id: uuid.describe('What was bought.'),
    discount_id: never('The discount.'),
    checkout_id: uuid.nullable().describe('The checkout that it came from.'),
    seats: z.int().nullable().describe('How many seats were bought.'),
    units: z.null().describe('Always null: nothing is sold by the unit here.'),
    customer_cancellation_reason: never('Why the customer canceled.'),
    customer_cancellation_comment: never('What the customer said of it.'),
    product,
    prices: nothing('What it costs.'),
    meters: nothing('What was used of it.'),
    pending_update: never('What changes with the next period.'),
  })
  .describe(
    "A subscription as its seats' holders see it. The fields are those that clients insist on; prices, trials and meters are not kept here.",
  )
  .register(components, { id: 'CustomerSubscription' });

/** One page of the subscriptions of which the caller has claimed a seat. */
export const claimedSubscriptionsPage = z
  .object({
    items: z.array(subscription).describe('The subscriptions, the oldest first.'),
    pagination: z
      .object({
        total_count: z.int().min(0).describe('How many there are on all pages.'),
        max_page: z.int().min(0).describe('The last page; 0 where there is nothing.'),
      })
      .describe('Where the page stands among all.'),
  })
  .describe('One page of subscriptions.')
  .register(components, { id: 'ClaimedSubscriptions' });
