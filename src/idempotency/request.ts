import { createHash } from 'node:crypto';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { InvalidInput } from '../domain/errors.ts';
import type { KeyedRequest } from './keyed-sql.ts';

/** A request that a client may send again. */
export interface OnceRequest {
  /** The verb, as the API names it. */
  operation: string;
  /** The key that the client chose: 1 to 255 visible ASCII characters; without one, the request runs each time. */
  key: string | null | undefined;
  /** Everything that the request says, as JSON. */
  input: unknown;
  /** Whether the request is about something that is not known yet. Its outcome, that it is not found, is then not kept. */
  isUnknown?: boolean;
}

const KEY = /^[!-~]{1,255}$/;

/** Whether a text can be an idempotency key. */
export function isIdempotencyKey(key: string): boolean {
  return KEY.test(key);
}

/**
 * Returns the identity of a request with a key; undefined without a key, or without a token, which the verb refuses. Throws
 * InvalidInput for a malformed key.
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

/** Returns the SHA-256 hash of an input, regardless of the order of its keys. */
function hashOf(input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input, 0)) ?? '')
    .digest();
}

/** Deeper than any input that a verb accepts: metadata has at most 1 KB. */
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
