import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { assignSeat } from '../../seats/assign.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { SeatRecipient, SeatSource, toMetadata, toRecipient } from '../inputs.ts';
import { resolveSource } from '../seat-source.ts';
import { AssignSeatSuccess } from '../types/assigned-seat.ts';

const AssignSeatInput = builder.inputType('AssignSeatInput', {
  description: 'Input of `assignSeat`.',
  fields: t => ({
    source: t.field({ type: SeatSource, required: true, description: 'The seat pool.' }),
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
      defaultValue: false,
      description: 'Whether the seat is claimed immediately, without an invitation.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('assignSeat', t =>
  t.field({
    type: AssignSeatSuccess,
    nullable: true,
    description: `Assigns a seat to a person. The person gets an invitation by e-mail and has 24 hours to claim the seat. ${MANAGING}`,
    args: {
      input: t.arg({
        type: AssignSeatInput,
        required: true,
        description: 'The seat pool and the recipient.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `assignSeat`.' },
      types: [
        errors.SeatNotAvailable,
        errors.SeatAlreadyAssigned,
        errors.CustomerNotFound,
        errors.MemberNotFound,
        errors.MemberEmailMismatch,
        errors.InvalidSeatAssignmentRequest,
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const request = {
        source: await resolveSource(ctx, input.source),
        recipient: toRecipient(input.recipient),
        metadata: toMetadata(input.metadata),
        immediateClaim: input.immediateClaim ?? false,
      };
      const isUnknown = request.source.isUnknown ?? false;
      const { result } = await once(
        ctx,
        { operation: 'assignSeat', key, input, isUnknown },
        keyed => assignSeat(keyed, request),
      );
      return { seat: result };
    },
  }),
);
