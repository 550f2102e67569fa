import type { OrderStatus, SubscriptionStatus } from '../../db/generated/prisma/enums.ts';

/** The values of a row, by column. */
type Values = Readonly<Record<string, unknown>>;

/** When the billing system told the values of a row. Times are ISO 8601 in UTC with milliseconds, which sort as text. */
interface NewsTimes {
  /** The newest of them; null if it told nothing, or not when that was the case. */
  asOf: string | null;
  /** The time of each column that has another one; null for an unknown time. */
  asOfByColumn: Readonly<Record<string, string | null>>;
}

/** A row as it is known. */
export interface KnownRow extends NewsTimes {
  values: Values;
}

/** What somebody tells about a row. */
export interface News {
  /** The told columns; the others stay as they are. */
  values: Values;
  /** When that was the case; null if it is to be applied whatever is known. */
  asOf: string | null;
}

/** What news does to a row. */
export interface NewsDecision extends NewsTimes {
  /**
   * `same`: all of it is known, and now is so as of a later time. `stale`: passed over, because all that it tells is known
   * as of the same or a later time.
   */
  outcome: 'new' | 'changed' | 'same' | 'stale';
  /** The values of all columns. */
  values: Values;
}

/** The columns that the billing system tells of each table, apart from the ids. */
export const TOLD = {
  products: ['name', 'external_id'],
  customers: ['email', 'name', 'external_id'],
  subscriptions: ['product_id', 'customer_id', 'checkout_id', 'external_id', 'status', 'seats'],
  orders: ['product_id', 'customer_id', 'checkout_id', 'external_id', 'status', 'seats'],
} as const;

export type BillingTable = keyof typeof TOLD;

/**
 * Decides what becomes of a row. Each column keeps the newest value that was told, so that the order in which news
 * arrives, and how often, does not matter. Of two values as of the same time, the one further on wins: the later status in
 * the life of a subscription or an order, more seats, or the text that sorts last.
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

/** Whether a value replaces the known one. News without a time does; a value that is known without a time is replaced. */
function isNewer(column: string, [asOf, value]: Told, [knownAsOf, known]: Told): boolean {
  if (asOf === null || knownAsOf === null) return true;
  return asOf === knownAsOf ? isFurther(column, value, known) : asOf > knownAsOf;
}

/** How far on a status is in the life of a subscription or an order, as far as that has one direction. */
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
