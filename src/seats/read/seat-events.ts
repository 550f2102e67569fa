import { Parameters } from '../../db/parameters.ts';
import type { Sql } from '../../db/sql.ts';
import type { SeatEventType } from '../rules/changes.ts';
import { COLUMNS, EVENT, type SeatEvent } from './history.ts';
import type { ListPart } from './page.ts';
import { TABLE } from './read-pool.ts';

/** Conditions on events. An event must meet all that are given. */
export interface SeatEventFilter {
  type?: readonly SeatEventType[] | null | undefined;
  seatIds?: readonly string[] | null | undefined;
  poolIds?: readonly string[] | null | undefined;
  /** The customer whose subscriptions and orders the seats belong to. */
  customerId?: string | null | undefined;
}

/** The position of an event among all events. */
export type EventPlace = Pick<SeatEvent, 'transactionId' | 'sequence'>;

interface EventQuery {
  organizationId: string;
  filter: SeatEventFilter;
}

const TABLES = ['outbox_events', 'archived_events'] as const;

/**
 * Returns a part of an organization's events, unscoped, in the order of their transactions. The events of a transaction that
 * began to write while another was in progress stay hidden until that one ends. Otherwise, somebody reading page after page
 * would miss an event that commits late.
 */
export async function readSeatEvents(
  sql: Sql,
  query: EventQuery,
  { after, before, direction, take }: ListPart<EventPlace>,
): Promise<SeatEvent[]> {
  const parameters = new Parameters();
  const place = ({ transactionId, sequence }: EventPlace) =>
    `(${parameters.add(transactionId, 'xid8')}, ${parameters.add(sequence, 'bigint')})`;
  const conditions = conditionsOf(query, parameters);
  if (after) conditions.push(`(e.transaction_id, e.sequence) > ${place(after)}`);
  if (before) conditions.push(`(e.transaction_id, e.sequence) < ${place(before)}`);
  const orderBy = `ORDER BY e.transaction_id ${direction}, e.sequence ${direction} LIMIT ${parameters.add(take, 'integer')}`;
  const pools = poolsOf(query, parameters);
  const parts = TABLES.map(table => {
    const read = (more: readonly string[]) =>
      `(SELECT ${COLUMNS} FROM ${table} e WHERE ${[...conditions, ...more].join(' AND ')} ${orderBy})`;
    if (pools === undefined) return read([]);
    return `SELECT e.* FROM (${pools}) AS p CROSS JOIN LATERAL ${read(['e.pool_id = p.id'])} AS e`;
  });
  const text = `SELECT ${EVENT} FROM (${parts.join(' UNION ALL ')}) AS e ${orderBy}`;
  return await sql.rows<SeatEvent>({ name: '', text }, parameters.values);
}

/** Returns the number of an organization's events, unscoped. */
export async function countSeatEvents(sql: Sql, query: EventQuery): Promise<number> {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters);
  const pools = poolsOf(query, parameters);
  if (pools !== undefined) conditions.push(`e.pool_id IN (${pools})`);
  const counts = TABLES.map(
    table => `(SELECT count(*) FROM ${table} e WHERE ${conditions.join(' AND ')})`,
  );
  const text = `SELECT (${counts.join(' + ')})::integer AS n`;
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, parameters.values);
  return row?.n ?? 0;
}

function conditionsOf({ organizationId, filter }: EventQuery, parameters: Parameters): string[] {
  const { type, seatIds } = filter;
  return [
    `e.organization_id = ${parameters.add(organizationId, 'uuid')}`,
    // A restored database can hold events from later transactions of another server, which are not in progress here.
    '(e.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) OR e.transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))',
    ...(type ? [`e.type = ANY(${parameters.add(type, 'text[]')})`] : []),
    ...(seatIds ? [`e.seat_id = ANY(${parameters.add(seatIds, 'uuid[]')})`] : []),
  ];
}

/** Selects the pools of a filter; undefined for all pools of the organization. */
function poolsOf(
  { organizationId, filter: { poolIds, customerId } }: EventQuery,
  parameters: Parameters,
): string | undefined {
  if (!poolIds && !customerId) return undefined;
  const organization = parameters.add(organizationId, 'uuid');
  const conditions = [
    `organization_id = ${organization}`,
    ...(poolIds ? [`id = ANY(${parameters.add(poolIds, 'uuid[]')})`] : []),
    ...(customerId ? [`customer_id = ${parameters.add(customerId, 'uuid')}`] : []),
  ].join(' AND ');
  return Object.values(TABLE)
    .map(table => `SELECT id FROM ${table} WHERE ${conditions}`)
    .join(' UNION ALL ');
}
