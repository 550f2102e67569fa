import { InvalidToken } from '../auth/authenticate.ts';
import type { CallerLimits } from './rate-limits.ts';

/** What `authenticate` answers; a token that it refuses counts as wrong. Throws TooManyRequests in place of InvalidToken. */
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
