import * as errors from '../domain/errors.ts';
import { builder } from './builder.ts';
import { selectionOf } from './seat-selection.ts';
import { CustomerSeat } from './types/customer-seat.ts';
import { SeatAvailability } from './types/seat-availability.ts';

const CODES = {
  SEAT_NOT_AVAILABLE: 'The pool is full, ended or not paid.',
  SEAT_ALREADY_ASSIGNED: 'The recipient already holds a live seat of the pool.',
  SEAT_NOT_PENDING: 'The seat is not pending.',
  SEAT_NOT_LIVE: 'The seat is neither pending nor claimed.',
  INVALID_INVITATION_TOKEN: 'The invitation does not exist, or was used, revoked or expired.',
  INVALID_SEAT_ASSIGNMENT_REQUEST: 'The recipient cannot be identified in this way.',
  MEMBER_EMAIL_MISMATCH: 'The external id belongs to a member with another e-mail address.',
  CUSTOMER_NOT_FOUND: 'The organization has no such customer.',
  MEMBER_NOT_FOUND: 'The billing customer has no such member.',
  RESOURCE_NOT_FOUND: 'The resource does not exist, or you are not allowed to see it.',
  POOL_TOO_SMALL: 'The pool would have fewer seats than are pending or claimed.',
  FEATURE_NOT_ENABLED: 'The organization does not sell by the seat.',
  NOT_PERMITTED: 'The token or the role does not permit this.',
  INVALID_INPUT: 'A value of the input is invalid.',
  INVITATIONS_DECLINED: "The holder has unsubscribed from the organization's invitations.",
  RATE_LIMITED: 'There were too many requests. Nothing was changed.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used with another input.',
  IDEMPOTENCY_IN_PROGRESS: 'The first request with the idempotency key is still in progress.',
} as const satisfies Record<errors.ErrorCode, string>;

const ErrorCode = builder.enumType('ErrorCode', {
  description:
    'Reason for the failure of a mutation. Programs use this or `__typename`, not `message`.',
  values: Object.fromEntries(
    Object.entries(CODES).map(([code, description]) => [code, { description }]),
  ) as { [Code in errors.ErrorCode]: { description: string } },
});

const UserError = builder.interfaceRef<errors.UserError>('UserError').implement({
  description:
    'An expected failure of a mutation. Select `... on UserError { code message }` to handle all of them.',
  fields: t => ({
    code: t.expose('code', { type: ErrorCode, description: 'The error code, for programs.' }),
    message: t.exposeString('message', {
      description: 'A description for people. The text may change.',
    }),
  }),
});

const INPUT_ISSUES = {
  AMBIGUOUS: 'The values name several things, or none.',
  BLANK: 'The text is empty.',
  CLAIM_URL_MISSING: 'The template of an invitation lacks its link.',
  CREDENTIALS: 'The URL has a user or a password.',
  DISABLED: 'The webhook endpoint is disabled.',
  DUPLICATE: 'A value appears twice.',
  EMAIL: 'The text is not an e-mail address.',
  FRAGMENT: 'The URL has a fragment.',
  INEXACT_NUMBER: 'The number cannot be stored exactly.',
  METADATA: 'The metadata has more than 10 keys or 1 KB, or a value that is not permitted.',
  NOT_FOUND: 'There is nothing with this id.',
  ONE_OF: 'Exactly one of several fields is required.',
  ONLY_OWNER: 'The owner of a team can be neither removed nor demoted without a successor.',
  PARTIAL: 'The template has a partial.',
  PENDING: 'The delivery is still pending.',
  PRIVATE_ADDRESS: 'The URL is of a private network.',
  RANGE: 'The number is out of range.',
  REQUIRED: 'A value is required.',
  SYNTAX: 'The template is not valid.',
  TAKEN: 'Another has this value.',
  TEXT: 'The text cannot be stored.',
  TOO_LONG: 'The text is too long.',
  TOO_MANY: 'There are too many.',
  UNESCAPED: 'The HTML template has a value that is not escaped.',
  UNKNOWN_VARIABLE: 'The template has an unknown variable.',
  URL: 'The text is not a URL that can be used here.',
  UUID: 'The text is not a UUID.',
} as const satisfies Record<errors.InputIssueCode, string>;

const InputIssueCode = builder.enumType('InputIssueCode', {
  description: 'What is wrong with a value of an input. New values may be added.',
  values: Object.fromEntries(
    Object.entries(INPUT_ISSUES).map(([code, description]) => [code, { description }]),
  ) as { [Code in errors.InputIssueCode]: { description: string } },
});

