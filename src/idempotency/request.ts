import { createHash } from 'node:crypto';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { InvalidInput } from '../domain/errors.ts';
import type { KeyedRequest } from './keyed-sql.ts';

/** A request that a client may send again. */
export interface OnceRequest {
  /** The verb, as the API names it. */
  operation: string;
  /** The key that the client chose: 1 to 255 visible ASCII characters; none, to carry the request out each time. */
  key: string | null | undefined;
  /** All that the request says, as JSON. */
  input: unknown;
  /** Whether the request is about something that is not known yet. Then its outcome, that it is not found, is not kept. */
  isUnknown?: boolean;
}

const KEY = /^[!-~]{1,255}$/;

/** Whether a text can be an idempotency key. */
export function isIdempotencyKey(key: string): boolean {
  return KEY.test(key);
}

/**
 * Returns what a request with a key is known by; undefined for one without a key, or without a token, which its verb refuses.
 * Throws InvalidInput for a malformed key.
 */
export function keyedRequestOf(
  { actor, channel }: Pick<Ctx, 'actor' | 'channel'>,
  { operation, key, input, isUnknown = false }: OnceRequest,
): KeyedRequest | undefined {
  if (key === null || key === undefined || actor.kind === 'anonymous') return undefined;
  if (!isIdempotencyKey(key)) {
    const message = 'Use 1 to 255 visible ASCII characters.';
    throw new InvalidInput([{ path: ['idempotencyKey'], code: 'TEXT', message }]);
  }
  const { id: callerId } = recordActor(actor, channel);
  const scopeId = actor.kind === 'user' ? actor.userId : actor.organizationId;
  return {
    scopeId,
    // Only usher itself has no id.
    callerId: callerId ?? scopeId,
    operation: `${channel} ${operation}`,
    key,
    inputHash: hashOf(input),
    isUnknown,
  };
}

/** SHA-256 of an input, whatever the order of its keys. */
function hashOf(input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input, 0)) ?? '')
    .digest();
}

/** Deeper than any input that a verb accepts: metadata have 1 KB. */
const DEEPEST = 1_000;

function sorted(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map(item => sorted(item, depth + 1));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item, depth + 1)]),
  );
}
