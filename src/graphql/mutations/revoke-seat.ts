import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { revokeSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { RevokeSeatSuccess } from '../types/revoked-seat.ts';

const RevokeSeatInput = builder.inputType('RevokeSeatInput', {
  description: 'Input of `revokeSeat`.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
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
      types: [
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const { result } = await once(ctx, { operation: 'revokeSeat', key, input }, keyed =>
        revokeSeat(keyed, input.seatId),
      );
      return result;
    },
  }),
);
