import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'hono';
import type { Ctx } from '../context.ts';
import { limitHeap } from '../csv/limit-heap.ts';
import { type CsvRow, readRows, UnreadableCsv } from '../csv/read-rows.ts';
import { csvResponse } from '../csv/stream-lines.ts';
import { type Cell, csvLines } from '../csv/write-rows.ts';
import { UserError } from '../domain/errors.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { TooManyRequests } from '../rate-limits/too-many-requests.ts';
import { LARGEST_BATCH } from '../seats/batch/items.ts';
import { openFile, StalledFile, type UploadedFile } from './csv-body.ts';
import { BadRequest, type ErrorBody, errorBody, Stopping } from './errors.ts';
import { UnreadableItem } from './parse-batch.ts';
import type { AppEnv } from './routing.ts';
import { RequestValidationError } from './validation.ts';

/** A row of an answer by its columns. Those that are missing are empty. */
export type ResultRow = Readonly<Record<string, Cell>>;

/** How the rows of a file are processed. */
export interface CsvTable {
  /** The columns of the answer. `row`, `result`, `error` and `detail` are among them. */
  columns: readonly string[];
  /** Processes up to 1,000 rows in one transaction. Returns one result for each, in their order. */
  process(rows: readonly CsvRow[]): Promise<ResultRow[]>;
  /** The result of a row in a chunk that was refused as a whole. */
  refused(row: CsvRow, error: UserError): ResultRow;
}

/** Returns the result of a row that is refused. */
export function refusal(error: UserError | RequestValidationError): ResultRow {
  const { error: name, detail } = errorBody(error instanceof UnreadableItem ? error.cause : error);
  return { result: 'refused', error: name, detail: textOf(detail) };
}

/** Returns the problems of a row in one line, each after the name of its column. */
function textOf(detail: ErrorBody['detail']): string {
  if (typeof detail === 'string') return detail;
  return detail.map(({ loc, msg }) => [...loc.slice(2), msg].join(': ')).join('; ');
}

/** The most characters in the rows of a chunk, not counting the last row. */
const LARGEST_CHUNK = 1_048_576;

/**
 * The most bytes of an answer that are buffered for a client: about 100,000 rows, for clients that first send the whole
 * file.
 */
const LARGEST_WAITING = 25_165_824;

/**
 * Returns the answer to a file: a CSV file, which is sent while the file is received. Throws what `processFile` throws
 * first.
 */
export async function answerFile(
  c: Context<AppEnv>,
  openTable: (header: readonly string[]) => CsvTable,
  idleMs?: number,
): Promise<Response> {
  const ctx = c.get('ctx');
  const file = openFile(c, ctx.stopping, idleMs);
  const lines = processFile(ctx, file, openTable, c.get('report'));
  const { value: first } = await lines.next();
  return csvResponse(first ?? '', lines, ANY_ORIGIN, LARGEST_WAITING);
}

/**
 * Processes a file in chunks of up to 1,000 rows, and yields the lines of the answer: one row for each row of the file, in
 * their order. Throws what refuses the file before its first chunk is processed: RequestValidationError for the header, and
 * what `process` throws. Later, a chunk that is refused as a whole has the error in each of its rows, and any other failure
 * ends the answer with a row that says why and where. `report` logs a failure, and returns the message for a busy database.
 */
async function* processFile(
  ctx: Ctx,
  file: UploadedFile,
  openTable: (header: readonly string[]) => CsvTable,
  report: (error: Error) => string | undefined,
): AsyncGenerator<string> {
  const rows = readRows(file.parts);
  const table = openTable(await headerOf(rows));
  const lines = (results: readonly ResultRow[]) =>
    csvLines(results.map(result => table.columns.map(name => result[name] ?? null)));
  let text = csvLines([table.columns]);
  let isFirst = true;
  let next = 2;
  const collectGarbage = limitHeap();
  try {
    for await (const chunk of chunksOf(rows)) {
      if (!isFirst) await admit(ctx);
      next = chunk[0]?.number ?? next;
      // The first chunk, whose results go out with the header, is still processed.
      if (ctx.stopping.aborted && !isFirst) throw new Stopping();
      text += lines(await resultsOf(table, chunk, isFirst));
      yield text;
      collectGarbage();
      text = '';
      isFirst = false;
      next = (chunk.at(-1)?.number ?? next) + 1;
    }
    if (text !== '') yield text;
  } catch (error) {
    if (isFirst && !endsFile(error)) throw error;
    // The client has disconnected.
    if (error instanceof BadRequest && !endsFile(error)) return;
    yield text + lines([stopped(error, next, report)]);
    if (error instanceof UnreadableCsv) await file.skipRest().catch(() => undefined);
  }
}

/** Whether the rows before an error are still processed. */
function endsFile(error: unknown): boolean {
  return (
    error instanceof UnreadableCsv || error instanceof StalledFile || error instanceof Stopping
  );
}

async function headerOf(rows: AsyncGenerator<CsvRow>): Promise<readonly string[]> {
  try {
    const { value: header } = await rows.next();
    if (header) return header.cells;
  } catch (error) {
    if (error instanceof UnreadableCsv) throw badHeader(error.message);
    throw error;
  }
  throw badHeader('The file has no header row.');
}

/** Returns the error of a header with which no row can be read. */
export function badHeader(msg: string): RequestValidationError {
  return new RequestValidationError([{ type: 'csv_header', loc: ['body', 1], msg, input: null }]);
}

async function* chunksOf(rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow[]> {
  let chunk: CsvRow[] = [];
  let size = 0;
  try {
    for await (const row of rows) {
      chunk.push(row);
      size += row.cells.reduce((sum, { length }) => sum + length, 0);
      if (chunk.length < LARGEST_BATCH && size < LARGEST_CHUNK) continue;
      yield chunk;
      chunk = [];
      size = 0;
    }
  } catch (error) {
    if (endsFile(error) && chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}

async function resultsOf(
  table: CsvTable,
  chunk: readonly CsvRow[],
  isFirst: boolean,
): Promise<ResultRow[]> {
  try {
    return await table.process(chunk);
  } catch (error) {
    if (isFirst || !(error instanceof UserError)) throw error;
    return chunk.map(row => table.refused(row, error));
  }
}

/** Counts a chunk as a request, and waits while the caller has sent too many. */
async function admit(ctx: Ctx): Promise<void> {
  for (;;) {
    try {
      return ctx.limits.charge(1);
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
      await delay(error.retryAfter * 1000, undefined, { signal: ctx.stopping }).catch(
        () => undefined,
      );
      if (ctx.stopping.aborted) return;
    }
  }
}

/** Returns the last row of an answer that ends before the file does. */
function stopped(
  error: unknown,
  next: number,
  report: (error: Error) => string | undefined,
): ResultRow {
  const end = (row: number, name: string, reason: string): ResultRow => ({
    row,
    result: 'stopped',
    error: name,
    detail: `${reason} This row and the rows after it are not processed. Send the file again when it is resolved.`,
  });
  if (error instanceof UnreadableCsv) return end(error.row, error.name, error.reason);
  if (error instanceof StalledFile) return end(next, 'StalledFile', error.message);
  if (error instanceof Stopping) return end(next, error.name, error.message);
  const failure = error instanceof Error ? error : new Error(String(error));
  const busy = report(failure);
  return busy === undefined
    ? end(next, 'InternalServerError', 'The server has an error.')
    : end(next, 'ServiceUnavailable', busy);
}
