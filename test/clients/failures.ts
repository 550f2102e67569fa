import { randomUUID } from 'node:crypto';
import { tokenOf } from '../support/invitations.ts';
import { commonFailures, SIDES } from './common-failures.ts';
import {
  type Failure,
  INSUFFICIENT_SCOPE,
  INVALID_TOKEN,
  invalid,
  NOT_ENABLED,
  refusal,
  type Scene,
  switchOff,
  UNAUTHORIZED,
} from './failure.ts';

/** What only some calls refuse. */
const particular: Failure[] = SIDES.flatMap(({ side, operations, caller }): Failure[] => [
  {
    operation: `${operations}AssignSeat`,
    why: 'a pool that is full',
    options: { seats: 1 },
    attempt: (calls, { fixture }) =>
      calls[side].assignSeat(fixture.tokens[caller], {
        subscriptionId: fixture.ids.subscription,
        email: 'kim@globex.example',
      }),
    status: 400,
    body: ({ fixture }) => ({
      error: 'SeatNotAvailable',
      detail: `No available seats for ${fixture.ids.subscription}`,
    }),
  },
  {
    operation: `${operations}AssignSeat`,
    why: 'somebody who has a seat',
    attempt: (calls, { fixture }) =>
      calls[side].assignSeat(fixture.tokens[caller], {
        subscriptionId: fixture.ids.subscription,
        email: 'SAM@globex.example',
      }),
    status: 400,
    body: refusal('SeatAlreadyAssigned', 'Seat already assigned to customer sam@globex.example'),
  },
  {
    operation: `${operations}AssignSeat`,
    why: 'an order that nobody made',
    attempt: (calls, { fixture }) =>
      calls[side].assignSeat(fixture.tokens[caller], {
        orderId: randomUUID(),
        email: 'kim@globex.example',
      }),
    status: 404,
    body: refusal('ResourceNotFound', 'Order not found'),
  },
  {
    operation: `${operations}AssignSeat`,
    why: 'two pools in one request',
    attempt: (calls, { fixture }) =>
      calls[side].assignSeat(fixture.tokens[caller], {
        subscriptionId: fixture.ids.subscription,
        orderId: fixture.ids.order,
        email: 'kim@globex.example',
      }),
    status: 422,
    body: invalid({
      type: 'value_error',
      loc: ['body'],
      msg: 'Value error, Exactly one of subscription_id, order_id, or checkout_id must be provided',
    }),
  },
  {
    operation: `${operations}ResendInvitation`,
    why: 'a seat that is claimed',
    prepare: claimSeat,
    attempt: (calls, { fixture, seatId }) =>
      calls[side].resendInvitation(fixture.tokens[caller], seatId),
    status: 400,
    body: refusal('SeatNotPending', 'Seat is not in pending status'),
  },
]);

/** What the calls of one side alone refuse. */
const claiming: Failure[] = [
  {
    operation: 'CustomerSeatsListSeats',
    why: 'a token without any scope for seats',
    attempt: (calls, { fixture }) =>
      calls.customerSeats.listSeats(fixture.tokens.scopeless, {
        subscriptionId: fixture.ids.subscription,
      }),
    status: 403,
    body: () => INSUFFICIENT_SCOPE,
  },
  // The vendors' description knows a 400 here besides, which the reference never answers.
  {
    operation: 'CustomerSeatsGetClaimInfo',
    why: 'an invitation that nobody sent',
    attempt: (calls, { fixture }) =>
      calls.customerSeats.getClaimInfo(fixture.tokens.organization, 'no such+invitation'),
    status: 404,
    body: refusal('ResourceNotFound', 'Invalid or expired invitation token'),
  },
  {
    operation: 'CustomerSeatsGetClaimInfo',
    why: 'an organization that sells no seats any more',
    prepare: switchOff,
    attempt: async (calls, { usher, fixture, seatId }) =>
      calls.customerSeats.getClaimInfo(fixture.tokens.organization, await tokenOf(usher, seatId)),
    status: 403,
    body: NOT_ENABLED,
  },
  {
    operation: 'CustomerSeatsClaimSeat',
    why: 'an invitation that nobody sent',
    attempt: (calls, { fixture }) =>
      calls.customerSeats.claimSeat(fixture.tokens.organization, 'no such+invitation'),
    status: 400,
    body: refusal('InvalidInvitationToken', 'Invalid or expired invitation token'),
  },
  {
    operation: 'CustomerSeatsClaimSeat',
    why: 'an organization that sells no seats any more',
    prepare: switchOff,
    attempt: async (calls, { usher, fixture, seatId }) =>
      calls.customerSeats.claimSeat(fixture.tokens.organization, await tokenOf(usher, seatId)),
    status: 403,
    body: NOT_ENABLED,
  },
  {
    operation: 'CustomerSeatsClaimSeat',
    why: 'a token that no text can be',
    attempt: (calls, { fixture }) =>
      calls.customerSeats.claimSeat(fixture.tokens.organization, 'a\0b'),
    status: 422,
    body: invalid({
      type: 'value_error',
      loc: ['body', 'invitation_token'],
      msg: 'Value error, This value contains invalid characters',
      input: 'a\0b',
    }),
  },
  {
    operation: 'CustomerPortalSeatsListClaimedSubscriptions',
    why: 'a token whose time is over',
    attempt: (calls, { fixture }) =>
      calls.customerPortal.listClaimedSubscriptions(fixture.tokens.expiredSession),
    status: 401,
    body: () => INVALID_TOKEN,
  },
  {
    operation: 'CustomerPortalSeatsListClaimedSubscriptions',
    why: 'a token of the other side',
    attempt: (calls, { fixture }) =>
      calls.customerPortal.listClaimedSubscriptions(fixture.tokens.organization),
    status: 401,
    body: () => UNAUTHORIZED,
  },
];

async function claimSeat({ usher, seatId }: Scene): Promise<void> {
  const body = { invitation_token: await tokenOf(usher, seatId) };
  const { status } = await usher.rest('POST', '/v1/customer-seats/claim', { body });
  if (status !== 200) throw new Error('The seat was not claimed.');
}

/** Every failure that the vendors document for the seats, call by call, each with a name. */
export const failures: readonly (readonly [name: string, failure: Failure])[] = [
  ...commonFailures,
  ...particular,
  ...claiming,
].map(failure => [`${failure.operation} answers ${failure.status} to ${failure.why}`, failure]);
