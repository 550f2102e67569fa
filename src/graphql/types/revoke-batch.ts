import * as errors from '../../domain/errors.ts';
import { ItemNotAttempted } from '../../seats/batch/items.ts';
import { builder } from '../builder.ts';
import { IDEMPOTENCY_KEY } from '../idempotency.ts';
import { BatchMode } from './batch.ts';

/** Seats to revoke. */
export const RevokeSeatsInput = builder.inputType('RevokeSeatsInput', {
  description: 'Input of `revokeSeats` and `previewRevokeSeats`.',
  fields: t => ({
    seatIds: t.field({
      type: ['ID'],
      required: true,
      description: 'The seats: 1 to 1,000, of any pools.',
    }),
    mode: t.field({
      type: BatchMode,
      required: true,
      defaultValue: 'all-or-nothing',
      description: 'What happens if a seat is refused.',
    }),
    idempotencyKey: t.string({
      description: `${IDEMPOTENCY_KEY} A preview ignores it.`,
    }),
  }),
});

/** The possible results of one seat of a batch, besides success. */
export const REVOKE_ITEM_ERRORS = [
  errors.FeatureNotEnabled,
  errors.ResourceNotFound,
  ItemNotAttempted,
] as const;
