import * as errors from '../../domain/errors.ts';
import { revokeSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { RevokeSeatSuccess } from '../types/revoked-seat.ts';

const RevokeSeatInput = builder.inputType('RevokeSeatInput', {
  description: 'Input of `revokeSeat`.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat.' }),
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
