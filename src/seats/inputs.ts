import type { InvalidInput } from '../domain/errors.ts';

/** The seat pool of an assignment; a checkout stands for the subscription or order that it led to. */
export type SeatSourceInput =
  | { kind: 'subscription'; id: string }
  | { kind: 'order'; id: string }
  | { kind: 'checkout'; id: string };

/** The person who gets the seat. */
export type SeatRecipientInput =
  | { kind: 'email'; email: string }
  | { kind: 'customer'; customerId: string }
  | { kind: 'externalCustomer'; externalCustomerId: string }
  | { kind: 'member'; memberId: string }
  | { kind: 'externalMember'; externalMemberId: string; email?: string };

/** A recipient that cannot be parsed. Only this item of the batch is refused. */
interface UnreadableRecipient {
  kind: 'unreadable';
  error: InvalidInput;
}

/** A request to assign a seat of a pool to a person. */
export interface AssignSeatInput {
  source: SeatSourceInput;
  recipient: SeatRecipientInput | UnreadableRecipient;
  /** Free-form data to keep with the seat; parsed and within its limits. */
  metadata?: Record<string, unknown> | undefined;
  /** Claims the seat immediately, without an invitation. */
  immediateClaim: boolean;
  /**
   * Whether somebody who already has a seat is refused for that reason even if the pool is full, so that a repeated request
   * finds its seats.
   */
  isRepeatable?: boolean;
}
