import type { Api, Caller, Pool } from '../support/verbs.ts';
import { SEAT_FIELDS } from './seat-form.ts';

/** Something to ask usher for. */
export type Ask =
  | { verb: 'assign'; caller: Caller; pool: Pool; email: string; isImmediate: boolean }
  | { verb: 'claim'; token: string }
  | { verb: 'revoke' | 'resend'; caller: Caller; seatId: string }
  | { verb: 'list'; caller: Caller; pool: Pool };

interface HttpRequest {
  method: string;
  path: string;
  token: string | undefined;
  body: unknown;
}

/** The request by which to ask; the call's number goes into the metadata of what it assigns. */
export function requestOf(ask: Ask, api: Api, call: number): HttpRequest {
  const token = 'caller' in ask ? ask.caller.token : undefined;
  if (api === 'graphql') {
    return { method: 'POST', path: '/graphql', token, body: graphqlBody(ask, call) };
  }
  return { ...restRequest(ask, call), token };
}

function restRequest(ask: Ask, call: number): Omit<HttpRequest, 'token'> {
  if (ask.verb === 'claim') {
    const body = { invitation_token: ask.token };
    return { method: 'POST', path: '/v1/customer-seats/claim', body };
  }
  const base = ask.caller.side === 'admin' ? '/v1/customer-seats' : '/v1/customer-portal/seats';
  switch (ask.verb) {
    case 'assign': {
      const { pool, email, isImmediate } = ask;
      const metadata = { call };
      const body = { [`${pool.kind}_id`]: pool.id, email, metadata, immediate_claim: isImmediate };
      return { method: 'POST', path: base, body };
    }
    case 'revoke':
      return { method: 'DELETE', path: `${base}/${ask.seatId}`, body: undefined };
    case 'resend':
      return { method: 'POST', path: `${base}/${ask.seatId}/resend`, body: undefined };
    case 'list': {
      const { kind, id } = ask.pool;
      return { method: 'GET', path: `${base}?${kind}_id=${id}`, body: undefined };
    }
  }
}

const mutation = (name: string, success: string, more = '') => `
  mutation ($input: ${success}Input!) {
    result: ${name}(input: $input) {
      __typename
      ... on ${success}Success { seat { ${SEAT_FIELDS} } ${more} }
      ... on UserError { code message }
    }
  }`;

const ASSIGN = mutation('assignSeat', 'AssignSeat');
const CLAIM = mutation('claimSeat', 'ClaimSeat', 'customerSessionToken');
// The seat is answered as it is, without a holder; who lost it is beside it.
const REVOKE = mutation('revokeSeat', 'RevokeSeat', 'formerHolder { memberId email }');
const RESEND = mutation('resendSeatInvitation', 'ResendSeatInvitation');

const list = (pool: string) => `
  query ($id: ID!) {
    result: ${pool}(id: $id) {
      __typename totalSeats availableSeats
      seats(first: 100) { nodes { ${SEAT_FIELDS} } }
    }
  }`;

const LIST = { subscription: list('customerSubscription'), order: list('customerOrder') } as const;

function graphqlBody(ask: Ask, call: number) {
  switch (ask.verb) {
    case 'assign': {
      const { pool, email, isImmediate } = ask;
      const input = {
        source: pool.kind === 'order' ? { orderId: pool.id } : { subscriptionId: pool.id },
        recipient: { email },
        metadata: { call },
        immediateClaim: isImmediate,
      };
      return { query: ASSIGN, variables: { input } };
    }
    case 'claim':
      return { query: CLAIM, variables: { input: { invitationToken: ask.token } } };
    case 'revoke':
    case 'resend': {
      const variables = { input: { seatId: ask.seatId } };
      return { query: ask.verb === 'revoke' ? REVOKE : RESEND, variables };
    }
    case 'list':
      return { query: LIST[ask.pool.kind], variables: { id: ask.pool.id } };
  }
}
