import * as errors from '../domain/errors.ts';
import type { AssignmentPool } from '../seats/rules/assignment.ts';
import { notFound, type SeatPool, type SeatSource } from '../seats/source.ts';
import type { SeatView } from '../seats/view.ts';

// An outcome is kept as JSON: seats and pools by their ids, errors by name and fields, everything else unchanged.

/** The seats and pools that a stored outcome refers to, as they are now, by id. What the caller cannot see is missing. */
export interface Referents {
  seats: ReadonlyMap<string, SeatView>;
  pools: ReadonlyMap<string, SeatSource>;
}

/** The ids that a stored outcome refers to. */
export interface References {
  seatIds: string[];
  pools: Pick<SeatPool, 'kind' | 'id'>[];
}

/** Returns the JSON of an outcome. */
export function toStored(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof errors.UserError) {
    const { name, message, ...fields } = value;
    return { $error: { ...(toStored(fields) as object), name, message: value.message } };
  }
  if (Array.isArray(value)) return value.map(toStored);
  if (typeof value !== 'object' || value === null) return value;
  if (isSeat(value)) return { $seat: value.id, assignedAt: value.assignedAt.toISOString() };
  if (isPool(value)) return { $pool: value.id, kind: value.kind };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toStored(item)]));
}

/** Returns the ids that a stored outcome refers to, each once. */
export function referencesOf(stored: unknown): References {
  const seatIds = new Set<string>();
  const pools = new Map<string, Pick<SeatPool, 'kind' | 'id'>>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$seat' in value) seatIds.add(String(value.$seat));
    else if ('$pool' in value) {
      const { $pool: id, kind } = value as { $pool: string; kind: SeatPool['kind'] };
      pools.set(id, { kind, id });
    } else Object.values(value).forEach(collect);
  };
  collect(stored);
  return { seatIds: [...seatIds], pools: [...pools.values()] };
}

/**
 * Returns an outcome from its JSON, with seats and pools as they are now. If the caller can no longer see a seat, the
 * outcome of its item becomes ResourceNotFound. Throws ResourceNotFound for a pool that the caller can no longer see.
 */
export function fromStored(stored: unknown, { seats, pools }: Referents): unknown {
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== 'object' || value === null) return value;
    if ('$date' in value) return new Date(String(value.$date));
    if ('$seat' in value) return seatOf(value, seats);
    if ('$pool' in value) return pools.get(String(value.$pool)) ?? notFound('Resource not found');
    const fields = Object.entries('$error' in value ? (value.$error as object) : value);
    const all = Object.fromEntries(fields.map(([key, item]) => [key, read(item)]));
    if ('$error' in value) return errorOf(all);
    if (!Object.values(all).includes(MISSING)) return all;
    const error = new errors.ResourceNotFound(SEAT_NOT_FOUND);
    return { kind: 'refused', error, pool: all.pool ?? null };
  };
  const outcome = read(stored);
  return outcome === MISSING ? notFound(SEAT_NOT_FOUND) : outcome;
}

const SEAT_NOT_FOUND = 'Seat not found';
const MISSING = Symbol('a seat that the caller cannot see');

/** Returns the seat as it is now. If it was assigned again since, the caller must not get the new holder's invitation. */
function seatOf(
  stored: { $seat?: unknown; assignedAt?: unknown },
  seats: Referents['seats'],
): SeatView | typeof MISSING {
  const seat = seats.get(String(stored.$seat));
  if (seat === undefined) return MISSING;
  const isSame = seat.assignedAt.toISOString() === stored.assignedAt;
  return isSame ? seat : { ...seat, invitationNonce: null };
}

function isSeat(value: object): value is SeatView {
  return 'invitationTokenHash' in value && 'organizationId' in value && 'id' in value;
}

function isPool(value: object): value is AssignmentPool {
  return 'organization' in value && 'productId' in value && 'kind' in value;
}

/** The classes of errors, by their names. */
const CLASSES: ReadonlyMap<string, { prototype: object }> = new Map(
  Object.entries(errors).filter(
    (entry): entry is [string, typeof errors.UserError] =>
      typeof entry[1] === 'function' && entry[1].prototype instanceof errors.UserError,
  ),
);

/** Returns an error of the class with this name. */
function errorOf({ name, message, ...fields }: Record<string, unknown>): errors.UserError {
  const known = CLASSES.get(String(name));
  if (known === undefined) throw new Error(`A stored outcome has the unknown error ${name}.`);
  const error = Object.create(known.prototype) as errors.UserError;
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
  return Object.assign(error, { name, ...fields });
}
