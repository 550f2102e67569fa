import { requireSeatManager } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import * as errors from '../../domain/errors.ts';
import type { AssignBatch } from '../../seats/batch/assign-batch.ts';
import { ItemNotAttempted, requireBatchSize } from '../../seats/batch/items.ts';
import { builder } from '../builder.ts';
import { IDEMPOTENCY_KEY } from '../idempotency.ts';
import { SeatRecipient, SeatSource, toMetadata, toRecipient } from '../inputs.ts';
import { type ResolvedSource, resolveSource } from '../seat-source.ts';
import { BatchMode } from './batch.ts';

const AssignSeatsItemInput = builder.inputType('AssignSeatsItemInput', {
  description:
    'A person of a batch. An invalid value, such as a malformed address, refuses this person alone.',
  fields: t => ({
    recipient: t.field({
      type: SeatRecipient,
      required: true,
      description: 'The recipient of the seat.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      description: 'Custom data to store with the seat: at most 10 keys and 1 KB.',
    }),
    immediateClaim: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the seat is claimed immediately, without an invitation.',
    }),
  }),
});

/** Seats of one pool for many people. */
export const AssignSeatsInput = builder.inputType('AssignSeatsInput', {
  description: 'Input of `assignSeats` and `previewAssignSeats`.',
  fields: t => ({
    source: t.field({ type: SeatSource, required: true, description: 'The seat pool.' }),
    seats: t.field({
      type: [AssignSeatsItemInput],
      required: true,
      description:
        'The people: 1 to 1,000. A person who is named twice is refused the second time.',
    }),
    mode: t.field({
      type: BatchMode,
      required: true,
      defaultValue: 'all-or-nothing',
      description: 'What happens if a person is refused.',
    }),
    idempotencyKey: t.string({
      description: `${IDEMPOTENCY_KEY} A preview ignores it.`,
    }),
  }),
});

/** The errors of a batch as a whole. */
export const ASSIGN_BATCH_ERRORS = [
  errors.SeatNotAvailable,
  errors.FeatureNotEnabled,
  errors.ResourceNotFound,
  errors.NotPermitted,
  errors.InvalidInput,
] as const;

/** The possible results of one person of a batch, besides success. */
export const ASSIGN_ITEM_ERRORS = [
  errors.SeatNotAvailable,
  errors.SeatAlreadyAssigned,
  errors.CustomerNotFound,
  errors.MemberNotFound,
  errors.MemberEmailMismatch,
  errors.InvalidSeatAssignmentRequest,
  errors.InvalidInput,
  ItemNotAttempted,
] as const;

/**
 * Returns the batch of an input in the domain's terms. If an item cannot be parsed, the problem becomes the item's error.
 */
export async function toAssignBatch(
  ctx: Ctx,
  { source, seats, mode }: Omit<typeof AssignSeatsInput.$inferInput, 'idempotencyKey'>,
): Promise<AssignBatch & { source: ResolvedSource }> {
  // Checked before any item is parsed.
  requireSeatManager(ctx.actor);
  requireBatchSize('seats', seats);
  return {
    source: await resolveSource(ctx, source),
    mode,
    seats: seats.map(({ recipient, metadata, immediateClaim }, index) => {
      try {
        return {
          recipient: toRecipient(recipient),
          metadata: toMetadata(metadata),
          immediateClaim,
        };
      } catch (error) {
        if (!(error instanceof errors.InvalidInput)) throw error;
        const path = ['seats', String(index)];
        return {
          recipient: { kind: 'unreadable', error: errors.atPath(path, error) },
          immediateClaim,
        };
      }
    }),
  };
}
