import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Buckets, createBuckets, type Key } from './buckets.ts';
import { addressKeys, createAddressReader, type TrustedProxies } from './client-address.ts';
import { createGuesses } from './guesses.ts';
import { rateLimitFields, TooManyRequests } from './too-many-requests.ts';

/** How much each caller may ask for in a minute, all of it at once if need be; 0 is as much as they like. */
export interface RateLimitSettings {
  /** Requests with one bearer token. */
  perToken: number;
  /** Requests without a bearer token from one address. */
  anonymous: number;
  /** Unknown bearer tokens from one address; and as many unknown invitation tokens from one address or by one bearer token. */
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

/** The limits of whoever sent a request. */
export interface CallerLimits {
  /**
   * What `look` answers about a secret that anybody may send; it counts where `isRight` says that it was wrong. Throws
   * TooManyRequests, without looking, where the caller was wrong too often.
   */
  guess: Guess;
  /** Throws TooManyRequests where `count` invitations are too many for one request of the caller; counts all but one as requests. */
  requireInvitations(count: number): void;
  /** Counts the request as so many more. Throws TooManyRequests. */
  charge(requests: number): void;
  /** Counts that the bearer token of the request is unknown. Throws TooManyRequests instead where there were too many. */
  countWrongToken(): void;
}

/** A request and its response, as node:http has them. */
export interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** The limits of whoever sent the request, once it was admitted. */
  limits?: CallerLimits;
}

export interface RateLimits {
  /**
   * Counts a request once, by its bearer token or else by its address, and tells the caller of what is left. Throws
   * TooManyRequests. Who has a token is never limited by what others do at the same address.
   */
  admit(exchange: Partial<Exchange>, token: string | undefined): CallerLimits;
}

/** Keeps all counts in the memory of this process. `clock` counts milliseconds and should be monotonic. */
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
  // Apart: a colleague whose access token was revoked keeps nobody from claiming a seat.
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

/** So many bytes count as one request of somebody unknown: what they send takes time as it is long. */
const BYTES = 512;
/** What a body counts of which the length is not told. */
const UNTOLD = 32;

function sizeOf(incoming: IncomingMessage | undefined): number {
  const { url = '', headers = {} } = incoming ?? {};
  const body = Number(headers['content-length'] ?? 0);
  const untold = headers['transfer-encoding'] === undefined ? 0 : UNTOLD;
  return 1 + untold + Math.floor((url.length + (Number.isFinite(body) ? body : 0)) / BYTES);
}

function take(buckets: Buckets, keys: readonly Key[], asked: number): void {
  // Nobody has more than the whole quota.
  const cost = Math.min(asked, buckets.policy.limit);
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

/** A token is a secret: only its hash is kept. */
function tokenKey(token: string): Key {
  return { id: hash('sha256', token, 'base64url'), weight: 1 };
}
