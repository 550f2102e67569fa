import * as errors from '../domain/errors.ts';
import type { SeatView } from '../seats/view.ts';

// An outcome is kept as JSON: a seat by its id, an error by its name and fields, all else as it is.

/** Returns the JSON of an outcome. */
export function toStored(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof errors.UserError) {
    const { name, message, ...fields } = value;
    return { $error: { ...(toStored(fields) as object), name, message: value.message } };
  }
  if (Array.isArray(value)) return value.map(toStored);
  if (typeof value !== 'object' || value === null) return value;
  if (isSeat(value)) return { $seat: value.id };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toStored(item)]));
}

/** Returns the ids of the seats in a stored outcome. */
export function seatIdsOf(stored: unknown): string[] {
  if (typeof stored !== 'object' || stored === null) return [];
  if ('$seat' in stored) return [String(stored.$seat)];
  return Object.values(stored).flatMap(seatIdsOf);
}

/**
 * Returns an outcome from its JSON, with seats as they are now. Throws ResourceNotFound for a seat that no longer exists, or
 * that the caller cannot see any more.
 */
export function fromStored(stored: unknown, seats: ReadonlyMap<string, SeatView>): unknown {
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== 'object' || value === null) return value;
    if ('$date' in value) return new Date(String(value.$date));
    if ('$seat' in value) return requireSeat(seats.get(String(value.$seat)));
    const fields = Object.entries('$error' in value ? (value.$error as object) : value);
    const all = Object.fromEntries(fields.map(([key, item]) => [key, read(item)]));
    return '$error' in value ? errorOf(all) : all;
  };
  return read(stored);
}

function isSeat(value: object): value is SeatView {
  return 'invitationTokenHash' in value && 'organizationId' in value && 'id' in value;
}

function requireSeat(seat: SeatView | undefined): SeatView {
  if (seat === undefined) throw new errors.ResourceNotFound('Seat not found');
  return seat;
}

/** The classes of errors, by their names. */
const CLASSES: ReadonlyMap<string, { prototype: object }> = new Map(
  Object.entries(errors).filter(
    (entry): entry is [string, typeof errors.UserError] =>
      typeof entry[1] === 'function' && entry[1].prototype instanceof errors.UserError,
  ),
);

/** An error of the class by this name. */
function errorOf({ name, message, ...fields }: Record<string, unknown>): errors.UserError {
  const known = CLASSES.get(String(name));
  if (known === undefined) throw new Error(`A stored outcome has the unknown error ${name}.`);
  const error = Object.create(known.prototype) as errors.UserError;
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
  return Object.assign(error, { name, ...fields });
}
