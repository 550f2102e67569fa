import * as errors from '../../domain/errors.ts';
import { type ClaimedSeat, claimSeat } from '../../seats/claim.ts';
import { builder } from '../builder.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const ClaimSeatInput = builder.inputType('ClaimSeatInput', {
  description: 'Input of `claimSeat`.',
  fields: t => ({
    invitationToken: t.string({
      required: true,
      description: 'The token from the invitation link.',
    }),
  }),
});

const ClaimSeatSuccess = builder.objectRef<ClaimedSeat>('ClaimSeatSuccess').implement({
  description: 'The seat was claimed.',
  fields: t => ({
    seat: t.field({
      type: CustomerSeat,
      description: 'The seat after the change.',
      resolve: ({ seat }) => seat,
    }),
    customerSessionToken: t.string({
      description:
        'The bearer token of a session for the holder, valid for one hour. It is shown only here.',
      resolve: ({ session }) => session.token,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the session expires.',
      resolve: ({ session }) => session.expiresAt,
    }),
  }),
});

builder.mutationField('claimSeat', t =>
  t.field({
    type: ClaimSeatSuccess,
    nullable: true,
    description: `Claims a pending seat with its invitation token and creates a session for the holder. No bearer token is needed. A token can be claimed once, even under concurrent requests.`,
    args: {
      input: t.arg({ type: ClaimSeatInput, required: true, description: 'The invitation.' }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `claimSeat`.' },
      types: [errors.InvalidInvitationToken, errors.FeatureNotEnabled],
    },
    resolve: (_root, { input }, ctx) => claimSeat(ctx, input.invitationToken),
  }),
);
