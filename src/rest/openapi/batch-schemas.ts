import { z } from 'zod';
import { components, uuid } from './components.ts';
import { validationItem } from './error-schemas.ts';
import { customerSeat, invitedSeat, seatCounts } from './seat-schemas.ts';

const refused = z
  .object({
    status: z.literal('refused'),
    error: z.string().describe('The name of the error, as the endpoint for one seat answers it.'),
    detail: z
      .union([z.string(), z.array(validationItem)])
      .describe('The message, for people; the problems of an item that is invalid.'),
  })
  .describe('The item is refused.')
  .register(components, { id: 'RefusedBatchItem' });

const notAttempted = z
  .object({ status: z.literal('not_attempted') })
  .describe('The item is valid, but nothing was changed because another item was refused.')
  .register(components, { id: 'NotAttemptedBatchItem' });

const counts = {
  refused_count: z.int().min(0).describe('The number of items that were refused.'),
};

/** The result of a batch of assignments. */
export const assignedBatch = z
  .object({
    is_committed: z.boolean().describe('Whether seats were assigned.'),
    assigned_count: z.int().min(0).describe('The number of seats that were assigned.'),
    ...counts,
    results: z
      .array(
        z.union([
          z.object({ status: z.literal('assigned'), seat: invitedSeat }).describe('A new seat.'),
          refused,
          notAttempted,
        ]),
      )
      .describe('One result for each of `seats`, in the same order.'),
    ...seatCounts,
  })
  .describe('The result of a batch, with the seats that the pool has after it.')
  .register(components, { id: 'AssignedBatch' });

/** The result of a batch of revocations. */
export const revokedBatch = z
  .object({
    is_committed: z.boolean().describe('Whether seats were revoked.'),
    revoked_count: z.int().min(0).describe('The number of seats that were not revoked before.'),
    ...counts,
    results: z
      .array(
        z.union([
          z
            .object({ status: z.literal('revoked'), seat: customerSeat })
            .describe('A seat that is revoked now, or was before.'),
          refused,
          notAttempted,
        ]),
      )
      .describe('One result for each of `seat_ids`, in the same order.'),
    pools: z
      .array(
        z.object({
          subscription_id: uuid.nullable().describe('The subscription.'),
          order_id: uuid.nullable().describe('The order, if the pool is not a subscription.'),
          ...seatCounts,
        }),
      )
      .describe('The pools that have more free seats now.'),
  })
  .describe('The result of a batch.')
  .register(components, { id: 'RevokedBatch' });
