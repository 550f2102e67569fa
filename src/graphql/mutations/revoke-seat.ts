import * as errors from '../../domain/errors.ts';
import { revokeSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const RevokeSeatInput = builder.inputType('RevokeSeatInput', {
  description: 'Input of `revokeSeat`.',
  fields: t => ({
    seatId: t.field({ type: 'UUID', required: true, description: 'The seat.' }),
  }),
});

builder.mutationField('revokeSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Revokes a seat or its invitation, and frees the seat for another assignment. Has no effect on a revoked seat. ${MANAGING}`,
    args: {
      input: t.arg({ type: RevokeSeatInput, required: true, description: 'The seat.' }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat after the change.' },
      union: { description: 'Result of `revokeSeat`.' },
      result: { description: 'The seat is revoked.' },
      types: [errors.FeatureNotEnabled, errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => revokeSeat(ctx, input.seatId),
  }),
);
