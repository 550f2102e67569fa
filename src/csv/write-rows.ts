import { stringify } from 'csv-stringify/sync';

/** The media type of CSV. */
export const CSV = 'text/csv';

/**
 * Returns rows as the lines of a CSV file (RFC 4180): commas, CRLF, quotes where needed. A text that a spreadsheet would
 * evaluate as a formula gets a leading apostrophe, which `readRows` removes.
 */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: '\r\n',
    // Also quotes a cell that has only CR or only LF.
    quoted_match: /[\r\n]/,
    escape_formulas: true,
  });
}

/** The value of a cell; null is an empty cell. */
export type Cell = string | number | null;
