import {
  AssignSeatDocument,
  ClaimSeatDocument,
  OrderSeatsDocument,
  ResendSeatInvitationDocument,
  RevokeSeatDocument,
  SeatClaimInfoDocument,
  SubscriptionSeatsDocument,
} from './operations/graphql.ts';
import type { Calls, RestAnswer } from './usher.ts';

export type Api = 'rest' | 'graphql';

/** A pool of seats. */
export interface Pool {
  kind: 'subscription' | 'order';
  id: string;
}

/** The caller's token, and which of the two REST paths they use. */
export interface Caller {
  token: string;
  side: 'admin' | 'portal';
}

/** The parts of a seat that both APIs show. */
export interface SeatFacts {
  id: string;
  status: string;
  email: string | null;
}

/** Outcome of a call: `ok`, or the domain's name of the error. Both APIs use the same names. */
export interface Outcome {
  word: string;
  seat?: SeatFacts | undefined;
  /** A revoked seat's former holder. */
  formerHolder?: string | null;
  list?: { seats: SeatFacts[]; available: number; total: number };
}

/** Returns the verbs through one API. Their outcomes do not show which API it was. */
export function verbsOf(usher: Calls, api: Api) {
  return api === 'rest' ? restVerbs(usher) : graphqlVerbs(usher);
}

function restVerbs(usher: Calls) {
  const base = (caller: Caller) =>
    caller.side === 'admin' ? '/v1/customer-seats' : '/v1/customer-portal/seats';
  return {
    async assign(caller: Caller, pool: Pool, email: string, immediate = false): Promise<Outcome> {
      const body = { [`${pool.kind}_id`]: pool.id, email, immediate_claim: immediate };
      return ofSeat(await usher.rest('POST', base(caller), { token: caller.token, body }));
    },
    async revoke(caller: Caller, seatId: string): Promise<Outcome> {
      const answer = await usher.rest('DELETE', `${base(caller)}/${seatId}`, caller);
      return { ...ofSeat(answer), formerHolder: answer.body.customer_email ?? null };
    },
    async resend(caller: Caller, seatId: string): Promise<Outcome> {
      return ofSeat(await usher.rest('POST', `${base(caller)}/${seatId}/resend`, caller));
    },
    async claim(invitation_token: string): Promise<Outcome> {
      const body = { invitation_token };
      const answer = await usher.rest('POST', '/v1/customer-seats/claim', { body });
      return ofSeat(answer, answer.body.seat);
    },
    async claimInfo(invitationToken: string): Promise<Outcome> {
      const path = `/v1/customer-seats/claim/${invitationToken}`;
      return { word: wordOf(await usher.rest('GET', path)) };
    },
    async list(caller: Caller, pool: Pool): Promise<Outcome> {
      const answer = await usher.rest('GET', `${base(caller)}?${pool.kind}_id=${pool.id}`, caller);
      const word = wordOf(answer);
      if (word !== 'ok') return { word };
      const { seats, available_seats: available, total_seats: total } = answer.body;
      return { word, list: { seats: seats.map(facts), available, total } };
    },
  };
}

function wordOf({ status, body, text }: RestAnswer): string {
  if (status === 200) return 'ok';
  if (status < 400 || status >= 500) throw new Error(`${status}: ${text}`);
  return body.error === 'insufficient_scope' ? 'NotPermitted' : body.error;
}

function ofSeat(answer: RestAnswer, seat: SeatFacts = answer.body): Outcome {
  const word = wordOf(answer);
  return word === 'ok' ? { word, seat: facts(seat) } : { word };
}

/** GraphQL writes the statuses of a seat in capitals. */
function facts({ id, status, email }: { id: string; status: string; email?: string | null }) {
  return { id, status: status.toLowerCase(), email: email ?? null };
}

interface MutationResult {
  __typename: string;
  seat?: { id: string; status: string; email?: string | null };
}

function graphqlVerbs(usher: Calls) {
  return {
    async assign(caller: Caller, pool: Pool, email: string, immediate = false): Promise<Outcome> {
      const source = pool.kind === 'order' ? { orderId: pool.id } : { subscriptionId: pool.id };
      const input = { source, recipient: { email }, immediateClaim: immediate };
      return ofResult(
        required(await usher.graphql(AssignSeatDocument, { input }, caller.token)).assignSeat,
      );
    },
    async revoke(caller: Caller, seatId: string): Promise<Outcome> {
      const variables = { input: { seatId } };
      const result = required(
        await usher.graphql(RevokeSeatDocument, variables, caller.token),
      ).revokeSeat;
      const holder = result?.__typename === 'RevokeSeatSuccess' ? result.formerHolder : null;
      return { ...ofResult(result), formerHolder: holder?.email ?? null };
    },
    async resend(caller: Caller, seatId: string): Promise<Outcome> {
      const variables = { input: { seatId } };
      return ofResult(
        required(await usher.graphql(ResendSeatInvitationDocument, variables, caller.token))
          .resendSeatInvitation,
      );
    },
    async claim(invitationToken: string): Promise<Outcome> {
      const variables = { input: { invitationToken } };
      return ofResult(required(await usher.graphql(ClaimSeatDocument, variables)).claimSeat);
    },
    async claimInfo(invitationToken: string): Promise<Outcome> {
      const { seatClaimInfo } = required(
        await usher.graphql(SeatClaimInfoDocument, { invitationToken }),
      );
      return { word: seatClaimInfo === null ? 'ResourceNotFound' : 'ok' };
    },
    async list({ token }: Caller, { kind, id }: Pool): Promise<Outcome> {
      const variables = { id, first: 100 };
      const pool =
        kind === 'order'
          ? required(await usher.graphql(OrderSeatsDocument, variables, token)).customerOrder
          : required(await usher.graphql(SubscriptionSeatsDocument, variables, token))
              .customerSubscription;
      if (!pool?.seats) return { word: 'ResourceNotFound' };
      const { seats, availableSeats: available, totalSeats: total } = pool;
      return { word: 'ok', list: { seats: seats.nodes.map(facts), available, total } };
    },
  };
}

/** Returns the data of an operation that may fail only through the type of its result. */
function required<T>({ data, errors }: { data?: T | null; errors?: object[] }): T {
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

function ofResult(result: MutationResult | null): Outcome {
  if (result === null) throw new Error('A mutation without a result.');
  return result.seat
    ? { word: 'ok', seat: facts(result.seat) }
    : { word: result.__typename.replace(/Error$/, '') };
}
