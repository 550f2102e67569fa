import { MAX_ROWS, type SyncedBilling, syncBilling } from '../../billing/sync-billing.ts';
import * as errors from '../../domain/errors.ts';
import { builder } from '../builder.ts';
import { CHOSEN_ID } from '../ids.ts';
import { PER_ITEM } from '../operation-cost.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { OrderStatus } from '../types/customer-order.ts';
import { SubscriptionStatus } from '../types/customer-subscription.ts';
import { SeatPool } from '../types/seat-pool.ts';

const ID = {
  type: 'ID',
  extensions: CHOSEN_ID,
  description: 'The id: a UUID of your choice. Without it, `externalId` identifies the row.',
} as const;
const EXTERNAL_ID =
  'The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is.';

const WhenTooSmall = builder.enumType('WhenTooSmall', {
  description:
    'What happens to a pool that would have fewer seats than are pending or claimed, and fewer than before.',
  values: {
    REFUSE: { value: 'refuse', description: 'Nothing is changed.' },
    OVERSELL: {
      value: 'oversell',
      description:
        'It is oversold: all holders keep their seats, and no seat can be assigned until it fits again.',
    },
  } as const,
});

const SyncCustomerInput = builder.inputType('SyncCustomerInput', {
  description: 'A customer as the billing system has it. What is left out stays as it is.',
  fields: t => ({
    id: t.field(ID),
    externalId: t.string({ description: EXTERNAL_ID }),
    email: t.string({ description: 'The billing e-mail address; null for none.' }),
    name: t.string({ description: 'The display name; null for none.' }),
  }),
});

const SyncProductInput = builder.inputType('SyncProductInput', {
  description: 'A product as the billing system has it. What is left out stays as it is.',
  fields: t => ({
    id: t.field(ID),
    externalId: t.string({ description: EXTERNAL_ID }),
    name: t.string({ required: true, description: 'The name that invitations show.' }),
  }),
});

const CHECKOUT = {
  type: 'ID',
  extensions: CHOSEN_ID,
  description: 'The checkout of the purchase: a UUID; null for none.',
} as const;
const CUSTOMER = 'The id of the billing customer. Give this or `customerExternalId`.';
const SEATS = 'The number of seats bought; null if it is not sold by the seat.';

const SyncSubscriptionInput = builder.inputType('SyncSubscriptionInput', {
  description: 'A subscription as the billing system has it. What is left out stays as it is.',
  fields: t => ({
    id: t.field(ID),
    externalId: t.string({ description: EXTERNAL_ID }),
    productId: t.field({
      type: 'ID',
      description: 'The id of the product. Give this or `productExternalId`.',
    }),
    productExternalId: t.string({ description: 'The external id of the product.' }),
    customerId: t.field({ type: 'ID', description: CUSTOMER }),
    customerExternalId: t.string({ description: 'The external id of the billing customer.' }),
    seats: t.int({ description: SEATS }),
    status: t.field({
      type: SubscriptionStatus,
      required: true,
      description: 'The billing status. When a subscription ends, its seats are revoked.',
    }),
    checkoutId: t.field(CHECKOUT),
  }),
});

const SyncOrderInput = builder.inputType('SyncOrderInput', {
  description: 'An order as the billing system has it. What is left out stays as it is.',
  fields: t => ({
    id: t.field(ID),
    externalId: t.string({ description: EXTERNAL_ID }),
    productId: t.field({
      type: 'ID',
      description: 'The id of the product; null for none. Give this or `productExternalId`.',
    }),
    productExternalId: t.string({ description: 'The external id of the product.' }),
    customerId: t.field({ type: 'ID', description: CUSTOMER }),
    customerExternalId: t.string({ description: 'The external id of the billing customer.' }),
    seats: t.int({ description: SEATS }),
    status: t.field({
      type: OrderStatus,
      required: true,
      description: 'The billing status. When an order ends, its seats are revoked.',
    }),
    checkoutId: t.field(CHECKOUT),
  }),
});

const SyncBillingInput = builder.inputType('SyncBillingInput', {
  description: `Input of \`syncBilling\`: at most ${MAX_ROWS.toLocaleString('en')} rows in all.`,
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    customers: t.field({
      type: [SyncCustomerInput],
      defaultValue: [],
      description: 'Customers.',
    }),
    products: t.field({ type: [SyncProductInput], defaultValue: [], description: 'Products.' }),
    subscriptions: t.field({
      type: [SyncSubscriptionInput],
      defaultValue: [],
      description: 'Subscriptions.',
    }),
    orders: t.field({ type: [SyncOrderInput], defaultValue: [], description: 'Orders.' }),
    whenTooSmall: t.field({
      type: WhenTooSmall,
      required: true,
      defaultValue: 'refuse',
      description:
        'What happens to a pool that would have fewer seats than are pending or claimed.',
    }),
    asOf: t.field({
      type: 'DateTime',
      required: true,
      description:
        'The time of this state in the billing system. Values that usher knows as of a later time stay; of two values as of the same time, the more advanced one wins.',
    }),
  }),
});

const Success = builder.objectRef<SyncedBilling>('SyncBillingSuccess').implement({
  description: 'Everything is as the billing system has it, or newer.',
  fields: t => ({
    changedCount: t.exposeInt('changedCount', {
      description: 'The number of rows that were new or have changed.',
    }),
    staleCount: t.exposeInt('staleCount', {
      description:
        'The number of rows that were passed over, since usher knows all that they tell as of the same or a later time.',
    }),
    pools: t.field({
      type: [SeatPool],
      description: 'The subscriptions and orders that were new or have changed.',
      extensions: PER_ITEM,
      resolve: ({ pools }) => pools,
    }),
    revokedCount: t.exposeInt('revokedCount', {
      description: 'The number of seats that were revoked because their pools have ended.',
    }),
  }),
});

builder.mutationField('syncBilling', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Brings customers, products, subscriptions and orders to the reported state of the billing system, all or nothing, by the rules of the import file. Late, repeated and reordered calls lead to the same state. Requires an access token with `billing:write`.',
    args: {
      input: t.arg({
        type: SyncBillingInput,
        required: true,
        description: 'The state of the billing system.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `syncBilling`.' },
      types: [
        errors.PoolTooSmall,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
      ],
    },
    resolve: (_root, { input }, ctx) =>
      syncBilling(ctx, {
        ...input,
        customers: input.customers ?? [],
        products: input.products ?? [],
        subscriptions: input.subscriptions ?? [],
        orders: input.orders ?? [],
      }),
  }),
);
