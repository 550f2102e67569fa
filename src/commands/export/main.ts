import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../../config.ts';
import { SEAT_TABLE, seatCells } from '../../csv/seat-table.ts';
import { csvLines } from '../../csv/write-rows.ts';
import { connectDatabase } from '../../database.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { allSeats, allSeatsOfOrganization } from '../../seats/read/all-seats.ts';
import type { SeatView } from '../../seats/view.ts';
import { listenForSignals } from '../listen-for-signals.ts';
import { openProgressLine } from '../progress-line.ts';
import { CommandError } from '../run-command.ts';

const USAGE = `Usage: npm run --silent export -- [--organization SLUG] [--pool ID] [--status STATUS]… > FILE.csv
       npm run export -- --output FILE.csv [--organization SLUG] [--pool ID] [--status STATUS]…
       npm run export -- --help

Writes seats as CSV: all, or those of an organization, of a subscription or order, and in a state: ${Object.values(SeatStatus).join(', ')}.
docs/csv.md describes the columns.`;

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
    const { selection, path, isHelp } = readArguments(args);
    if (isHelp) return void process.stdout.write(`${USAGE}\n`);
    const output = path === undefined ? process.stdout : createWriteStream(path);
    output.on('error', error => stop.abort(error));
    await runExport(selection, output, stop.signal);
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
  const { organization, pool, status, output: path, help: isHelp = false } = values;
  if (positionals.length > 0) throw new CommandError(USAGE);
  if (pool !== undefined && !z.guid().safeParse(pool).success) {
    throw new CommandError(`${pool} is not an id.`);
  }
  const known = status?.map(name => {
    const found = Object.values(SeatStatus).find(each => each === name);
    if (found === undefined) throw new CommandError(`${name} is not a state of seats.`);
    return found;
  });
  const selection: Selection = { organization, pool: pool?.toLowerCase(), status: known };
  return { selection, path, isHelp };
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** Writes the seats, no faster than the output takes them. Throws the reason of `signal`. */
async function runExport(
  selection: Selection,
  output: Writable,
  signal: AbortSignal,
): Promise<void> {
  const connection = await connectDatabase(readConfig(process.env, { serves: false }), message => {
    process.stderr.write(`${message}\n`);
  });
  const database = openDatabase(connection.url, { poolSize: 1 });
  const progress = openProgressLine(process.stderr);
  let written = 0;
  const exported = () =>
    `Exported ${written.toLocaleString('en')} ${written === 1 ? 'seat' : 'seats'}`;
  const write = async (text: string) => {
    signal.throwIfAborted();
    if (output.write(text)) return;
    await once(output, 'drain', { signal }).catch(() => signal.throwIfAborted());
  };
  try {
    let header = csvLines([['organization', ...SEAT_TABLE]]);
    for await (const { slug, seats } of selected(database, selection)) {
      await write(header + csvLines(seats.map(seat => [slug, ...seatCells(seat)])));
      header = '';
      written += seats.length;
      progress.show(exported());
    }
    if (header !== '') await write(header);
    progress.clear();
    process.stderr.write(`${exported()}\n`);
  } finally {
    progress.clear();
    await database.close();
    await connection.close();
  }
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
