import type { PolarClientError } from 'polar-sdk-1.0.1';
import * as v2026x04 from 'polar-sdk-1.0.1/2026-04';
import * as v2026x10 from 'polar-sdk-1.0.1/2026-10';
import * as v2027x01 from 'polar-sdk-1.0.1/2027-01';
import type { Assignment, PoolIds, SeatCalls } from './seat-calls.ts';

/** The part of the client that is about seats; all three entry points have it alike. */
type PolarClient = Pick<v2027x01.Polar, 'customerSeats' | 'customerSessions'> & {
  customerPortal: Pick<v2027x01.Polar['customerPortal'], 'seats'>;
};

/** One entry point: the client as it is for one version of the API. */
export interface EntryPoint {
  /** Its types insist on a token, which JavaScript can leave out. */
  createPolar(options: { accessToken?: string; baseUrl?: string }): PolarClient;
  /** The classes of its errors, each named after an operation and a status. */
  errors: { HTTPValidationError: new (...args: never[]) => PolarClientError };
}

export const entryPoints: readonly (readonly [name: string, entryPoint: EntryPoint])[] = [
  ['2026-04', v2026x04],
  ['2026-10', v2026x10],
  ['2027-01', v2027x01],
];

/** The class that an operation throws for a status that the vendor documents. */
export function errorClass({ errors }: EntryPoint, operation: string, status: number) {
  const name = status === 422 ? 'HTTPValidationError' : `${operation}${status}Error`;
  const found: unknown = new Map(Object.entries(errors)).get(name);
  if (typeof found !== 'function') throw new Error(`The client has no ${name}.`);
  return found;
}

/** The client in the spelling of `failures`. Each call has a token, for it always sends one. */
export function polarCalls({ createPolar }: EntryPoint, baseUrl: string): SeatCalls {
  const as = (accessToken: string) => createPolar({ accessToken, baseUrl });
  const portal = (accessToken: string) => as(accessToken).customerPortal.seats;
  return {
    customerSeats: {
      listSeats: (token, pool) => as(token).customerSeats.listSeats(snakeCased(pool)),
      assignSeat: (token, body) => as(token).customerSeats.assignSeat(snakeCased(body)),
      revokeSeat: (token, seatId) => as(token).customerSeats.revokeSeat(seatId),
      resendInvitation: (token, seatId) => as(token).customerSeats.resendInvitation(seatId),
      getClaimInfo: (token, invitation) => as(token).customerSeats.getClaimInfo(invitation),
      claimSeat: (token, invitation) =>
        as(token).customerSeats.claimSeat({ invitation_token: invitation }),
    },
    customerPortal: {
      listSeats: (token, pool) => portal(token).listSeats(snakeCased(pool)),
      assignSeat: (token, body) => portal(token).assignSeat(snakeCased(body)),
      revokeSeat: (token, seatId) => portal(token).revokeSeat(seatId),
      resendInvitation: (token, seatId) => portal(token).resendInvitation(seatId),
      listClaimedSubscriptions: token => portal(token).listClaimedSubscriptions(),
    },
  };
}

/** The fields that `failures` uses, as this client spells them: the way they go over the wire. */
function snakeCased({ subscriptionId, orderId, email }: PoolIds & Pick<Assignment, 'email'>) {
  return {
    ...(subscriptionId !== undefined && { subscription_id: subscriptionId }),
    ...(orderId !== undefined && { order_id: orderId }),
    ...(email !== undefined && { email }),
  };
}
