import { SEAT_TABLE } from '../../csv/seat-table.ts';
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
import { IDEMPOTENCY_FAILURES, idempotencyHeader } from './idempotency-header.ts';
import { type Failure, NO_TOKEN, noScope, type Operation, parseErrorOf } from './operation.ts';
import { customerSeat, invitedSeat, seatsFile, seatsList } from './seat-schemas.ts';

/** The four seat endpoints for one kind of callers. */
export type SeatOperations = Record<'list' | 'assign' | 'revoke' | 'resend', Operation>;

/** Differences between the two kinds of callers. */
interface Callers {
  tag: Operation['tag'];
  operationIds: Record<keyof SeatOperations, string>;
  reading: { security: Operation['security']; failures: readonly Failure[]; description: string };
  managing: { security: Operation['security']; failures: readonly Failure[]; description: string };
  /** The schema of a newly invited seat. */
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
    description: "Lists only seats of the caller's own customer. All members can list them.",
  },
  managing: {
    security: [{ customerSession: [] }, { memberSession: [] }],
    failures: [
      ...NO_TOKEN,
      new NotPermitted('Only owners and billing managers can access billing features.'),
    ],
    description:
      "Works only for seats of the caller's own customer. A member needs the role `owner` or `billing_manager`.",
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
      description: `Lists all seats of one subscription or one order, including revoked ones, oldest first. If both are given, the order is ignored. With \`Accept: text/csv\`, the answer is a CSV file, which is sent while it is read from the database. ${reading.description}`,
      security: reading.security,
      query: { schema: listQuery, examples: { subscription_id: DEMO.subscription } },
      answer: {
        status: 200,
        description: 'The seats and the number of free ones.',
        schema: seatsList,
        csv: {
          schema: seatsFile,
          examples: {
            seats: {
              summary: 'The same seat',
              value: `${SEAT_TABLE.join()}\r\n${pendingSeat.id},pending,sam@globex.example,sam@globex.example,,,member,${pendingSeat.member_id},${pendingSeat.customer_id},${pendingSeat.subscription_id},,${pendingSeat.created_at},,,,${pendingSeat.invitation_token_expires_at},"{""department"":""Engineering""}"\r\n`,
            },
          },
        },
        examples: {
          seats: {
            summary: 'A subscription with 25 seats, one of which is assigned',
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
        parseErrorOf(() => parseListQuery(new URLSearchParams({ subscription_id: 'acme' }))),
      ],
    },
    assign: {
      operationId: operationIds.assign,
      tag,
      summary: 'Assign a seat',
      description: `Assigns a seat to one person. It sends an invitation by e-mail that is valid for 24 hours, or, with \`immediate_claim\`, claims the seat immediately. Give exactly one source (\`subscription_id\`, \`order_id\` or \`checkout_id\`) and one recipient (\`email\`, \`external_customer_id\`, \`customer_id\`, \`member_id\`, or \`external_member_id\`, optionally with \`email\`). usher never oversells a pool and never gives one person two seats of it, even under concurrent requests. ${managing.description}`,
      security: managing.security,
      header: idempotencyHeader,
      body: { schema: seatAssign, examples: assignExamples },
      answer: {
        status: 200,
        description: 'The seat: pending with an invitation, or claimed.',
        schema: invited,
        examples: { pending: { summary: 'An invited colleague', value: pendingSeat } },
      },
      failures: [...ASSIGN_FAILURES, ...managing.failures, ...IDEMPOTENCY_FAILURES],
    },
    revoke: {
      operationId: operationIds.revoke,
      tag,
      summary: 'Revoke a seat',
      description: `Revokes a pending or claimed seat, which makes it free again. The answer still contains the previous holder. A revoked seat is returned unchanged. ${managing.description}`,
      security: managing.security,
      path: { schema: seatPath, examples: { seat_id: DEMO.pendingSeat } },
      header: idempotencyHeader,
      answer: {
        status: 200,
        description: 'The revoked seat.',
        schema: customerSeat,
        examples: { revoked: { summary: 'A revoked seat', value: revokedSeat } },
      },
      failures: [
        ...managing.failures,
        new FeatureNotEnabled(),
        new ResourceNotFound('Seat not found'),
        parseErrorOf(() => parseSeatId('acme')),
        ...IDEMPOTENCY_FAILURES,
      ],
    },
    resend: {
      operationId: operationIds.resend,
      tag,
      summary: "Resend a seat's invitation",
      description: `Sends a new invitation for a pending seat. The new link is valid for 24 hours, and the old link becomes invalid. By default, an invitation can be resent once a minute and five times an hour, unless usher does not send the organization's invitations. Beyond that, the answer is 429 with \`Retry-After\`. After an error, the old link stays valid. ${managing.description}`,
      security: managing.security,
      path: { schema: seatPath, examples: { seat_id: DEMO.pendingSeat } },
      header: idempotencyHeader,
      answer: {
        status: 200,
        description: 'The seat with its new invitation.',
        schema: invited,
        examples: { resent: { summary: 'A resent invitation', value: resentSeat } },
      },
      failures: [
        new SeatNotPending(),
        new InvalidInvitationToken(),
        new InvitationsDeclined(),
        TOO_OFTEN,
        ...managing.failures,
        new FeatureNotEnabled(),
        new ResourceNotFound('Seat not found'),
        parseErrorOf(() => parseSeatId('acme')),
        ...IDEMPOTENCY_FAILURES,
      ],
    },
  };
}
