import * as errors from '../../domain/errors.ts';
import { type ClaimedSeat, claimSeat } from '../../seats/claim.ts';
import { builder } from '../builder.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const ClaimSeatInput = builder.inputType('ClaimSeatInput', {
  description: 'What proves the invitation.',
  fields: t => ({
    invitationToken: t.string({
      required: true,
      description: "The token of the invitation's link.",
    }),
  }),
});

const ClaimSeatSuccess = builder.objectRef<ClaimedSeat>('ClaimSeatSuccess').implement({
  description: 'The seat is claimed.',
  fields: t => ({
    seat: t.field({
      type: CustomerSeat,
      description: 'The seat as it is now.',
      resolve: ({ seat }) => seat,
    }),
    customerSessionToken: t.string({
      description:
        "The token of the holder's session: an hour in the portal. Shown here once, and nowhere else.",
      resolve: ({ session }) => session.token,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the session ends.',
      resolve: ({ session }) => session.expiresAt,
    }),
  }),
});

builder.mutationField('claimSeat', t =>
  t.field({
    type: ClaimSeatSuccess,
    nullable: true,
    description:
      'Takes a pending seat by its invitation, and begins a session for its holder. Needs no bearer token. ' +
      'Of any number of claims with one token exactly one succeeds.',
    args: { input: t.arg({ type: ClaimSeatInput, required: true, description: 'What to claim.' }) },
    errors: {
      directResult: true,
      union: { description: 'The seat and a session, or why there is neither.' },
      types: [errors.InvalidInvitationToken, errors.FeatureNotEnabled],
    },
    resolve: (_root, { input }, ctx) => claimSeat(ctx, input.invitationToken),
  }),
);
