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
