import {
  FeatureNotEnabled,
  InvalidInvitationToken,
  InvitationsDeclined,
  NotPermitted,
  RateLimited,
  ResourceNotFound,
  SeatNotPending,
} from '../../domain/errors.ts';
import { BadRequest } from '../errors.ts';
import { assignBody, listQuery, parseListQuery, parseSeatId, seatPath } from '../parse.ts';
import { ASSIGN_FAILURES } from './assign-failures.ts';
import { components } from './components.ts';
import { assignExamples, DEMO, pendingSeat, resentSeat, revokedSeat } from './examples.ts';
import { type Failure, NO_TOKEN, noScope, type Operation, refusalOf } from './operation.ts';
import { customerSeat, invitedSeat, seatsList } from './seat-schemas.ts';

/** The four endpoints for seats, as one kind of callers has them. */
export type SeatOperations = Record<'list' | 'assign' | 'revoke' | 'resend', Operation>;

/** What tells the callers of the two sets of endpoints apart. */
interface Callers {
  tag: Operation['tag'];
  operationIds: Record<keyof SeatOperations, string>;
  reading: { security: Operation['security']; failures: readonly Failure[]; description: string };
  managing: { security: Operation['security']; failures: readonly Failure[]; description: string };
  /** The form of a seat that somebody was just invited to. */
  invited: Operation['answer']['schema'];
}

const seatAssign = assignBody.register(components, { id: 'SeatAssign' });

const TOO_OFTEN = new RateLimited(
  'The invitation was resent too often.',
  new Date(42_000),
  new Date(0),
);

/** For organization and personal access tokens. */
export const adminSeatOperations = seatOperations({
  tag: 'Seats',
  operationIds: {
    list: 'listSeats',
    assign: 'assignSeat',
    revoke: 'revokeSeat',
    resend: 'resendSeatInvitation',
  },
  reading: {
    security: [{ accessToken: ['customer_seats:read'] }, { accessToken: ['customer_seats:write'] }],
    failures: noScope('customer_seats:read', 'customer_seats:write'),
    description: 'Needs the scope `customer_seats:read` or `customer_seats:write`.',
  },
  managing: {
    security: [{ accessToken: ['customer_seats:write'] }],
    failures: noScope('customer_seats:write'),
    description: 'Needs the scope `customer_seats:write`.',
  },
  invited: invitedSeat,
});

/** For customer and member sessions. */
export const portalSeatOperations = seatOperations({
  tag: 'Customer portal',
  operationIds: {
    list: 'listPortalSeats',
    assign: 'assignPortalSeat',
    revoke: 'revokePortalSeat',
    resend: 'resendPortalSeatInvitation',
  },
  reading: {
    security: [{ customerSession: [] }, { memberSession: [] }],
    failures: NO_TOKEN,
    description: "Only the caller's own customer's seats are there. Every member may see them.",
  },
  managing: {
    security: [{ customerSession: [] }, { memberSession: [] }],
    failures: [
      ...NO_TOKEN,
      new NotPermitted('Only owners and billing managers can access billing features.'),
    ],
    description:
      "Only the caller's own customer's seats are there. A member needs the role `owner` or `billing_manager`.",
  },
  invited: customerSeat,
});

function seatOperations({
  tag,
  operationIds,
  reading,
  managing,
  invited,
}: Callers): SeatOperations {
  return {
    list: {
      operationId: operationIds.list,
      tag,
      summary: 'List seats',
      description: `All seats of one subscription or one order, revoked ones too, the oldest first. Where both are named, the subscription counts. ${reading.description}`,
      security: reading.security,
      query: { schema: listQuery, examples: { subscription_id: DEMO.subscription } },
      answer: {
        status: 200,
        description: 'The seats, and how many are left.',
        schema: seatsList,
        examples: {
          seats: {
            summary: 'A subscription of 25 seats, of which one is taken',
            value: { seats: [pendingSeat], available_seats: 24, total_seats: 25 },
          },
        },
      },
      failures: [
        new BadRequest('Either subscription_id or order_id must be provided'),
        ...reading.failures,
        new FeatureNotEnabled(),
        new ResourceNotFound('Subscription not found'),
        new ResourceNotFound('Order not found'),
        refusalOf(() => parseListQuery(new URLSearchParams({ subscription_id: 'acme' }))),
      ],
    },
    assign: {
      operationId: operationIds.assign,
      tag,
      summary: 'Assign a seat',
      description: `Gives a seat to one person: invites them by e-mail, for 24 hours, or hands the seat over at once with \`immediate_claim\`. Name exactly one source (\`subscription_id\`, \`order_id\` or \`checkout_id\`) and one recipient (\`email\`, \`external_customer_id\`, \`customer_id\`, \`external_member_id\`, which \`email\` may go with, or \`member_id\`). A pool is never oversold, and nobody gets two live seats of one pool, however many requests come at once. ${managing.description}`,
      security: managing.security,
      body: { schema: seatAssign, examples: assignExamples },
      answer: {
        status: 200,
        description: 'The seat: pending with an invitation, or claimed.',
        schema: invited,
        examples: { pending: { summary: 'An invited colleague', value: pendingSeat } },
      },
      failures: [...ASSIGN_FAILURES, ...managing.failures],
    },
    revoke: {
      operationId: operationIds.revoke,
      tag,
      summary: 'Revoke a seat',
      description: `Takes a seat from its holder, or withdraws its invitation, and frees its place for somebody else. The answer still names who held it. A revoked seat is answered as it is. ${managing.description}`,
      security: managing.security,
      path: { schema: seatPath, examples: { seat_id: DEMO.pendingSeat } },
      answer: {
        status: 200,
        description: 'The seat, revoked.',
        schema: customerSeat,
        examples: { revoked: { summary: 'A seat that its holder lost', value: revokedSeat } },
      },
      failures: [
        ...managing.failures,
        new FeatureNotEnabled(),
        new ResourceNotFound('Seat not found'),
        refusalOf(() => parseSeatId('acme')),
      ],
    },
    resend: {
      operationId: operationIds.resend,
      tag,
      summary: "Resend a seat's invitation",
      description: `Invites the holder of a pending seat anew: a new link, good for 24 hours, and the old one is dead. A seat's invitation is resent at most once a minute and five times an hour, unless the organization sends no invitations itself; beyond, 429 says when to try again. A refusal leaves the old link as it was. ${managing.description}`,
      security: managing.security,
      path: { schema: seatPath, examples: { seat_id: DEMO.pendingSeat } },
      answer: {
        status: 200,
        description: 'The seat, with its new invitation.',
        schema: invited,
        examples: { resent: { summary: 'An invitation that was sent again', value: resentSeat } },
      },
      failures: [
        new SeatNotPending(),
        new InvalidInvitationToken(),
        new InvitationsDeclined(),
        TOO_OFTEN,
        ...managing.failures,
        new FeatureNotEnabled(),
        new ResourceNotFound('Seat not found'),
        refusalOf(() => parseSeatId('acme')),
      ],
    },
  };
}
