import * as errors from '../../domain/errors.ts';
import { type RevokedSeat, revokeSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { CustomerSeat } from '../types/customer-seat.ts';
import { SeatHolder } from '../types/seat-holder.ts';

const RevokeSeatInput = builder.inputType('RevokeSeatInput', {
  description: 'Input of `revokeSeat`.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat.' }),
  }),
});

const RevokeSeatSuccess = builder.objectRef<RevokedSeat>('RevokeSeatSuccess').implement({
  description: 'The seat is revoked.',
  fields: t => ({
    seat: t.field({
      type: CustomerSeat,
      description: 'The seat after the change, without a holder.',
      // REST and webhooks still show the former member there.
      resolve: ({ seat }) => ({ ...seat, member: null, customer: null }),
    }),
    formerHolder: t.field({
      type: SeatHolder,
      nullable: true,
      description: 'The person who lost the seat; null if it was already revoked.',
      resolve: ({ formerHolder }) => formerHolder,
    }),
  }),
});

builder.mutationField('revokeSeat', t =>
  t.field({
    type: RevokeSeatSuccess,
    nullable: true,
    description: `Revokes a seat or its invitation, and frees the seat for another assignment. Has no effect on a revoked seat. ${MANAGING}`,
    args: {
      input: t.arg({ type: RevokeSeatInput, required: true, description: 'The seat.' }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `revokeSeat`.' },
      types: [errors.FeatureNotEnabled, errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => revokeSeat(ctx, input.seatId),
  }),
);
