import type { Context } from 'hono';
import type { Ctx } from '../context.ts';
import { once } from '../idempotency/once.ts';
import { isIdempotencyKey } from '../idempotency/request.ts';
import { BadRequest, json } from './errors.ts';

/** The message for a malformed header. */
export const MALFORMED_KEY = 'Idempotency-Key has to be 1 to 255 visible ASCII characters.';

/**
 * Runs a verb, once for each `Idempotency-Key` header, and answers with its result as JSON. A replay has the header
 * `Idempotency-Replayed: true`. Throws what `once` throws, and BadRequest for a malformed key.
 */
export async function answerOnce(
  c: Context,
  ctx: Ctx,
  { operation, input }: { operation: string; input: unknown },
  verb: (ctx: Ctx) => Promise<unknown>,
): Promise<Response> {
  const key = c.req.header('idempotency-key');
  if (key !== undefined && !isIdempotencyKey(key)) {
    throw new BadRequest(MALFORMED_KEY);
  }
  const { result, isReplay } = await once(ctx, { operation, key, input }, verb);
  return json(result, 200, isReplay ? { 'idempotency-replayed': 'true' } : {});
}
