import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { readConfig } from '../../config.ts';
import { SEAT_TABLE, seatCells } from '../../csv/seat-table.ts';
import { csvLines } from '../../csv/write-rows.ts';
import { connectDatabase } from '../../database.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { beginSnapshot, exportFile, type LeftBehind } from '../../export/export-file.ts';
import { allSeats, allSeatsOfOrganization } from '../../seats/read/all-seats.ts';
import type { SeatView } from '../../seats/view.ts';
import { listenForSignals } from '../listen-for-signals.ts';
import { openProgressLine } from '../progress-line.ts';
import { CommandError } from '../run-command.ts';

const USAGE = `Usage: npm run --silent export -- [--organization SLUG] [--pool ID] [--status STATUS]… > FILE.csv
       npm run export -- --output FILE.csv [--organization SLUG] [--pool ID] [--status STATUS]…
       npm run export -- --all [--organization SLUG] FILE.json
       npm run export -- --help

--all writes an import file of everything that an import can load: \`npm run import -- FILE.json\` loads it into another
database, with the same SECRET_KEY. The file has secrets, and only you can read it. docs/backup.md says what it leaves out.

Otherwise, writes seats as CSV: all, or those of an organization, of a subscription or order, and in a state: ${Object.values(SeatStatus).join(', ')}.
docs/csv.md describes the columns.`;

/** The length of a text that is written at once. */
const PIECE = 65_536;

/** Which seats are exported. */
interface Selection {
  organization: string | undefined;
  pool: string | undefined;
  status: SeatStatus[] | undefined;
}

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  process.stderr.on('error', () => undefined);
  const { stop, forget } = listenForSignals('; the file is incomplete');
  try {
    const { selection, path, isAll, isHelp } = readArguments(args);
    if (isHelp) return void process.stdout.write(`${USAGE}\n`);
    const output =
      path === undefined ? process.stdout : createWriteStream(path, isAll ? { mode: 0o600 } : {});
    output.on('error', error => stop.abort(error));
    const work = isAll ? exportAll(selection.organization) : exportSeats(selection);
    await runExport(work, output, stop.signal);
    if (path !== undefined) output.end();
  } catch (error) {
    // The reader of a pipe has what it wants.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`export: ${message}\n`);
    process.exitCode = 1;
  } finally {
    forget();
  }
}

function readArguments(args: string[]) {
  const { values, positionals } = parsed(args);
  const { organization, pool, status, all: isAll = false, help: isHelp = false } = values;
  const [file, ...others] = positionals;
  const isWrong = isAll
    ? pool !== undefined ||
      status !== undefined ||
      (file !== undefined && values.output !== undefined)
    : file !== undefined;
  if (isWrong || others.length > 0) throw new CommandError(USAGE);
  const path = values.output ?? file;
  if (pool !== undefined && !z.guid().safeParse(pool).success) {
    throw new CommandError(`${pool} is not an id.`);
  }
  const known = status?.map(name => {
    const found = Object.values(SeatStatus).find(each => each === name);
    if (found === undefined) throw new CommandError(`${name} is not a state of seats.`);
    return found;
  });
  const selection: Selection = { organization, pool: pool?.toLowerCase(), status: known };
  return { selection, path, isAll, isHelp };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        organization: text,
        pool: text,
        status: { type: 'string', multiple: true },
        output: text,
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** What an export writes, with the connection to its database. */
type Work = (connection: { url: string }) => AsyncGenerator<{
  text: string;
  /** What was exported so far, such as `3 seats`. */
  done: string;
  /** What people have to know when it is done. */
  notes?: readonly string[];
}>;

/** Writes an export, no faster than the output takes it. Throws the reason of `signal`. */
async function runExport(work: Work, output: Writable, signal: AbortSignal): Promise<void> {
  const connection = await connectDatabase(readConfig(process.env, { serves: false }), message => {
    process.stderr.write(`${message}\n`);
  });
  const progress = openProgressLine(process.stderr);
  let last = { done: '', notes: [] as readonly string[] };
  const write = async (text: string) => {
    signal.throwIfAborted();
    if (output.write(text)) return;
    await once(output, 'drain', { signal }).catch(() => signal.throwIfAborted());
  };
  try {
    for await (const { text, done, notes = [] } of work(connection)) {
      await write(text);
      last = { done, notes };
      progress.show(`Exported ${done}`);
    }
    progress.clear();
    process.stderr.write([`Exported ${last.done}`, ...last.notes, ''].join('\n'));
  } finally {
    progress.clear();
    await connection.close();
  }
}

function rows(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : `${noun}s`}`;
}

/** Returns the export of an import file. Throws CommandError for an unknown organization. */
function exportAll(slug: string | undefined): Work {
  return async function* (connection) {
    const client = new pg.Client({
      connectionString: connection.url,
      application_name: 'usher export',
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await beginSnapshot(client);
      const file = await exportFile(client, slug);
      if (file === undefined) throw new CommandError(`No organization ${slug}.`);
      const notes = notesOn(file.leftBehind);
      for await (const text of inLargePieces(file.pieces)) {
        yield { text, done: rows(file.count(), 'row'), notes };
      }
    } finally {
      await client.end();
    }
  };
}

function notesOn({ mails, deliveries, events, oversold }: LeftBehind): string[] {
  const waiting = [
    ...(events > 0 ? [`${rows(events, 'event')} that no worker has handed on`] : []),
    ...(mails > 0 ? [rows(mails, 'waiting mail')] : []),
    ...(deliveries > 0
      ? [`${deliveries} waiting webhook ${deliveries === 1 ? 'delivery' : 'deliveries'}`]
      : []),
  ];
  return [
    ...(waiting.length > 0
      ? [
          `Not in the file: ${waiting.join(', ')}. To lose none, stop the servers, let \`npm run worker\` deliver them, and export again`,
        ]
      : []),
    ...(oversold > 0
      ? [
          `${rows(oversold, 'subscription or order')} with more live seats than were bought: import the file with --oversell`,
        ]
      : []),
  ];
}

