import type { Assignment, PoolCalls, PoolIds, SeatCalls } from './seat-calls.ts';

/** A seat as the clients that Speakeasy generates decode it. */
export interface Seat {
  createdAt: Date;
  modifiedAt: Date | null;
  id: string;
  status: string;
  customerId?: string | null | undefined;
  memberId?: string | null | undefined;
  /** Left out by clients up to 0.42, which do not know it. */
  member?: { id: string; role: string; email: string; createdAt: Date } | null | undefined;
  email?: string | null | undefined;
  customerEmail?: string | null | undefined;
  invitationTokenExpiresAt?: Date | null | undefined;
  claimedAt?: Date | null | undefined;
  revokedAt?: Date | null | undefined;
  seatMetadata?: { [key: string]: unknown } | null | undefined;
}

/** Who calls the portal; each goes out as a bearer token. */
export type Session = { customerSession: string } | { memberSession: string };

interface CustomerSession {
  createdAt: Date;
  token: string;
  expiresAt: Date;
  returnUrl: string | null;
  customerPortalUrl: string;
  customerId: string;
  customer: { id: string; email?: string | null; externalId?: string | null };
}

/** The seats part of every client that Speakeasy generates; the clients themselves fit in it. */
export interface SpeakeasyClient {
  customerSeats: {
    listSeats(request: PoolIds): Promise<SeatsList>;
    assignSeat(request: Assignment): Promise<Seat>;
    revokeSeat(request: { seatId: string }): Promise<Seat>;
    resendInvitation(request: { seatId: string }): Promise<Seat>;
    getClaimInfo(request: { invitationToken: string }): Promise<unknown>;
    claimSeat(request: {
      invitationToken: string;
    }): Promise<{ seat: Seat; customerSessionToken: string }>;
  };
  customerPortal: {
    seats: {
      listSeats(session: Session, request: PoolIds): Promise<SeatsList>;
      assignSeat(session: Session, request: Assignment & { checkoutId?: string }): Promise<Seat>;
      revokeSeat(session: Session, request: { seatId: string }): Promise<Seat>;
      resendInvitation(session: Session, request: { seatId: string }): Promise<Seat>;
      listClaimedSubscriptions(session: Session, request: Record<string, never>): Promise<unknown>;
    };
  };
  customerSessions: {
    create(
      request: { customerId: string } | { externalCustomerId: string },
    ): Promise<CustomerSession>;
  };
}

interface SeatsList {
  seats: Seat[];
  availableSeats: number;
  totalSeats: number;
}

/** What all the client's HTTP errors have. */
interface HttpError extends Error {
  statusCode: number;
  body: string;
}

/** One published version of such a client. */
export interface SpeakeasyVersion {
  create(options: { serverURL: string; accessToken?: string }): SpeakeasyClient;
  /** Whether its seats have a `member`. */
  decodesMember: boolean;
  SDKError: new (...args: never[]) => HttpError;
  HTTPValidationError: new (...args: never[]) => HttpError & { detail?: unknown };
}

/** A Speakeasy client in the spelling of `failures`. */
export function speakeasyCalls(version: SpeakeasyVersion, serverURL: string): SeatCalls {
  const as = (accessToken: string) => version.create({ serverURL, accessToken });
  const portal = version.create({ serverURL }).customerPortal.seats;
  const session = (memberSession: string): Session => ({ memberSession });
  const customerPortal: PoolCalls = {
    listSeats: (token, pool) => portal.listSeats(session(token), pool),
    assignSeat: (token, body) => portal.assignSeat(session(token), body),
    revokeSeat: (token, seatId) => portal.revokeSeat(session(token), { seatId }),
    resendInvitation: (token, seatId) => portal.resendInvitation(session(token), { seatId }),
  };
  return {
    customerSeats: {
      listSeats: (token, pool) => as(token).customerSeats.listSeats(pool),
      assignSeat: (token, body) => as(token).customerSeats.assignSeat(body),
      revokeSeat: (token, seatId) => as(token).customerSeats.revokeSeat({ seatId }),
      resendInvitation: (token, seatId) => as(token).customerSeats.resendInvitation({ seatId }),
      getClaimInfo: (token, invitationToken) =>
        as(token).customerSeats.getClaimInfo({ invitationToken }),
      claimSeat: (token, invitationToken) => as(token).customerSeats.claimSeat({ invitationToken }),
    },
    customerPortal: {
      ...customerPortal,
      listClaimedSubscriptions: token => portal.listClaimedSubscriptions(session(token), {}),
    },
  };
}

/** What was answered to a call that failed, as JSON: the clients keep it as text. */
export function bodyOf(error: unknown): unknown {
  if (error instanceof Error && 'body' in error && typeof error.body === 'string') {
    return JSON.parse(error.body);
  }
  throw new Error('The error has no body.', { cause: error });
}
