import type { InvitedSeat } from '../../seats/invitation/invitation-link.ts';
import { builder } from '../builder.ts';
import { CustomerSeat } from './customer-seat.ts';
import { readablePool, SeatPool } from './seat-pool.ts';

/** The result of an assignment. */
export const AssignSeatSuccess = builder
  .objectRef<{ seat: InvitedSeat }>('AssignSeatSuccess')
  .implement({
    description: 'The seat was assigned.',
    fields: t => ({
      seat: t.field({
        type: CustomerSeat,
        description: 'The seat after the change.',
        resolve: ({ seat }) => seat,
      }),
      pool: t.field({
        type: SeatPool,
        nullable: true,
        description: 'The seat pool after the change; null if you are not allowed to see it.',
        resolve: ({ seat }, _args, ctx) => readablePool(ctx, seat),
      }),
    }),
  });