/** Joins pieces, since each write to a stream costs. */
async function* inLargePieces(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let joined = '';
  for await (const piece of pieces) {
    joined += piece;
    if (joined.length < PIECE) continue;
    yield joined;
    joined = '';
  }
  yield joined;
}

/** Returns the export of seats as CSV. */
function exportSeats(selection: Selection): Work {
  return async function* (connection) {
    const database = openDatabase(connection.url, { poolSize: 1 });
    let written = 0;
    try {
      const header = csvLines([['organization', ...SEAT_TABLE]]);
      let text = header;
      for await (const { slug, seats } of selected(database, selection)) {
        written += seats.length;
        text += csvLines(seats.map(seat => [slug, ...seatCells(seat)]));
        yield { text, done: rows(written, 'seat') };
        text = '';
      }
      if (text !== '') yield { text, done: rows(written, 'seat') };
    } finally {
      await database.close();
    }
  };
}

/** Yields the selected seats in pages, each of one organization. Throws CommandError for an unknown organization or pool. */
async function* selected(
  database: Database,
  selection: Selection,
): AsyncGenerator<{ slug: string; seats: SeatView[] }> {
  const { organization: slug, pool, status } = selection;
  const organizations = await database.db.organization.findMany({
    ...(slug !== undefined && { where: { slug: { equals: slug, mode: 'insensitive' } } }),
    orderBy: { slug: 'asc' },
    select: { id: true, slug: true },
  });
  if (slug !== undefined && organizations.length === 0) {
    throw new CommandError(`No organization ${slug}.`);
  }
  let isFound = pool === undefined;
  for (const { id, slug } of organizations) {
    const pages = await pagesOf(database, id, pool, status);
    if (pages === undefined) continue;
    isFound = true;
    for await (const seats of pages) yield { slug, seats };
  }
  if (!isFound) throw new CommandError(`No subscription or order ${pool}.`);
}

async function pagesOf(
  { db, sql }: Database,
  organizationId: string,
  pool: string | undefined,
  status: SeatStatus[] | undefined,
): Promise<AsyncGenerator<SeatView[]> | undefined> {
  if (pool === undefined) return allSeatsOfOrganization(sql, organizationId, status, new Date());
  const where = { organizationId, id: pool };
  const isSubscription = (await db.subscription.count({ where })) > 0;
  if (!isSubscription && (await db.order.count({ where })) === 0) return undefined;
  const of = isSubscription ? 'subscription' : 'order';
  return allSeats(sql, { of, organizationId, id: pool, status });
}
