import type { Ctx } from '../context.ts';
import type { CsvRow } from '../csv/read-rows.ts';
import { SeatAlreadyAssigned } from '../domain/errors.ts';
import { type AssignBatch, assignBatch } from '../seats/batch/assign-batch.ts';
import type { AssignSeatInput } from '../seats/inputs.ts';
import { holderEmail } from '../seats/view.ts';
import { type Columns, readColumns } from './csv-columns.ts';
import { badHeader, type CsvTable, type ResultRow, refusal } from './csv-table.ts';
import { readJsonBody } from './json-body.ts';
import { parsePerson, unreadableItem } from './parse-batch.ts';

const RECIPIENTS = [
  'email',
  'external_customer_id',
  'customer_id',
  'external_member_id',
  'member_id',
] as const;

const METADATA = 'metadata';
const METADATA_KEY = 'metadata.';

/** What a file does not say about its seats: the pool, and whether a row without its own value is claimed immediately. */
export interface CsvAssignment {
  source: AssignSeatInput['source'];
  immediateClaim: boolean;
}

/**
 * Returns the table that assigns a seat of one pool to the person of each row. Throws RequestValidationError for a header
 * without a recipient column.
 */
export function assignTable(
  ctx: Ctx,
  { source, immediateClaim }: CsvAssignment,
  header: readonly string[],
): CsvTable {
  const columns = readColumns(
    header,
    name =>
      [...RECIPIENTS, 'immediate_claim', METADATA].includes(name) || name.startsWith(METADATA_KEY),
  );
  const recipients = RECIPIENTS.filter(name => columns.has(name));
  if (recipients.length === 0) {
    throw badHeader(`The header names none of the columns ${RECIPIENTS.join(', ')}.`);
  }
  const keys = columns.startingWith(METADATA_KEY);
  if (columns.has(METADATA) && keys.length > 0) {
    throw badHeader(`The header names both ${METADATA} and ${keys[0]}.`);
  }
  const nameOf = ({ number, cells }: CsvRow): ResultRow => ({
    row: number,
    ...Object.fromEntries(recipients.map(name => [name, columns.cell(cells, name) ?? null])),
  });
  return {
    columns: [
      'row',
      ...recipients,
      'result',
      'error',
      'detail',
      'seat_id',
      'status',
      'holder_email',
      'invitation_url',
    ],
    async process(rows) {
      const seats = rows.map(row => personOf(row, columns, keys, immediateClaim));
      const batch = { source, seats, mode: 'best-effort', isRepeatable: true } as const;
      const { results } = await assignBatch(ctx, batch);
      return results.map((result, index) => ({
        ...nameOf(rows[index] as CsvRow),
        ...resultOf(result),
      }));
    },
    refused: (row, error) => ({ ...nameOf(row), ...refusal(error) }),
  };
}

type Result = Awaited<ReturnType<typeof assignBatch>>['results'][number];

function resultOf(result: Result): ResultRow {
  if (result instanceof SeatAlreadyAssigned) {
    return { result: 'already_assigned', seat_id: result.seat.id };
  }
  if (result instanceof Error) return refusal(result);
  if (!('seat' in result)) throw new TypeError('A row of a file is always attempted.');
  const { seat } = result;
  return {
    result: 'assigned',
    seat_id: seat.id,
    status: seat.status,
    holder_email: holderEmail(seat),
    invitation_url: seat.invitationUrl,
  };
}

function personOf(
  { number, cells }: CsvRow,
  columns: Columns,
  keys: readonly string[],
  immediateClaim: boolean,
): AssignBatch['seats'][number] {
  const at = (...path: string[]) => [number, ...path];
  const problem = columns.problemOf(cells);
  if (problem !== undefined) return unreadableItem(at(), problem);
  const item: Record<string, unknown> = { immediate_claim: immediateClaim };
  for (const name of RECIPIENTS) {
    const cell = columns.cell(cells, name);
    // External ids are kept exactly as they are.
    if (cell !== undefined) item[name] = name.startsWith('external_') ? cell : cell.trim();
  }
  const claim = columns.cell(cells, 'immediate_claim')?.trim();
  if (claim) item.immediate_claim = claim;
  const metadata = columns.cell(cells, METADATA);
  if (metadata !== undefined) {
    const parsed = readJsonBody(Buffer.from(metadata), 'application/json');
    if (parsed.kind !== 'json') return unreadableItem(at(METADATA), 'The cell is not JSON');
    item.metadata = parsed.value;
  } else if (keys.length > 0) {
    const entries = keys.map(key => [key.slice(METADATA_KEY.length), columns.cell(cells, key)]);
    item.metadata = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  return parsePerson(item, at());
}
