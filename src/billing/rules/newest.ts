import type { OrderStatus, SubscriptionStatus } from '../../db/generated/prisma/enums.ts';

/** The values of a row, by column. */
type Values = Readonly<Record<string, unknown>>;

/**
 * As of when the billing system reported the values of a row. Times are ISO 8601 in UTC with milliseconds, which sort as
 * text.
 */
interface NewsTimes {
  /** The newest of these times; null if the billing system reported nothing, or reported it without a time. */
  asOf: string | null;
  /** The time of each column whose time differs; null for an unknown time. */
  asOfByColumn: Readonly<Record<string, string | null>>;
}

/** A row as usher knows it. */
export interface KnownRow extends NewsTimes {
  values: Values;
}

/** A report about a row. */
export interface News {
  /** The reported columns; the others stay as they are. */
  values: Values;
  /** When this was the case; null to apply it no matter what is known. */
  asOf: string | null;
}

/** What a report does to a row. */
export interface NewsDecision extends NewsTimes {
  /**
   * `same`: everything reported is known already, and is now known as of a later time. `stale`: ignored, because everything
   * reported is known as of the same or a later time.
   */
  outcome: 'new' | 'changed' | 'same' | 'stale';
  /** The values of all columns. */
  values: Values;
}

/** The columns of each table that the billing system reports, apart from the ids. */
export const TOLD = {
  products: ['name', 'external_id'],
  customers: ['email', 'name', 'external_id'],
  subscriptions: ['product_id', 'customer_id', 'checkout_id', 'external_id', 'status', 'seats'],
  orders: ['product_id', 'customer_id', 'checkout_id', 'external_id', 'status', 'seats'],
} as const;

export type BillingTable = keyof typeof TOLD;

/**
 * Decides what happens to a row. Each column keeps the newest reported value, so the order and the number of reports do not
 * matter. Of two values as of the same time, the more advanced one wins: the later status in the life of a subscription or
 * an order, more seats, or the text that sorts last.
 */
export function decideNews(table: BillingTable, known: KnownRow | null, news: News): NewsDecision {
  const values: Record<string, unknown> = {};
  const times: Record<string, string | null> = {};
  let isChanged = known === null;
  let isLater = false;
  for (const column of TOLD[table]) {
    const isTold = column in news.values;
    const told = news.values[column] ?? null;
    const value = known?.values[column] ?? null;
    const time = timeOf(known, column);
    const isTaken = known === null || (isTold && isNewer(column, [news.asOf, told], [time, value]));
    values[column] = isTaken ? told : value;
    const isDifferent = isTaken && told !== value;
    if (isDifferent) isChanged = true;
    if (!isTaken || !isTold) times[column] = time;
    else times[column] = news.asOf ?? (isDifferent ? null : time);
    if (times[column] !== time) isLater = true;
  }
  const outcome = known === null ? 'new' : isChanged ? 'changed' : isLater ? 'same' : 'stale';
  return { outcome, values, ...summarize(times) };
}

function timeOf(known: KnownRow | null, column: string): string | null {
  if (known === null) return null;
  return known.asOfByColumn[column] === undefined ? known.asOf : known.asOfByColumn[column];
}

type Told = readonly [asOf: string | null, value: unknown];

/**
 * Whether a value replaces the known one. A value without a time always does; a known value without a time is always
 * replaced.
 */
function isNewer(column: string, [asOf, value]: Told, [knownAsOf, known]: Told): boolean {
  if (asOf === null || knownAsOf === null) return true;
  return asOf === knownAsOf ? isFurther(column, value, known) : asOf > knownAsOf;
}

/** How advanced a status is in the life of a subscription or an order, as far as that life has one direction. */
const PLACE: Readonly<Record<SubscriptionStatus | OrderStatus, number>> = {
  incomplete: 0,
  trialing: 1,
  active: 2,
  past_due: 3,
  paused: 4,
  unpaid: 5,
  incomplete_expired: 6,
  canceled: 7,
  draft: 0,
  pending: 1,
  paid: 2,
  partially_refunded: 3,
  refunded: 4,
  void: 5,
};

const PLACES: ReadonlyMap<unknown, number> = new Map(Object.entries(PLACE));

function isFurther(column: string, value: unknown, known: unknown): boolean {
  if (value === null || known === null) return known === null && value !== null;
  if (column === 'status') return (PLACES.get(value) ?? 0) > (PLACES.get(known) ?? 0);
  if (typeof value === 'number' && typeof known === 'number') return value > known;
  return String(value) > String(known);
}

function summarize(times: Readonly<Record<string, string | null>>): NewsTimes {
  const asOf = Object.values(times).reduce(
    (newest, time) => (time !== null && (newest === null || time > newest) ? time : newest),
    null,
  );
  const others = Object.entries(times).filter(([, time]) => time !== asOf);
  return { asOf, asOfByColumn: Object.fromEntries(others) };
}
