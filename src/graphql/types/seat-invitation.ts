import { invitationState } from '../../seats/invitation-token.ts';
import type { SeatView } from '../../seats/view.ts';
import { builder } from '../builder.ts';

/** The states of an invitation. */
export const SeatInvitationState = builder.enumType('SeatInvitationState', {
  description: 'State of an invitation.',
  values: {
    OPEN: { value: 'open', description: 'Its link can be used.' },
    EXPIRED: { value: 'expired', description: 'Its link has expired. The seat is still pending.' },
    CLOSED: { value: 'closed', description: 'The seat was claimed or revoked.' },
  } as const,
});

/** The latest invitation of a seat, which is stored in the seat's row. */
export const SeatInvitation = builder.objectRef<SeatView>('SeatInvitation').implement({
  description: 'The latest invitation of a seat.',
  fields: t => ({
    state: t.field({
      type: SeatInvitationState,
      description: 'Whether the link can be used.',
      resolve: (seat, _args, ctx) => invitationState(seat, ctx.now()),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the link expires or expired; null if it never expires.',
      resolve: seat => seat.invitationTokenExpiresAt,
    }),
    lastSentAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When usher last mailed the link; null if it has not.',
      resolve: ({ organizationId, id, invitationTokenHash }, _args, ctx) =>
        invitationTokenHash &&
        ctx.seats.lastSent({ organizationId, seatId: id, tokenHash: invitationTokenHash }),
    }),
  }),
});
