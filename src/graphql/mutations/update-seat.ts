import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { updateSeat } from '../../seats/update.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { toMetadata } from '../inputs.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const UpdateSeatInput = builder.inputType('UpdateSeatInput', {
  description: 'Input of `updateSeat`. What is null or left out does not change.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat.' }),
    metadata: t.field({
      type: 'JSONObject',
      description: 'All custom data of the seat: at most 10 keys and 1 KB.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Changes the custom data of a seat. ${MANAGING}`,
    args: {
      input: t.arg({
        type: UpdateSeatInput,
        required: true,
        description: 'The seat and its new data.',
      }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat after the change.' },
      union: { description: 'Result of `updateSeat`.' },
      result: { description: 'The seat was updated.' },
      types: [
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const change = { seatId: input.seatId, metadata: toMetadata(input.metadata) };
      const { result } = await once(ctx, { operation: 'updateSeat', key, input }, keyed =>
        updateSeat(keyed, change),
      );
      return result;
    },
  }),
);
