import * as errors from '../domain/errors.ts';
import { builder } from './builder.ts';

const CODES = {
  SEAT_NOT_AVAILABLE: 'The pool is full, has ended, or is not paid for.',
  SEAT_ALREADY_ASSIGNED: 'The person holds a live seat of this pool.',
  SEAT_NOT_PENDING: 'Only a pending seat can do this.',
  INVALID_INVITATION_TOKEN: 'The invitation is unknown, used, revoked or expired.',
  INVALID_SEAT_ASSIGNMENT_REQUEST: 'The recipient cannot be given a seat in the way it was named.',
  MEMBER_EMAIL_MISMATCH: 'The external member id belongs to someone with another e-mail address.',
  CUSTOMER_NOT_FOUND: 'No such customer in the organization.',
  MEMBER_NOT_FOUND: 'No such member of the paying customer.',
  RESOURCE_NOT_FOUND: 'Nothing there that you may see.',
  FEATURE_NOT_ENABLED: 'The organization does not sell by the seat.',
  NOT_PERMITTED: 'Your token or your role does not allow this.',
  INVALID_INPUT: 'The input is well-formed and still not acceptable.',
  INVITATIONS_DECLINED: "The seat's holder has unsubscribed from the organization's invitations.",
  RATE_LIMITED: 'Too much was asked for in too short a time; nothing was changed.',
} as const satisfies Record<errors.SeatErrorCode, string>;

const SeatErrorCode = builder.enumType('SeatErrorCode', {
  description: 'Why a mutation refused. Branch on this or on `__typename`, never on `message`.',
  values: Object.fromEntries(
    Object.entries(CODES).map(([code, description]) => [code, { description }]),
  ) as { [Code in errors.SeatErrorCode]: { description: string } },
});

const SeatError = builder.interfaceRef<errors.SeatError>('SeatError').implement({
  description:
    'An outcome to expect of a mutation. Select `... on SeatError { code message }` to handle any of them.',
  fields: t => ({
    code: t.expose('code', { type: SeatErrorCode, description: 'For branching.' }),
    message: t.exposeString('message', { description: 'For people; it may change.' }),
  }),
});

const InputIssue = builder.objectRef<errors.InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with an input.',
  fields: t => ({
    path: t.exposeStringList('path', { description: 'Where in the input, outermost field first.' }),
    code: t.exposeString('code', { description: 'For branching.' }),
    message: t.exposeString('message', { description: 'For people; it may change.' }),
  }),
});

/** What every failure's type has: the domain's name for it, its interface and its description. */
const shared = (errorClass: { name: string }, code: errors.SeatErrorCode) => ({
  name: `${errorClass.name}Error`,
  description: CODES[code],
  interfaces: [SeatError],
});

builder.objectType(errors.SeatNotAvailable, {
  ...shared(errors.SeatNotAvailable, 'SEAT_NOT_AVAILABLE'),
  fields: t => ({
    sourceId: t.expose('sourceId', {
      type: 'UUID',
      description: 'The subscription or order that has no seat to give.',
    }),
  }),
});

builder.objectType(errors.SeatAlreadyAssigned, {
  ...shared(errors.SeatAlreadyAssigned, 'SEAT_ALREADY_ASSIGNED'),
  fields: t => ({
    holder: t.exposeString('holder', {
      description: 'The person, by e-mail address where they have one, or else by the id you gave.',
    }),
  }),
});

builder.objectType(errors.InvalidInput, {
  ...shared(errors.InvalidInput, 'INVALID_INPUT'),
  fields: t => ({
    issues: t.field({
      type: [InputIssue],
      description: 'All that is wrong.',
      resolve: error => [...error.issues],
    }),
  }),
});

builder.objectType(errors.RateLimited, {
  ...shared(errors.RateLimited, 'RATE_LIMITED'),
  fields: t => ({
    retryAt: t.expose('retryAt', { type: 'DateTime', description: 'When to try again.' }),
    retryAfter: t.exposeInt('retryAfter', { description: 'In how many seconds to try again.' }),
  }),
});

const PLAIN = {
  SEAT_NOT_PENDING: errors.SeatNotPending,
  INVALID_INVITATION_TOKEN: errors.InvalidInvitationToken,
  INVALID_SEAT_ASSIGNMENT_REQUEST: errors.InvalidSeatAssignmentRequest,
  MEMBER_EMAIL_MISMATCH: errors.MemberEmailMismatch,
  CUSTOMER_NOT_FOUND: errors.CustomerNotFound,
  MEMBER_NOT_FOUND: errors.MemberNotFound,
  RESOURCE_NOT_FOUND: errors.ResourceNotFound,
  FEATURE_NOT_ENABLED: errors.FeatureNotEnabled,
  NOT_PERMITTED: errors.NotPermitted,
  INVITATIONS_DECLINED: errors.InvitationsDeclined,
} as const satisfies Record<
  Exclude<
    errors.SeatErrorCode,
    'SEAT_NOT_AVAILABLE' | 'SEAT_ALREADY_ASSIGNED' | 'INVALID_INPUT' | 'RATE_LIMITED'
  >,
  { name: string }
>;

for (const code of Object.keys(PLAIN) as (keyof typeof PLAIN)[]) {
  builder.objectType(PLAIN[code], shared(PLAIN[code], code));
}
