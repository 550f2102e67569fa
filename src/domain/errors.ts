/** The code of an expected error. GraphQL and REST name an error by its code or by its class's name. */
export type ErrorCode =
  | 'SEAT_NOT_AVAILABLE'
  | 'SEAT_ALREADY_ASSIGNED'
  | 'SEAT_NOT_PENDING'
  | 'SEAT_NOT_LIVE'
  | 'INVALID_INVITATION_TOKEN'
  | 'INVALID_SEAT_ASSIGNMENT_REQUEST'
  | 'MEMBER_EMAIL_MISMATCH'
  | 'CUSTOMER_NOT_FOUND'
  | 'MEMBER_NOT_FOUND'
  | 'RESOURCE_NOT_FOUND'
  | 'POOL_TOO_SMALL'
  | 'FEATURE_NOT_ENABLED'
  | 'NOT_PERMITTED'
  | 'INVALID_INPUT'
  | 'INVITATIONS_DECLINED'
  | 'RATE_LIMITED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_IN_PROGRESS';

/** An error that callers must expect. The message is for people; programs should branch on `code`. */
export abstract class UserError extends Error {
  abstract readonly code: ErrorCode;
}

/** Why a pool has no seat to assign. */
export type UnavailableReason = 'full' | 'not_paid' | 'ended' | 'not_sold_by_seat';

/** The pool has no seat to assign. */
export class SeatNotAvailable extends UserError {
  override readonly name = 'SeatNotAvailable';
  readonly code = 'SEAT_NOT_AVAILABLE';
  readonly sourceId: string;
  readonly reason: UnavailableReason;

  constructor(message: string, sourceId: string, reason: UnavailableReason) {
    super(message);
    this.sourceId = sourceId;
    this.reason = reason;
  }
}

/** The person holds a live seat of this pool. */
export class SeatAlreadyAssigned extends UserError {
  override readonly name = 'SeatAlreadyAssigned';
  readonly code = 'SEAT_ALREADY_ASSIGNED';
  /** The person, as named by the caller or the database: an e-mail address, or otherwise an id. */
  readonly holder: string;
  /** The key of the seat that the person holds. */
  readonly seat: { organizationId: string; id: string };

  constructor(holder: string, seat: { organizationId: string; id: string }) {
    super(`Seat already assigned to customer ${holder}`);
    this.holder = holder;
    this.seat = seat;
  }
}

/** A pool would have fewer seats than are pending or claimed. Nothing was changed. */
export class PoolTooSmall extends UserError {
  override readonly name = 'PoolTooSmall';
  readonly code = 'POOL_TOO_SMALL';
  readonly poolId: string;
  /** How many seats are pending or claimed. */
  readonly liveSeats: number;
  /** How many seats the pool would have. */
  readonly total: number;

  constructor(poolId: string, liveSeats: number, total: number) {
    const seats = `${total} ${total === 1 ? 'seat' : 'seats'}`;
    super(`${poolId} would have ${seats}, but ${liveSeats} are pending or claimed`);
    this.poolId = poolId;
    this.liveSeats = liveSeats;
    this.total = total;
  }
}

/** The verb needs a pending seat. */
export class SeatNotPending extends UserError {
  override readonly name = 'SeatNotPending';
  readonly code = 'SEAT_NOT_PENDING';

  constructor() {
    super('Seat is not in pending status');
  }
}

/** The verb needs a pending or claimed seat. */
export class SeatNotLive extends UserError {
  override readonly name = 'SeatNotLive';
  readonly code = 'SEAT_NOT_LIVE';

  constructor() {
    super('Seat is revoked');
  }
}

/** The invitation is unknown, used, revoked or expired. The error does not say which. */
export class InvalidInvitationToken extends UserError {
  override readonly name = 'InvalidInvitationToken';
  readonly code = 'INVALID_INVITATION_TOKEN';

  constructor() {
    super('Invalid or expired invitation token');
  }
}

/** The request names the recipient in a form that the organization does not support. */
export class InvalidSeatAssignmentRequest extends UserError {
  override readonly name = 'InvalidSeatAssignmentRequest';
  readonly code = 'INVALID_SEAT_ASSIGNMENT_REQUEST';
}

/** The external member id belongs to someone with another e-mail address. */
export class MemberEmailMismatch extends UserError {
  override readonly name = 'MemberEmailMismatch';
  readonly code = 'MEMBER_EMAIL_MISMATCH';

  constructor(externalMemberId: string, email: string) {
    super(
      `Member with external_member_id '${externalMemberId}' exists but has a different email than '${email}'`,
    );
  }
}

/** The organization has no such customer. */
export class CustomerNotFound extends UserError {
  override readonly name = 'CustomerNotFound';
  readonly code = 'CUSTOMER_NOT_FOUND';

  constructor(identifier: string) {
    super(`Customer not found: ${identifier}`);
  }
}

/** The paying customer has no such member. */
export class MemberNotFound extends UserError {
  override readonly name = 'MemberNotFound';
  readonly code = 'MEMBER_NOT_FOUND';

