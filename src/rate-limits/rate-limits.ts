import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Buckets, createBuckets, type Key } from './buckets.ts';
import { addressKeys, createAddressReader, type TrustedProxies } from './client-address.ts';
import { createGuesses } from './guesses.ts';
import { rateLimitFields, TooManyRequests } from './too-many-requests.ts';

/** Limits of each caller per minute, which allow bursts; 0 for no limit. */
export interface RateLimitSettings {
  /** Requests with one bearer token. */
  perToken: number;
  /** Requests without a bearer token from one address. */
  anonymous: number;
  /**
   * Unknown bearer tokens from one address, and, separately, unknown invitation tokens from one address or with one bearer
   * token.
   */
  wrongTokens: number;
  trustedProxies: TrustedProxies;
}

export const UNLIMITED: RateLimitSettings = {
  perToken: 0,
  anonymous: 0,
  wrongTokens: 0,
  trustedProxies: 0,
};

type Guess = <Found>(
  look: () => Promise<Found>,
  isRight: (found: Found) => Promise<boolean>,
) => Promise<Found>;

/** Limits of the caller of a request. */
export interface CallerLimits {
  /**
   * Returns the result of `look` for a secret from an untrusted caller, and counts it as wrong unless `isRight`. Throws
   * TooManyRequests without calling `look` if the caller was wrong too often.
   */
  guess: Guess;
  /**
   * Throws TooManyRequests if the caller may not name `count` invitations in one request. Counts each after the first as a
   * request.
   */
  requireInvitations(count: number): void;
  /** Counts further requests. Throws TooManyRequests. */
  charge(requests: number): void;
  /** Counts an unknown bearer token. Throws TooManyRequests after too many. */
  countWrongToken(): void;
}

/** A request and its response in node:http. */
export interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** Limits of the caller, after the request is admitted. */
  limits?: CallerLimits;
}

export interface RateLimits {
  /**
   * Counts a request once, by its bearer token or, without one, by its address, and adds the remaining quota to the
   * response's headers. Throws TooManyRequests. Requests with a token do not depend on other requests from the same address.
   */
  admit(exchange: Partial<Exchange>, token: string | undefined): CallerLimits;
}

/** Returns rate limits that count in the memory of this process. `clock` counts milliseconds and should be monotonic. */
export function createRateLimits(
  { perToken, anonymous, wrongTokens, trustedProxies }: RateLimitSettings,
  clock: () => number,
): RateLimits {
  const bucketsOf = (name: string, limit: number) =>
    limit === 0 ? undefined : createBuckets({ name, limit }, clock);
  const byToken = bucketsOf('token', perToken);
  const byAddress = bucketsOf('anonymous', anonymous);
  const guessesOf = (name: string) => {
    const buckets = bucketsOf(name, wrongTokens);
    return buckets && createGuesses(buckets);
  };
  // Two limits, so that requests with a revoked access token do not prevent claims from the same address.
  const ofBearers = guessesOf('wrong-tokens');
  const ofInvitations = guessesOf('wrong-invitations');
  const readAddress = createAddressReader(trustedProxies);

  function keysOf(incoming: IncomingMessage | undefined): readonly Key[] {
    return addressKeys(incoming === undefined ? undefined : readAddress(incoming));
  }

  return {
    admit(exchange, token) {
      if (exchange.limits !== undefined) return exchange.limits;
      const { incoming, outgoing } = exchange;
      const requests = token === undefined ? byAddress : byToken;
      let own: readonly Key[] | undefined;
      const ownKeys = () => {
        own ??= token === undefined ? keysOf(incoming) : [tokenKey(token)];
        return own;
      };
      const count = (cost: number) => {
        if (requests === undefined || cost <= 0) return;
        take(requests, ownKeys(), cost);
        if (outgoing?.headersSent === true) return;
        outgoing?.setHeaders(new Map(Object.entries(fieldsOf(requests, ownKeys()))));
      };
      count(token === undefined ? sizeOf(incoming) : 1);
      const limits: CallerLimits = {
        guess: (look, isRight) => ofInvitations?.look(ownKeys(), look, isRight) ?? look(),
        charge: count,
        requireInvitations(invitations) {
          ofInvitations?.requireRoom(ownKeys(), invitations);
          count(invitations - 1);
        },
        countWrongToken: () => ofBearers?.count(keysOf(incoming)),
      };
      exchange.limits = limits;
      return limits;
    },
  };
}

/** Bytes that count as one anonymous request, because the work grows with the size. */
const BYTES = 512;
/** The number of requests that a body of unknown length counts as. */
const UNKNOWN_LENGTH = 32;

function sizeOf(incoming: IncomingMessage | undefined): number {
  const { url = '', headers = {} } = incoming ?? {};
  const body = Number(headers['content-length'] ?? 0);
  const unknown = headers['transfer-encoding'] === undefined ? 0 : UNKNOWN_LENGTH;
  return 1 + unknown + Math.floor((url.length + (Number.isFinite(body) ? body : 0)) / BYTES);
}

function take(buckets: Buckets, keys: readonly Key[], requested: number): void {
  // A higher cost than the quota could never be taken.
  const cost = Math.min(requested, buckets.policy.limit);
  const wait = buckets.take(keys, cost);
  if (wait === 0) return;
  throw new TooManyRequests('Too many requests.', buckets.policy, wait, buckets.remaining(keys));
}

function fieldsOf(buckets: Buckets, keys: readonly Key[]): Record<string, string> {
  const { policy } = buckets;
  const remaining = buckets.remaining(keys);
  const resetMs = buckets.wait(keys, policy.limit);
  return rateLimitFields(policy, remaining, Math.ceil(resetMs / 1000));
}

/** Returns the key of a token. Keeps only the hash, because the token is a secret. */
function tokenKey(token: string): Key {
  return { id: hash('sha256', token, 'base64url'), weight: 1 };
}
