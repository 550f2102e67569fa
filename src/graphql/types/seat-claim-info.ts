import { ResourceNotFound } from '../../domain/errors.ts';
import { type SeatClaimInfo as Info, seatClaimInfo } from '../../seats/invitation/claim-info.ts';
import { builder } from '../builder.ts';

const SeatClaimInfo = builder.objectRef<Info>('SeatClaimInfo').implement({
  description: 'The content of an invitation.',
  fields: t => ({
    productName: t.exposeString('productName', { description: 'The product of the seat.' }),
    productId: t.expose('productId', { type: 'ID', description: "The product's id." }),
    organizationName: t.exposeString('organizationName', {
      description: 'The name of the seller.',
    }),
    organizationSlug: t.exposeString('organizationSlug', {
      description: "The seller's name in URLs.",
    }),
    customerEmail: t.exposeString('customerEmail', {
      description: 'The address that was invited; empty if it is unknown.',
    }),
    canClaim: t.exposeBoolean('canClaim', {
      description: 'Always true: an invitation that cannot be claimed is null.',
    }),
  }),
});

builder.queryField('seatClaimInfo', t =>
  t.field({
    type: SeatClaimInfo,
    nullable: true,
    description:
      'The content of an invitation; null if it does not exist, or was used, revoked or expired. No bearer token is needed. The query does not claim the seat, so mail scanners that follow the link do no harm.',
    args: {
      invitationToken: t.arg.string({
        required: true,
        description: 'The token from the invitation link.',
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
