import * as errors from '../../domain/errors.ts';
import { resendSeatInvitation } from '../../seats/resend.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const ResendSeatInvitationInput = builder.inputType('ResendSeatInvitationInput', {
  description: 'Whose invitation is sent again.',
  fields: t => ({
    seatId: t.field({ type: 'UUID', required: true, description: 'The seat.' }),
  }),
});

builder.mutationField('resendSeatInvitation', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Invites a pending seat's holder anew, with a fresh link good for 24 hours; the old link is dead. Where it fails, the old link stays as it was. An organization's \`sendsInvitations: false\` lifts the limits on resending. ${MANAGING}`,
    args: {
      input: t.arg({
        type: ResendSeatInvitationInput,
        required: true,
        description: 'What to send again.',
      }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat as it is now.' },
      union: { description: 'The seat, or why nothing was sent.' },
      result: { description: 'The invitation is on its way.' },
      types: [
        errors.SeatNotPending,
        errors.InvalidInvitationToken,
        errors.InvitationsDeclined,
        errors.RateLimited,
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
      ],
    },
    resolve: (_root, { input }, ctx) => resendSeatInvitation(ctx, input.seatId),
  }),
);
