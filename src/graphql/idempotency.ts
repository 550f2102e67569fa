import * as errors from '../domain/errors.ts';

/** The description of the input field `idempotencyKey`. */
export const IDEMPOTENCY_KEY =
  'Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID.';

/** The description of `isReplay`. */
export const IS_REPLAY =
  'Whether this is the outcome of an earlier request with the same idempotency key.';

/** The errors of a mutation with an idempotency key. */
export const IDEMPOTENCY_ERRORS = [
  errors.IdempotencyKeyReused,
  errors.IdempotencyInProgress,
] as const;
