/** Where a seat is taken from. */
export type SeatSourceInput =
  | { kind: 'subscription'; id: string }
  | { kind: 'order'; id: string }
  | { kind: 'checkout'; id: string };

/** Who gets the seat. */
export type SeatRecipientInput =
  | { kind: 'email'; email: string }
  | { kind: 'customer'; customerId: string }
  | { kind: 'externalCustomer'; externalCustomerId: string }
  | { kind: 'member'; memberId: string }
  | { kind: 'externalMember'; externalMemberId: string; email?: string };

/** A seat of which pool goes to whom. */
export interface AssignSeatInput {
  source: SeatSourceInput;
  recipient: SeatRecipientInput;
  /** Free-form facts to keep with the seat; parsed and within its limits. */
  metadata?: Record<string, unknown> | undefined;
  /** Hands the seat over at once, without an invitation. */
  immediateClaim: boolean;
}
