import type { RevokedSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { CustomerSeat } from './customer-seat.ts';
import { SeatHolder } from './seat-holder.ts';
import { readablePool, SeatPool } from './seat-pool.ts';

/** The result of a revocation. */
export const RevokeSeatSuccess = builder.objectRef<RevokedSeat>('RevokeSeatSuccess').implement({
  description: 'The seat is revoked.',
  fields: t => ({
    seat: t.field({
      type: CustomerSeat,
      description: 'The seat after the change, without a holder.',
      // Unlike here, REST and webhooks still show the former member in the seat.
      resolve: ({ seat }) =>
        seat.status === 'revoked' ? { ...seat, member: null, customer: null } : seat,
    }),
    formerHolder: t.field({
      type: SeatHolder,
      nullable: true,
      description: 'The person who lost the seat; null if it was already revoked.',
      resolve: ({ formerHolder }) => formerHolder,
    }),
    pool: t.field({
      type: SeatPool,
      nullable: true,
      description: 'The seat pool after the change; null if you are not allowed to see it.',
      resolve: ({ seat }, _args, ctx) => readablePool(ctx, seat),
    }),
  }),
});
