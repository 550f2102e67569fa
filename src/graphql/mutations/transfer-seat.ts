import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { type TransferredSeat, transferSeat } from '../../seats/transfer.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY, IS_REPLAY } from '../idempotency.ts';
import { SeatRecipient, toMetadata, toRecipient } from '../inputs.ts';
import { CustomerSeat } from '../types/customer-seat.ts';
import { SeatHolder } from '../types/seat-holder.ts';

const TransferSeatInput = builder.inputType('TransferSeatInput', {
  description: 'Input of `transferSeat`.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat: pending or claimed.' }),
    recipient: t.field({
      type: SeatRecipient,
      required: true,
      description: 'The new recipient of the seat.',
    }),
    immediateClaim: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the seat is claimed immediately, without an invitation.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'Custom data to store with the seat instead of the present data; null to keep it. At most 10 keys and 1 KB.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const TransferSeatSuccess = builder
  .objectRef<TransferredSeat & { isReplay: boolean }>('TransferSeatSuccess')
  .implement({
    description: 'The seat was transferred.',
    fields: t => ({
      seat: t.field({
        type: CustomerSeat,
        description: 'The seat after the change.',
        resolve: ({ seat }) => seat,
      }),
      formerHolder: t.field({
        type: SeatHolder,
        description: 'The person who lost the seat.',
        resolve: ({ formerHolder }) => formerHolder,
      }),
      isReplay: t.exposeBoolean('isReplay', { description: IS_REPLAY }),
    }),
  });

builder.mutationField('transferSeat', t =>
  t.field({
    type: TransferSeatSuccess,
    nullable: true,
    description: `Assigns a live seat to another person in one step, also if the pool is full. The former holder loses it, and the events are those of a revocation and an assignment. ${MANAGING}`,
    args: {
      input: t.arg({
        type: TransferSeatInput,
        required: true,
        description: 'The seat and the new recipient.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `transferSeat`.' },
      types: [
        errors.SeatNotLive,
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
        seatId: input.seatId,
        recipient: toRecipient(input.recipient),
        metadata: toMetadata(input.metadata),
        immediateClaim: input.immediateClaim,
      };
      const { result, isReplay } = await once(
        ctx,
        { operation: 'transferSeat', key, input },
        keyed => transferSeat(keyed, request),
      );
      return { ...result, isReplay };
    },
  }),
);