  constructor(identifier: string) {
    super(`Member not found: ${identifier}`);
  }
}

/** The resource does not exist, or the caller may not see it. The error does not say which. */
export class ResourceNotFound extends UserError {
  override readonly name = 'ResourceNotFound';
  readonly code = 'RESOURCE_NOT_FOUND';
}

/** The organization does not sell by the seat. */
export class FeatureNotEnabled extends UserError {
  override readonly name = 'FeatureNotEnabled';
  readonly code = 'FEATURE_NOT_ENABLED';

  constructor() {
    super('Seat-based pricing is not enabled for this organization');
  }
}

/** The caller is authenticated, but may not do this. */
export class NotPermitted extends UserError {
  override readonly name: string = 'NotPermitted';
  readonly code = 'NOT_PERMITTED';
}

/** The caller's token lacks a scope. Any one of `scopes` would suffice. */
export class InsufficientScope extends NotPermitted {
  override readonly name = 'InsufficientScope';
  readonly scopes: readonly string[];

  constructor(scopes: readonly string[]) {
    super(`This needs a token with the scope ${scopes.join(' or ')}.`);
    this.scopes = scopes;
  }
}

/** What can be wrong with a value of an input. */
export type InputIssueCode =
  | 'AMBIGUOUS'
  | 'BLANK'
  | 'CLAIM_URL_MISSING'
  | 'CREDENTIALS'
  | 'DISABLED'
  | 'DUPLICATE'
  | 'EMAIL'
  | 'FRAGMENT'
  | 'INEXACT_NUMBER'
  | 'METADATA'
  | 'NOT_FOUND'
  | 'ONE_OF'
  | 'ONLY_OWNER'
  | 'PARTIAL'
  | 'PENDING'
  | 'PRIVATE_ADDRESS'
  | 'RANGE'
  | 'REQUIRED'
  | 'SYNTAX'
  | 'TAKEN'
  | 'TEXT'
  | 'TOO_LONG'
  | 'TOO_MANY'
  | 'UNESCAPED'
  | 'UNKNOWN_VARIABLE'
  | 'URL'
  | 'UUID';

/** A problem of an input. */
export interface InputIssue {
  /** The path in the input, outermost key first. */
  path: readonly string[];
  code: InputIssueCode;
  message: string;
}

/** The input is well-formed but not acceptable. */
export class InvalidInput extends UserError {
  override readonly name = 'InvalidInput';
  readonly code = 'INVALID_INPUT';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    this.issues = issues;
  }
}

/** Returns an error about a part of an input as an error about the whole input. `path` leads to the part. */
export function atPath(path: readonly string[], { issues }: InvalidInput): InvalidInput {
  return new InvalidInput(issues.map(issue => ({ ...issue, path: [...path, ...issue.path] })));
}

/** The seat's holder has unsubscribed from the organization's invitations. */
export class InvitationsDeclined extends UserError {
  override readonly name = 'InvitationsDeclined';
  readonly code = 'INVITATIONS_DECLINED';

  constructor() {
    super(
      'The recipient has unsubscribed from invitations of this organization. The link that they have stays good; they can subscribe again on the page that it was done on.',
    );
  }
}

/** The caller asked for too much in too short a time. Nothing was changed. */
export class RateLimited extends UserError {
  override readonly name = 'RateLimited';
  readonly code = 'RATE_LIMITED';
  /** When to try again. */
  readonly retryAt: Date;
  /** The number of whole seconds until then, at least 1. */
  readonly retryAfter: number;

  constructor(reason: string, retryAt: Date, now: Date) {
    const retryAfter = Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / 1000));
    super(`${reason} Try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`);
    this.retryAt = retryAt;
    this.retryAfter = retryAfter;
  }
}

/** The key was used with another input before. */
export class IdempotencyKeyReused extends UserError {
  override readonly name = 'IdempotencyKeyReused';
  readonly code = 'IDEMPOTENCY_KEY_REUSED';

  constructor() {
    super('The idempotency key was used with another input. Use a new key for a new request.');
  }
}

/** The first request with the key is still running. */
export class IdempotencyInProgress extends UserError {
  override readonly name = 'IdempotencyInProgress';
  readonly code = 'IDEMPOTENCY_IN_PROGRESS';
  /** The number of seconds after which to try again. */
  readonly retryAfter = 1;

  constructor() {
    super(
      'The first request with this idempotency key is still in progress. Try again in 1 second.',
    );
  }
}

/** Too many streams are open, for this invitation or in total. An error of the transport, not the outcome of a verb. */
export class TooManyStreams extends Error {
  override readonly name = 'TooManyStreams';
  /** The number of seconds after which to try again. */
  readonly retryAfter = 15;

  constructor() {
    super('Too many streams are open. Close one, or try again later.');
  }
}

/** The request has no token, or none that is valid here. An error of the transport, not the outcome of a verb. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';

  constructor() {
    super('Unauthorized');
  }
}
