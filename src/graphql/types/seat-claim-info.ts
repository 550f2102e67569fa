import { ResourceNotFound } from '../../domain/errors.ts';
import { type SeatClaimInfo as Info, seatClaimInfo } from '../../seats/invitation/claim-info.ts';
import { builder } from '../builder.ts';

const SeatClaimInfo = builder.objectRef<Info>('SeatClaimInfo').implement({
  description: 'What somebody with an invitation may know before they claim the seat.',
  fields: t => ({
    productName: t.exposeString('productName', { description: 'What the seat is of.' }),
    productId: t.expose('productId', { type: 'UUID', description: "The product's id." }),
    organizationName: t.exposeString('organizationName', { description: 'Who sells it.' }),
    organizationSlug: t.exposeString('organizationSlug', {
      description: "The seller's name in addresses.",
    }),
    customerEmail: t.exposeString('customerEmail', {
      description: 'Who the invitation is for; empty where that is not known.',
    }),
    canClaim: t.exposeBoolean('canClaim', {
      description: 'Always true: an invitation that is no good is null.',
    }),
  }),
});

builder.queryField('seatClaimInfo', t =>
  t.field({
    type: SeatClaimInfo,
    nullable: true,
    description:
      'What an invitation is for; null for one that is unknown, used, revoked or expired. Needs no bearer token, and ' +
      'changes nothing, so that a mail scanner that follows a link does no harm.',
    args: {
      invitationToken: t.arg.string({
        required: true,
        description: "The token of the invitation's link.",
      }),
    },
    resolve: async (_root, { invitationToken }, ctx) => {
      try {
        return await seatClaimInfo(ctx, invitationToken);
      } catch (error) {
        if (error instanceof ResourceNotFound) return null;
        throw error;
      }
    },
  }),
);
