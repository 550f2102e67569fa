/** A pool by the name of its kind. */
export interface PoolIds {
  subscriptionId?: string;
  orderId?: string;
}

/** What all clients can say when they assign a seat; some can say more. */
export interface Assignment extends PoolIds {
  email?: string;
  externalCustomerId?: string;
  customerId?: string;
  metadata?: Record<string, unknown>;
  immediateClaim?: boolean;
}

/** The four calls that an admin and a customer have alike, each with the caller's token. */
export interface PoolCalls {
  listSeats(token: string, pool: PoolIds): Promise<unknown>;
  assignSeat(token: string, body: Assignment): Promise<unknown>;
  revokeSeat(token: string, seatId: string): Promise<unknown>;
  resendInvitation(token: string, seatId: string): Promise<unknown>;
}

/**
 * The calls of a published client in one spelling, so that one table of failures serves all of them.
 * Each client is adapted in a few lines; what it answers is left as it is.
 */
export interface SeatCalls {
  customerSeats: PoolCalls & {
    getClaimInfo(token: string, invitationToken: string): Promise<unknown>;
    claimSeat(token: string, invitationToken: string): Promise<unknown>;
  };
  customerPortal: PoolCalls & {
    listClaimedSubscriptions(token: string): Promise<unknown>;
  };
}

/** What a promise is rejected with; an error where it is not. */
export async function rejection(attempt: Promise<unknown>): Promise<unknown> {
  const outcome = await attempt.then(
    answer => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('answer' in outcome) {
    throw new Error(`Expected a refusal, not ${JSON.stringify(outcome.answer)}`);
  }
  return outcome.error;
}
