import { type Policy, WINDOW_S } from './buckets.ts';

/** Error of an exceeded quota. The request had no effect. */
export class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests';
  /** Seconds after which to retry: an integer of at least 1. */
  readonly retryAfter: number;
  /** Header fields of the response, for both APIs. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, policy: Policy, waitMs: number, remaining = 0) {
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
    super(`${message} Try again in ${retryAfter} s.`);
    this.retryAfter = retryAfter;
    this.headers = {
      'retry-after': String(retryAfter),
      ...rateLimitFields(policy, remaining, retryAfter),
    };
  }
}

/** Returns the fields of draft-ietf-httpapi-ratelimit-headers: the policy and its remaining quota. */
export function rateLimitFields(
  { name, limit }: Policy,
  remaining: number,
  resetS: number,
): Record<'ratelimit-policy' | 'ratelimit', string> {
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=${WINDOW_S}`,
    ratelimit: `"${name}";r=${remaining};t=${resetS}`,
  };
}
