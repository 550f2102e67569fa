import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { resendSeatInvitation } from '../../seats/resend.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const ResendSeatInvitationInput = builder.inputType('ResendSeatInvitationInput', {
  description: 'Input of `resendSeatInvitation`.',
  fields: t => ({
    seatId: t.field({ type: 'ID', required: true, description: 'The seat.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('resendSeatInvitation', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Sends the holder of a pending seat a new invitation link, valid for 24 hours, and invalidates the old link. If this fails, the old link stays valid. Resends are limited unless the organization has turned off \`sendsInvitations\`. ${MANAGING}`,
    args: {
      input: t.arg({
        type: ResendSeatInvitationInput,
        required: true,
        description: 'The seat.',
      }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat after the change.' },
      union: { description: 'Result of `resendSeatInvitation`.' },
      result: { description: 'The invitation will be sent.' },
      types: [
        errors.SeatNotPending,
        errors.InvalidInvitationToken,
        errors.InvitationsDeclined,
        errors.RateLimited,
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const { result } = await once(ctx, { operation: 'resendSeatInvitation', key, input }, keyed =>
        resendSeatInvitation(keyed, input.seatId),
      );
      return result;
    },
  }),
);
