import type { Ctx } from '../context.ts';
import type { CsvRow } from '../csv/read-rows.ts';
import type { UserError } from '../domain/errors.ts';
import { revokeBatch } from '../seats/batch/revoke-batch.ts';
import { readColumns } from './csv-columns.ts';
import { badHeader, type CsvTable, refusal } from './csv-table.ts';
import { parseSeatIds } from './parse-batch.ts';

/** The columns that name a seat: that of the answer to an assignment, and that of a list. */
const IDS = ['seat_id', 'id'] as const;

/**
 * Returns the table that revokes the seat of each row. Throws RequestValidationError for a header without one of these
 * columns.
 */
export function revokeTable(ctx: Ctx, header: readonly string[]): CsvTable {
  const columns = readColumns(header, name => IDS.some(id => id === name));
  const column = IDS.find(name => columns.has(name));
  if (column === undefined) throw badHeader('The header names no column seat_id or id.');
  const idOf = ({ cells }: CsvRow) => columns.cell(cells, column)?.trim() ?? '';
  const nameOf = (row: CsvRow) => ({ row: row.number, seat_id: idOf(row) });
  return {
    columns: ['row', 'seat_id', 'result', 'error', 'detail', 'status', 'former_holder_email'],
    async process(rows) {
      const { seatIds, unreadable } = parseSeatIds(rows.map(idOf), index => [
        rows[index]?.number ?? 0,
        column,
      ]);
      const { results } = await revokeBatch(ctx, { seatIds, mode: 'best-effort' });
      return rows.map((row, index) => {
        const result = unreadable.get(index) ?? results[index];
        if (result instanceof Error) return { ...nameOf(row), ...refusal(result) };
        if (result === undefined || !('seat' in result)) {
          throw new TypeError('A row of a file is always attempted.');
        }
        const { seat, formerHolder } = result;
        return {
          ...nameOf(row),
          result: formerHolder === null ? 'already_revoked' : 'revoked',
          status: seat.status,
          former_holder_email: formerHolder?.email ?? null,
        };
      });
    },
    refused: (row, error: UserError) => ({ ...nameOf(row), ...refusal(error) }),
  };
}