const InputIssue = builder.objectRef<errors.InputIssue>('InputIssue').implement({
  description: 'A problem with an input.',
  fields: t => ({
    path: t.exposeStringList('path', {
      description: 'The path to the value in the input, from the outermost field.',
    }),
    code: t.expose('code', { type: InputIssueCode, description: 'The error code, for programs.' }),
    message: t.exposeString('message', {
      description: 'A description for people. The text may change.',
    }),
  }),
});

/** What the types of all failures share: the domain's name, the interface and the description. */
const shared = (errorClass: { name: string }, code: errors.ErrorCode) => ({
  name: `${errorClass.name}Error`,
  description: CODES[code],
  interfaces: [UserError],
});

builder.objectType(errors.SeatNotAvailable, {
  ...shared(errors.SeatNotAvailable, 'SEAT_NOT_AVAILABLE'),
  fields: t => ({
    sourceId: t.expose('sourceId', {
      type: 'ID',
      description: 'The subscription or the order.',
    }),
    reason: t.expose('reason', {
      type: SeatAvailability,
      description: 'Why the pool has no seat to assign.',
    }),
  }),
});

builder.objectType(errors.SeatAlreadyAssigned, {
  ...shared(errors.SeatAlreadyAssigned, 'SEAT_ALREADY_ASSIGNED'),
  fields: t => ({
    holder: t.exposeString('holder', {
      description: "The recipient's e-mail address, or else the id from the input.",
    }),
    existingSeat: t.field({
      type: CustomerSeat,
      nullable: true,
      description: 'The seat that the recipient holds.',
      resolve: ({ seat }, _args, ctx, info) =>
        ctx.actor.kind === 'anonymous'
          ? null
          : ctx.seats.seatOf(ctx.actor, seat.id, selectionOf(info, 'seat')),
    }),
  }),
});

builder.objectType(errors.PoolTooSmall, {
  ...shared(errors.PoolTooSmall, 'POOL_TOO_SMALL'),
  fields: t => ({
    poolId: t.expose('poolId', { type: 'ID', description: 'The subscription or the order.' }),
    liveSeats: t.exposeInt('liveSeats', {
      description: 'The number of seats that are pending or claimed.',
    }),
    total: t.exposeInt('total', { description: 'The number of seats that the pool would have.' }),
  }),
});

builder.objectType(errors.InvalidInput, {
  ...shared(errors.InvalidInput, 'INVALID_INPUT'),
  fields: t => ({
    issues: t.field({
      type: [InputIssue],
      description: 'All problems with the input.',
      resolve: error => [...error.issues],
    }),
  }),
});

builder.objectType(errors.RateLimited, {
  ...shared(errors.RateLimited, 'RATE_LIMITED'),
  fields: t => ({
    retryAt: t.expose('retryAt', { type: 'DateTime', description: 'When to retry.' }),
    retryAfter: t.exposeInt('retryAfter', { description: 'The number of seconds to wait.' }),
  }),
});

builder.objectType(errors.IdempotencyInProgress, {
  ...shared(errors.IdempotencyInProgress, 'IDEMPOTENCY_IN_PROGRESS'),
  fields: t => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'The number of seconds to wait.' }),
  }),
});

const PLAIN = {
  SEAT_NOT_PENDING: errors.SeatNotPending,
  SEAT_NOT_LIVE: errors.SeatNotLive,
  INVALID_INVITATION_TOKEN: errors.InvalidInvitationToken,
  INVALID_SEAT_ASSIGNMENT_REQUEST: errors.InvalidSeatAssignmentRequest,
  MEMBER_EMAIL_MISMATCH: errors.MemberEmailMismatch,
  CUSTOMER_NOT_FOUND: errors.CustomerNotFound,
  MEMBER_NOT_FOUND: errors.MemberNotFound,
  RESOURCE_NOT_FOUND: errors.ResourceNotFound,
  FEATURE_NOT_ENABLED: errors.FeatureNotEnabled,
  NOT_PERMITTED: errors.NotPermitted,
  INVITATIONS_DECLINED: errors.InvitationsDeclined,
  IDEMPOTENCY_KEY_REUSED: errors.IdempotencyKeyReused,
} as const satisfies Record<
  Exclude<
    errors.ErrorCode,
    | 'SEAT_NOT_AVAILABLE'
    | 'SEAT_ALREADY_ASSIGNED'
    | 'POOL_TOO_SMALL'
    | 'INVALID_INPUT'
    | 'RATE_LIMITED'
    | 'IDEMPOTENCY_IN_PROGRESS'
  >,
  { name: string }
>;

for (const code of Object.keys(PLAIN) as (keyof typeof PLAIN)[]) {
  builder.objectType(PLAIN[code], shared(PLAIN[code], code));
}
