import { CsvError, type Parser, parse } from 'csv-parse';
import { findDelimiter } from './find-delimiter.ts';
import { withoutFormulaEscape } from './formulas.ts';

/** The maximum length of a row in characters. */
export const LARGEST_ROW = 65_536;

/** A row of a file. */
export interface CsvRow {
  /** The row number in a spreadsheet: the header is row 1. */
  number: number;
  cells: string[];
}

/** Error for a file with an unreadable row. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv';
  /** The number of the unreadable row. */
  readonly row: number;
  readonly reason: string;

  constructor(row: number, reason: string) {
    super(`Row ${row}: ${reason}`);
    this.row = row;
    this.reason = reason;
  }
}

/**
 * Yields the rows of a CSV file in UTF-8, header first, without empty rows. The header determines the delimiter: a comma, a
 * semicolon or a tab. Accepts a byte order mark, quotes, and line ends CRLF, LF or CR. Yields all rows before an unreadable
 * one, and then throws UnreadableCsv. Holds at most one part of the file and one row in memory.
 */
export async function* readRows(file: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const rows: CsvRow[] = [];
  let parser: RowParser | undefined;
  let start = Buffer.alloc(0);
  const taken = () => rows.splice(0);
  for await (const part of file) {
    if (parser === undefined) {
      start = Buffer.concat([start, part]);
      const delimiter = findDelimiter(start.toString());
      if (delimiter === undefined && start.length <= LARGEST_ROW) continue;
      parser = openParser(delimiter ?? ',', rows);
      await parser.write(start);
    } else {
      await parser.write(part);
    }
    yield* taken();
    parser.requireReadable();
  }
  if (parser === undefined) {
    parser = openParser(findDelimiter(`${start}\n`) ?? ',', rows);
    await parser.write(start);
  }
  await parser.end();
  yield* taken();
  parser.requireReadable();
}

interface RowParser {
  /** Adds the rows that end in a part of the file. */
  write(part: Uint8Array): Promise<void>;
  /** Adds the last row. */
  end(): Promise<void>;
  /** Throws UnreadableCsv if a part could not be read. */
  requireReadable(): void;
}

function openParser(delimiter: string, rows: CsvRow[]): RowParser {
  let failure: Error | undefined;
  const numberOfLast = ({ records, empty_lines }: Parser['info']) => records + empty_lines;
  const parser: Parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: LARGEST_ROW,
    relax_column_count: true,
    skip_empty_lines: true,
    // The parser's stream would drop the rows before an error.
    on_record(cells: string[]) {
      if (cells.some(cell => cell !== '')) {
        rows.push({ number: numberOfLast(parser.info), cells: cells.map(withoutFormulaEscape) });
      }
      return null;
    },
  });
  // The callbacks receive the errors.
  parser.on('error', () => undefined);
  parser.resume();
  const settled = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>(resolve => {
      if (failure !== undefined) return resolve();
      act(error => {
        failure = error ?? undefined;
        resolve();
      });
    });
  return {
    write: part => settled(done => void parser.write(part, done)),
    end: () => settled(done => void parser.end(done)),
    requireReadable() {
      if (failure === undefined) return;
      if (!(failure instanceof CsvError)) throw failure;
      const reason = REASONS[failure.code] ?? failure.message;
      throw new UnreadableCsv(numberOfLast(parser.info) + 1, reason);
    },
  };
}

const REASONS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is not closed.',
  CSV_INVALID_CLOSING_QUOTE:
    'A closing quote is followed by text. Write a quote inside quotes twice.',
  INVALID_OPENING_QUOTE: 'A quote is in the middle of a cell. Put the whole cell in quotes.',
  CSV_MAX_RECORD_SIZE: `The row is longer than ${LARGEST_ROW} characters, or a quote is not closed.`,
};
