import { requireSeatReader } from '../../auth/access.ts';
import { findInvitationLink } from '../../seats/invitation/invitation-link.ts';
import { holderEmail } from '../../seats/view.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { selectionOf } from '../seat-selection.ts';
import { SeatInvitation } from './seat-invitation.ts';

/** The states of a seat, in the enum style of GraphQL. */
export const SeatStatus = builder.enumType('SeatStatus', {
  description: 'Status of a seat.',
  values: {
    PENDING: {
      value: 'pending',
      description: 'Assigned, but not claimed.',
    },
    CLAIMED: { value: 'claimed', description: 'Claimed by its holder.' },
    REVOKED: {
      value: 'revoked',
      description: 'Revoked. The seat can be assigned again.',
    },
  } as const,
});

/** A seat. Its invitation token appears only in the link, and only for callers who are to pass the link on. */
export const CustomerSeat = builder.prismaObject('CustomerSeat', {
  name: 'CustomerSeat',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    assignedAt: t.expose('assignedAt', { type: 'DateTime' }),
    status: t.expose('status', { type: SeatStatus }),
    subscriptionId: t.expose('subscriptionId', { type: 'ID', nullable: true }),
    orderId: t.expose('orderId', { type: 'ID', nullable: true }),
    customerId: t.expose('customerId', { type: 'ID', nullable: true }),
    memberId: t.expose('memberId', { type: 'ID', nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    customerEmail: t.field({
      type: 'EmailAddress',
      nullable: true,
      description:
        "The holder's e-mail address: that of the seat, or else of the member, or else of the customer.",
      resolve: seat => holderEmail(seat),
    }),
    invitationTokenExpiresAt: t.expose('invitationTokenExpiresAt', {
      type: 'DateTime',
      nullable: true,
    }),
    invitationUrl: t.string({
      nullable: true,
      description:
        'The invitation link, for you to pass on. Set only if the organization has turned off `sendsInvitations`, the seat is pending with a valid invitation, and the access token has `customer_seats:write`.',
      resolve: (seat, _args, ctx) => findInvitationLink(ctx, seat),
    }),
    invitation: t.field({
      type: SeatInvitation,
      nullable: true,
      description: 'The latest invitation; null for a seat that was never invited.',
      resolve: seat => (seat.invitationTokenHash === null ? null : seat),
    }),
    claimedAt: t.expose('claimedAt', { type: 'DateTime', nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    metadata: t.expose('metadata', { type: 'JSONObject' }),
  }),
});

// Not a prismaField: seats are read by id so often that the reader batches concurrent reads in one statement.
builder.queryField('customerSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `A seat by id; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: { id: t.arg({ type: 'ID', required: true, description: "The seat's id." }) },
    resolve: (_root, { id }, ctx, info) =>
      ctx.seats.seatOf(requireSeatReader(ctx.actor), id, selectionOf(info, 'seat')),
  }),
);
