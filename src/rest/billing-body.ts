import { z } from 'zod';
import { OrderStatus, SubscriptionStatus, type SyncBillingInput } from '../billing/sync-billing.ts';
import { parse } from './parse.ts';

// The domain checks the contents of a row, and reports them by their paths.
const text = z.string().nullish();

const id = text.describe(
  'The id: a UUID of your choice. Without it, `external_id` identifies the row.',
);
const externalId = text.describe(
  'The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is.',
);

const customer = z.object({
  id,
  external_id: externalId,
  email: text.describe('The billing e-mail address; null for none.'),
  name: text.describe('The display name; null for none.'),
});

const product = z.object({
  id,
  external_id: externalId,
  name: z.string().describe('The name that invitations show.'),
});

const pool = {
  id,
  external_id: externalId,
  product_id: text.describe('The id of the product. Give this or `product_external_id`.'),
  product_external_id: text.describe('The external id of the product.'),
  customer_id: text.describe(
    'The id of the billing customer. Give this or `customer_external_id`.',
  ),
  customer_external_id: text.describe('The external id of the billing customer.'),
  seats: z
    .int()
    .nullish()
    .describe('The number of seats bought; null if it is not sold by the seat.'),
  checkout_id: text.describe('The checkout of the purchase: a UUID; null for none.'),
};

const subscription = z.object({
  ...pool,
  status: z
    .enum(SubscriptionStatus)
    .describe('The billing status. When a subscription ends, its seats are revoked.'),
});

const order = z.object({
  ...pool,
  status: z
    .enum(OrderStatus)
    .describe('The billing status. When an order ends, its seats are revoked.'),
});

/** Schema of the body that reports the state of the billing system. */
export const billingBody = z.object({
  organization_id: text.describe(
    'The organization. Required only if the token can act for several organizations.',
  ),
  as_of: z.iso
    .datetime({ offset: true })
    .describe(
      'The time of this state in the billing system. Values that usher knows as of a later time stay; of two values as of the same time, the more advanced one wins.',
    ),
  when_too_small: z
    .enum(['refuse', 'oversell'])
    .default('refuse')
    .describe(
      'What happens to a pool that would have fewer seats than are pending or claimed, and fewer than before: nothing is changed, or it is oversold until it fits again.',
    ),
  customers: z.array(customer).default([]).describe('Customers.'),
  products: z.array(product).default([]).describe('Products.'),
  subscriptions: z.array(subscription).default([]).describe('Subscriptions.'),
  orders: z.array(order).default([]).describe('Orders.'),
});

/** Parses the body. Throws `RequestValidationError`. */
export function parseBilling(body: unknown): SyncBillingInput {
  const { organization_id, as_of, when_too_small, ...lists } = parse(billingBody, 'body', body);
  return {
    organizationId: organization_id?.toLowerCase(),
    asOf: new Date(as_of),
    whenTooSmall: when_too_small,
    customers: lists.customers.map(inCamelCase),
    products: lists.products.map(inCamelCase),
    subscriptions: lists.subscriptions.map(inCamelCase),
    orders: lists.orders.map(inCamelCase),
  };
}

function inCamelCase(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
