import { z } from 'zod';
import { InvalidInput } from '../domain/errors.ts';
import type { AssignBatch } from '../seats/batch/assign-batch.ts';
import { LARGEST_BATCH, requireBatchSize } from '../seats/batch/items.ts';
import type { RevokeBatch } from '../seats/batch/revoke-batch.ts';
import { listOf, oneOf, optional, required, uuidV4 } from './fields.ts';
import { assignFields, chooseSource, parse, toPerson } from './parse.ts';
import { RequestValidationError, validationErrors, valueError } from './validation.ts';

const SOURCES = { subscription_id: true, order_id: true, checkout_id: true } as const;

/** Schema of one person of a batch: the body that assigns a seat, without the source. */
export const assignItem = assignFields.omit(SOURCES).transform(toPerson);

const mode = optional(oneOf('all_or_nothing', 'best_effort'), {
  description:
    'What happens if an item is refused: nothing changes, or the other items are processed.',
  default: 'all_or_nothing',
});

/** Schema of the body that assigns seats. Its items are parsed one by one, by `parseAssignBatch`. */
export const assignBatchBody = assignFields
  .pick(SOURCES)
  .extend({
    mode,
    seats: required(listOf({ $ref: '#/components/schemas/SeatAssignItem' }, LARGEST_BATCH), {
      description: 'The people. A person who is named twice is refused the second time.',
    }),
  })
  .transform((fields, ctx) => ({
    source: chooseSource(fields, ctx),
    mode: modeOf(fields.mode),
    seats: fields.seats,
  }));

/** Schema of the body that revokes seats. Its items are parsed one by one, by `parseRevokeBatch`. */
export const revokeBatchBody = z
  .object({
    mode,
    seat_ids: required(listOf({ type: 'string', format: 'uuid4' }, LARGEST_BATCH), {
      description: 'The ids of the seats, of any pools.',
    }),
  })
  .transform(fields => ({ mode: modeOf(fields.mode), seatIds: fields.seat_ids }));

/** Schema of the query that assigns the seats of a CSV file: the pool, and the default of `immediate_claim`. */
export const assignFileQuery = assignFields
  .pick({ ...SOURCES, immediate_claim: true })
  .transform((fields, ctx) => ({
    source: chooseSource(fields, ctx),
    immediateClaim: fields.immediate_claim ?? false,
  }));

/** Parses the query that assigns the seats of a CSV file. Throws RequestValidationError. */
export function parseAssignFileQuery(searchParams: URLSearchParams) {
  return parse(assignFileQuery, 'query', Object.fromEntries(searchParams));
}

/** Error of an item that cannot be parsed. Only this item is refused. */
export class UnreadableItem extends InvalidInput {
  /** The parse error, as the answer shows it. */
  override readonly cause: RequestValidationError;

  constructor(cause: RequestValidationError) {
    super(
      cause.items.map(({ loc, msg }) => ({ path: loc.map(String), code: 'SYNTAX', message: msg })),
    );
    this.cause = cause;
  }
}

/**
 * Parses the body that assigns seats. Throws RequestValidationError, and InvalidInput for no or too many items. An item that
 * cannot be parsed becomes an unreadable one.
 */
export function parseAssignBatch(body: unknown): AssignBatch {
  const { seats, ...batch } = parse(assignBatchBody, 'body', body);
  requireBatchSize('seats', seats);
  return { ...batch, seats: seats.map((item, index) => parsePerson(item, ['seats', index])) };
}

/** Parses one person of a batch, at a path of the body. A recipient that cannot be parsed becomes an unreadable one. */
export function parsePerson(
  item: unknown,
  path: readonly (string | number)[],
): AssignBatch['seats'][number] {
  const result = assignItem.safeParse(item);
  return result.success ? result.data : unreadable(errorAt(path, result.error, item));
}

/** Returns an unreadable person of a batch with the reason, at a path of the body. */
export function unreadableItem(
  path: readonly (string | number)[],
  reason: string,
): AssignBatch['seats'][number] {
  const item = { ...valueError(reason), loc: ['body', ...path], input: null };
  return unreadable(new RequestValidationError([item]));
}

function unreadable(cause: RequestValidationError): AssignBatch['seats'][number] {
  const error = new UnreadableItem(cause);
  return { recipient: { kind: 'unreadable', error }, immediateClaim: false };
}

/** A batch of revocations. `unreadable` has the parse errors of ids by their positions. */
export interface ParsedRevokeBatch extends RevokeBatch {
  unreadable: ReadonlyMap<number, RequestValidationError>;
}

/**
 * Parses the body that revokes seats. Throws RequestValidationError, and InvalidInput for no or too many ids. An id that
 * cannot be parsed becomes one that no seat has.
 */
export function parseRevokeBatch(body: unknown): ParsedRevokeBatch {
  const { seatIds, ...batch } = parse(revokeBatchBody, 'body', body);
  requireBatchSize('seat_ids', seatIds);
  return { ...batch, ...parseSeatIds(seatIds, index => ['seat_ids', index]) };
}

/** Parses ids of seats, each at a path of the body. */
export function parseSeatIds(
  ids: readonly unknown[],
  pathOf: (index: number) => readonly (string | number)[],
): Omit<ParsedRevokeBatch, 'mode'> {
  const unreadable = new Map<number, RequestValidationError>();
  const seatIds = ids.map((id, index) => {
    const result = seatId.safeParse(id);
    if (result.success) return result.data;
    unreadable.set(index, errorAt(pathOf(index), result.error, id));
    return UNKNOWN;
  });
  return { seatIds, unreadable };
}

const seatId = z.unknown().transform(uuidV4.parse);

/** An id that no seat has. */
const UNKNOWN = '00000000-0000-0000-0000-000000000000';

function errorAt(
  path: readonly (string | number)[],
  error: z.ZodError,
  input: unknown,
): RequestValidationError {
  const items = validationErrors(error, 'body', input);
  return new RequestValidationError(
    items.map(item => ({ ...item, loc: ['body', ...path, ...item.loc.slice(1)] })),
  );
}

function modeOf(mode: 'all_or_nothing' | 'best_effort' | undefined): AssignBatch['mode'] {
  return mode === 'best_effort' ? 'best-effort' : 'all-or-nothing';
}
