import { CLIENTS, type Client, type ClientName } from './clients.ts';
import type { Owned } from './data.ts';
import type { Api, Task } from './workloads.ts';

/** One HTTP request. */
export interface Call {
  method: 'GET' | 'POST';
  path: string;
  token?: string;
  /** JSON. */
  body?: string;
  /** The headers that a client sends, where they are not the plainest. */
  headers?: Readonly<Record<string, string>>;
}

/** The operations, as a client sends them every time. */
const SEAT = `query Seat($id: ID!) {
  customerSeat(id: $id) { id status email member { id email name } }
}`;

const SUBSCRIPTION = `query Subscription($id: ID!) {
  customerSubscription(id: $id) {
    totalSeats availableSeats pendingSeats claimedSeats
    seats(first: 50) { nodes { id status email member { id email name } } }
  }
}`;

const ASSIGN = `mutation Assign($input: AssignSeatInput!) {
  assignSeat(input: $input) {
    ... on AssignSeatSuccess { seat { id status email member { id email name } } }
    ... on UserError { code message }
  }
}`;

type Caller = (target: Owned, email: string) => Call;

const CALLERS: Record<Api, Partial<Record<Task, Caller>>> = {
  graphql: {
    seat: ({ id, token }) => graphql(SEAT, { id }, token),
    subscription: ({ id, token }) => graphql(SUBSCRIPTION, { id }, token),
    assign: ({ id, token }, email) =>
      graphql(ASSIGN, { input: { source: { subscriptionId: id }, recipient: { email } } }, token),
  },
  rest: {
    assign: ({ id, token }, email) => ({
      method: 'POST',
      path: '/v1/customer-seats',
      token,
      body: JSON.stringify({ subscription_id: id, email }),
    }),
    list: ({ id, token }) => ({
      method: 'GET',
      path: `/v1/customer-seats?subscription_id=${id}`,
      token,
    }),
  },
  // It looks nobody up, and so has to be told the organization.
  bare: {
    seat: ({ id, organizationId }) => ({ method: 'GET', path: `/seat/${organizationId}/${id}` }),
    subscription: ({ id, organizationId }) => ({
      method: 'GET',
      path: `/subscription/${organizationId}/${id}`,
    }),
    assign: ({ id, organizationId }, email) => ({
      method: 'POST',
      path: '/assign',
      body: JSON.stringify({ organization_id: organizationId, subscription_id: id, email }),
    }),
    list: ({ id, organizationId }) => ({ method: 'GET', path: `/list/${organizationId}/${id}` }),
  },
};

/** The request for a task in the form of an API. An e-mail address is for assigning. */
export function callOf(api: Api, task: Task, target: Owned, email = ''): Call {
  const caller = CALLERS[api][task];
  if (!caller) throw new Error(`${api} has no ${task}.`);
  return caller(target, email);
}

function graphql(query: string, variables: object, token: string): Call {
  return {
    method: 'POST',
    path: '/graphql',
    token,
    body: JSON.stringify({ query, variables }),
  };
}

/** W1's request as a client sends it. */
export function callAs(name: ClientName, { id, token }: Owned): Call {
  const { headers, bodyOf }: Client = CLIENTS[name];
  const body = bodyOf({ query: SEAT, operationName: 'Seat', variables: { id } });
  return { method: 'POST', path: '/graphql', token, headers, body: JSON.stringify(body) };
}

/** Sends a request now and then, where it need not be cheap. */
export async function send(url: string, { method, path, token, body }: Call) {
  const response = await fetch(url + path, {
    method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
}

/** A request as it goes over the wire, over a connection that is kept. */
export function toWire(host: string, { method, path, token, body, headers }: Call): string {
  const plain = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers ?? plain).map(([name, value]) => `${name}: ${value}`),
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}
