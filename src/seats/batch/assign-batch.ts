import type { Ctx } from '../../context.ts';
import { FeatureNotEnabled, ResourceNotFound, SeatNotAvailable } from '../../domain/errors.ts';
import { addressKey } from '../../email/address-key.ts';
import { optedOutAddresses } from '../../mail/opt-out.ts';
import { addressOf } from '../../mail/prepared.ts';
import { assignSeats, previewAssignSeats } from '../assign.ts';
import type { AssignSeatInput } from '../inputs.ts';
import { type InvitedSeat, withInvitationLink } from '../invitation/invitation-link.ts';
import type { AssignmentError, AssignmentOutcome } from '../rules/assign.ts';
import type { AssignmentPool } from '../rules/assignment.ts';
import { hasMemberModel } from '../rules/pool.ts';
import { holderEmail, holderOf, type SeatHolder } from '../view.ts';
import { forecast, type UsageForecast } from './forecast.ts';
import { type BatchMode, ItemNotAttempted, requireBatchSize } from './items.ts';

/** Seats of one pool, for up to 1,000 people. */
export interface AssignBatch {
  source: AssignSeatInput['source'];
  seats: readonly Omit<AssignSeatInput, 'source'>[];
  mode: BatchMode;
  /** Whether somebody who already has a seat is refused for that reason even if the pool is full. */
  isRepeatable?: boolean;
}

/** Why a person of a batch gets no seat. */
type ItemError = Exclude<AssignmentError, ResourceNotFound | FeatureNotEnabled>;

/** The result of a batch. */
export interface AssignedBatch {
  /** Whether seats were assigned. */
  isCommitted: boolean;
  /** One result per item, in order. */
  results: ({ seat: InvitedSeat } | ItemError | ItemNotAttempted)[];
  assignedCount: number;
  refusedCount: number;
  pool: AssignmentPool;
}

/**
 * Assigns seats of one pool in one transaction, by the rules of `assignSeat`, and returns one result per person. A person
 * named twice is refused the second time. In `all-or-nothing`, nothing changes if one person is refused.
 *
 * Throws Unauthenticated, NotPermitted, InvalidInput for no or too many seats, and any error that keeps the pool from
 * assigning to anybody: ResourceNotFound, FeatureNotEnabled, and SeatNotAvailable unless the pool is full.
 */
export async function assignBatch(ctx: Ctx, batch: AssignBatch): Promise<AssignedBatch> {
  requireBatchSize('seats', batch.seats);
  const outcomes = await assignSeats(ctx, requestsOf(batch), batch.mode);
  const { results, ...decided } = decide(outcomes);
  const { organization } = decided.pool;
  return {
    ...decided,
    results: results.map(result =>
      'kind' in result ? { seat: withInvitationLink(ctx, result.seat, organization) } : result,
    ),
  };
}

/** A person whom a batch would give a seat. */
export interface WouldAssign {
  recipient: SeatHolder;
  /** Whether the person would become a member. */
  createsMember: boolean;
  /** Whether the person would get an invitation by e-mail. */
  sendsInvitation: boolean;
}

/** What `assignBatch` would do. */
export interface AssignBatchPreview {
  wouldCommit: boolean;
  /** One result per item, in order. */
  results: (WouldAssign | ItemError | ItemNotAttempted)[];
  assignedCount: number;
  refusedCount: number;
  usageAfter: UsageForecast;
}

/** Returns what `assignBatch` would do now, and throws what it would throw. Changes and locks nothing. */
export async function previewAssignBatch(
  ctx: Ctx,
  batch: AssignBatch,
): Promise<AssignBatchPreview> {
  requireBatchSize('seats', batch.seats);
  const outcomes = await previewAssignSeats(ctx, requestsOf(batch), batch.mode);
  const { isCommitted, results, pool, ...counts } = decide(outcomes);
  const { kind: of, organizationId, id } = pool;
  const given = results.flatMap(result => ('kind' in result ? [result.seat] : []));
  const [usage, optedOut] = await Promise.all([
    ctx.seats.usage({ of, organizationId, id }, ctx.now()),
    optedOutAddresses(ctx, organizationId, given.map(holderEmail)),
  ]);
  return {
    ...counts,
    wouldCommit: isCommitted,
    results: results.map(result => ('kind' in result ? wouldAssign(result, optedOut) : result)),
    usageAfter: forecast(usage, given),
  };
}

function wouldAssign(
  { seat, pool: { organization }, isNewMember }: Assigned,
  optedOut: ReadonlySet<string>,
): WouldAssign {
  const holder = holderOf(seat, { hasMembers: hasMemberModel(organization) });
  const address = addressOf(holder.email);
  return {
    // A member who does not exist yet has no id.
    recipient: isNewMember ? { ...holder, memberId: null } : holder,
    createsMember: isNewMember,
    sendsInvitation:
      seat.status === 'pending' &&
      organization.sendsInvitations &&
      address !== undefined &&
      !optedOut.has(addressKey(address)),
  };
}

type Assigned = Extract<AssignmentOutcome, { kind: 'assigned' }>;

/** A batch as the rules decided it, before its results become seats or a preview. */
interface Decided extends Omit<AssignedBatch, 'results'> {
  results: (Assigned | ItemError | ItemNotAttempted)[];
}

function requestsOf({ source, seats, isRepeatable = false }: AssignBatch): AssignSeatInput[] {
  return seats.map(seat => ({ ...seat, source, isRepeatable }));
}

/** Turns outcomes into results. Throws if the pool cannot assign to anybody. */
function decide(outcomes: readonly AssignmentOutcome[]): Decided {
  const count = (kind: AssignmentOutcome['kind']) =>
    outcomes.filter(outcome => outcome.kind === kind).length;
  return {
    isCommitted: count('assigned') > 0,
    results: outcomes.map((outcome, index) => {
      if (outcome.kind === 'refused') return requireOfItem(outcome.error);
      return outcome.kind === 'voided' ? new ItemNotAttempted(index) : outcome;
    }),
    assignedCount: count('assigned'),
    refusedCount: count('refused'),
    // All items share one pool, and it exists: a missing pool has thrown above.
    pool: outcomes.find(({ pool }) => pool !== null)?.pool as AssignmentPool,
  };
}

/**
 * Throws an error that concerns the pool, whoever gets the seat. A full pool is not such an error: it may have had seats for
 * earlier items.
 */
function requireOfItem(error: AssignmentError): ItemError {
  if (
    error instanceof ResourceNotFound ||
    error instanceof FeatureNotEnabled ||
    (error instanceof SeatNotAvailable && error.reason !== 'full')
  ) {
    throw error;
  }
  return error;
}
