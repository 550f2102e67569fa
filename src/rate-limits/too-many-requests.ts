import { type Policy, WINDOW_S } from './buckets.ts';

/** A caller has used up a quota. Nothing of the request was done. */
export class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests';
  /** In how many seconds to try again; whole, and at least one. */
  readonly retryAfter: number;
  /** What the answer's header fields say, whichever API gives it. */
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

/** The fields of draft-ietf-httpapi-ratelimit-headers: a policy, and what is left of it. */
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
