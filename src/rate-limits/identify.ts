import { InvalidToken } from '../auth/authenticate.ts';
import type { CallerLimits } from './rate-limits.ts';

/**
 * Returns the result of `authenticate` and counts an invalid token as wrong. Throws TooManyRequests instead of InvalidToken
 * after too many.
 */
export async function identify<Actor>(
  limits: CallerLimits,
  authenticate: () => Actor | Promise<Actor>,
): Promise<Actor> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof InvalidToken) limits.countWrongToken();
    throw error;
  }
}
