import { z } from 'zod';
import { InvalidInput, PoolTooSmall, ResourceNotFound } from '../../domain/errors.ts';
import { LARGEST_BILLING } from '../../http/limits.ts';
import { billingBody, parseBilling } from '../billing-body.ts';
import { components, uuid } from './components.ts';
import { DEMO } from './examples.ts';
import { badBody, noScope, type Operation, parseErrorOf } from './operation.ts';

const billing = billingBody.register(components, { id: 'Billing' });

const pool = z
  .object({
    id: uuid.describe('The id of the subscription or order.'),
    external_id: z.string().nullable().describe('The id in your own system.'),
    kind: z.enum(['subscription', 'order']).describe('Whether it is a subscription or an order.'),
    status: z.string().describe('The billing status.'),
    total_seats: z.int().describe('The number of seats that were bought.'),
    available_seats: z.int().describe('The number of free seats; 0 for an oversold pool.'),
  })
  .describe('A subscription or an order, as it is now.')
  .register(components, { id: 'BilledPool' });

const synced = z
  .object({
    changed_count: z.int().describe('The number of rows that were new or have changed.'),
    stale_count: z
      .int()
      .describe(
        'The number of rows that were passed over, since usher knows all that they tell as of the same or a later time.',
      ),
    revoked_count: z
      .int()
      .describe('The number of seats that were revoked because their pools have ended.'),
    pools: z.array(pool).describe('The subscriptions and orders that were new or have changed.'),
  })
  .describe('Everything is as the billing system has it, or newer.')
  .register(components, { id: 'SyncedBilling' });

/** Reports the state of the billing system. */
export const syncBilling: Operation = {
  operationId: 'syncBilling',
  tag: 'Billing',
  summary: 'Report the state of the billing system',
  description:
    "Brings customers, products, subscriptions and orders to the reported state of the billing system, all or nothing: at most 1,000 rows and 1 MiB. Late, repeated and reordered calls lead to the same state. This endpoint is usher's own; the vendors have none like it. Needs the scope `billing:write`.",
  security: [{ accessToken: ['billing:write'] }],
  body: {
    schema: billing,
    examples: {
      subscription: {
        summary: 'A subscription with more seats, by the ids of your billing system',
        value: {
          as_of: '2026-03-02T10:15:00Z',
          subscriptions: [
            {
              external_id: 'sub_1Mow',
              product_external_id: 'prod_team',
              customer_external_id: 'globex',
              status: 'active',
              seats: 12,
            },
          ],
        },
      },
    },
  },
  answer: {
    status: 200,
    description: 'What was changed.',
    schema: synced,
    examples: {
      changed: {
        summary: 'The subscription has changed',
        value: {
          changed_count: 1,
          stale_count: 0,
          revoked_count: 0,
          pools: [
            {
              id: DEMO.subscription,
              external_id: 'sub_1Mow',
              kind: 'subscription',
              status: 'active',
              total_seats: 12,
              available_seats: 4,
            },
          ],
        },
      },
    },
  },
  failures: [
    ...badBody(LARGEST_BILLING),
    ...noScope('billing:write'),
    new ResourceNotFound(
      'subscriptions.0.customerExternalId: no such customer in this organization',
    ),
    new PoolTooSmall(DEMO.subscription, 8, 5),
    parseErrorOf(() => parseBilling({})),
    new InvalidInput([
      {
        path: ['subscriptions', '0', 'seats'],
        code: 'RANGE',
        message: 'must be at least 0',
      },
    ]),
  ],
};
