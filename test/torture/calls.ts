import type { Api } from '../support/verbs.ts';
import { type Ask, requestOf } from './asks.ts';
import { type FormerHolder, fromGraphQL, type GraphQLSeat, type SeatForm } from './seat-form.ts';

/** What came of a call. */
export type Answer =
  | {
      kind: 'done';
      seat: SeatForm;
      session: string | undefined;
      /** Who lost the seat, where GraphQL revoked it. */
      formerHolder?: FormerHolder | undefined;
    }
  | { kind: 'listed'; seats: SeatForm[]; available: number; total: number }
  /** 4xx, or the GraphQL type that stands for one. */
  | { kind: 'refused'; status: number; reason: string }
  /** usher says that it changed nothing, since it could not reach the database. */
  | { kind: 'busy' }
  /** 5xx without that: nobody knows what happened. */
  | { kind: 'failed'; status: number; text: string }
  /** The connection died: nobody knows what happened. */
  | { kind: 'unanswered'; reason: string };

/** Whether nobody could answer the call; what it asked for may have happened all the same. */
export function mayHaveHappened({ kind }: Answer): boolean {
  return kind === 'unanswered' || kind === 'failed' || kind === 'busy';
}

/** A request, and what came of it. Times are in milliseconds, of one clock. */
export interface Call {
  id: number;
  ask: Ask;
  api: Api;
  startedAt: number;
  endedAt: number;
  answer: Answer;
}

const NOTHING_HAPPENED = 'Nothing was changed';
/** How long a call may take; usher gives up earlier, whatever the database does. */
const LONGEST_MS = 30_000;

/** Asks, and waits for what comes of it. */
export async function makeCall(url: string, ask: Ask, api: Api, id: number): Promise<Call> {
  const startedAt = performance.now();
  const answer = await answerTo(url, ask, api, id);
  return { id, ask, api, startedAt, endedAt: performance.now(), answer };
}

async function answerTo(url: string, ask: Ask, api: Api, id: number): Promise<Answer> {
  const { method, path, token, body } = requestOf(ask, api, id);
  let status: number;
  let text: string;
  try {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_MS),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    return { kind: 'unanswered', reason: explain(error) };
  }
  if (status === 503 && text.includes(NOTHING_HAPPENED)) return { kind: 'busy' };
  if (status >= 500) return { kind: 'failed', status, text };
  return api === 'rest' ? readRest(ask, status, text) : readGraphQL(ask, status, text);
}

/** A call that was given up since there was no answer in time. */
export const LATE = 'no answer in time';

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return LATE;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

// The answers of a wire under test: what they lack shows when they are compared.
function readRest(ask: Ask, status: number, text: string): Answer {
  const body = JSON.parse(text);
  if (status !== 200) return { kind: 'refused', status, reason: body.error };
  if (ask.verb === 'list') {
    const { seats, available_seats: available, total_seats: total } = body;
    return { kind: 'listed', seats, available, total };
  }
  const seat = ask.verb === 'claim' ? body.seat : body;
  return { kind: 'done', seat, session: body.customer_session_token };
}

interface GraphQLAnswer {
  data?: {
    result: {
      __typename: string;
      seat?: GraphQLSeat;
      seats?: { nodes: GraphQLSeat[] };
      totalSeats: number;
      availableSeats: number;
      customerSessionToken?: string;
      formerHolder?: FormerHolder | null;
    } | null;
  };
  errors?: { message: string; extensions?: { code?: string } }[];
}

function readGraphQL(ask: Ask, status: number, text: string): Answer {
  const { data, errors } = JSON.parse(text) as GraphQLAnswer;
  const [error] = errors ?? [];
  const result = data?.result;
  if (error && status >= 400) {
    return { kind: 'refused', status, reason: error.extensions?.code ?? error.message };
  }
  if (error || result === undefined) return { kind: 'failed', status, text };
  if (result === null) {
    // A list of a pool that the caller may not see.
    return ask.verb === 'list'
      ? { kind: 'refused', status: 404, reason: 'ResourceNotFound' }
      : { kind: 'failed', status, text };
  }
  if (result.seats) {
    const { totalSeats: total, availableSeats: available } = result;
    return { kind: 'listed', seats: result.seats.nodes.map(fromGraphQL), available, total };
  }
  if (result.seat) {
    const { seat, customerSessionToken: session, formerHolder } = result;
    const answer = { kind: 'done' as const, seat: fromGraphQL(seat), session };
    return formerHolder ? { ...answer, formerHolder } : answer;
  }
  return { kind: 'refused', status: 400, reason: result.__typename.replace(/Error$/, '') };
}
