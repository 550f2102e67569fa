import { z } from 'zod';
import { IdempotencyInProgress, IdempotencyKeyReused } from '../../domain/errors.ts';
import { BadRequest } from '../errors.ts';
import { MALFORMED_KEY } from '../idempotency.ts';

/** The header that makes the retry of a request safe. */
export const idempotencyHeader = {
  schema: z.object({
    'Idempotency-Key': z.string().min(1).max(255).optional().meta({
      description:
        'Makes a retry safe: for 24 hours, the same key with the same request returns the first outcome, with the seat as it is now and the header `Idempotency-Replayed: true`. 1 to 255 visible ASCII characters, such as a UUID.',
    }),
  }),
  examples: { 'Idempotency-Key': '1dbfc517-0bbf-4301-9ba8-555ca42b9737' },
};

/** The errors of a request with the header. */
export const IDEMPOTENCY_FAILURES = [
  new BadRequest(MALFORMED_KEY),
  new IdempotencyInProgress(),
  new IdempotencyKeyReused(),
] as const;
