import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../../config.ts';
import { isConnectionLost } from '../../db/constraints.ts';
import { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { findSecretKeys } from '../../secret-key.ts';
import { listenForSignals, untilStopped } from '../listen-for-signals.ts';
import { CommandError } from '../run-command.ts';
import { exportAll } from './export-all.ts';
import { exportSeats, type Selection } from './export-seats.ts';
import { type Output, openFile, openPrivateFile, openStandardOutput } from './open-output.ts';
import { runExport, type Work } from './run-export.ts';

const USAGE = `Usage: npm run --silent export -- [--organization SLUG] [--pool ID] [--status STATUS]… > FILE.csv
       npm run export -- --output FILE.csv [--organization SLUG] [--pool ID] [--status STATUS]…
       npm run export -- --all [--organization SLUG] FILE.json
       npm run --silent export -- --all [--organization SLUG] | COMMAND
       npm run export -- --help

--all writes an import file of everything that an import can load: \`npm run import -- FILE.json\` loads it into another
database. Both need the same SECRET_KEY. It is one moment of the database, also while servers run. The file has secrets, and only
you can read it. docs/backup.md says what it leaves out.

Otherwise, writes seats as CSV: all, or those of an organization, of a subscription or order, and in a state: ${Object.values(SeatStatus).join(', ')}.
docs/csv.md describes the columns.`;

/** How long the last message may wait for its reader. */
const MESSAGE_MS = 1_000;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  process.stderr.on('error', () => undefined);
  try {
    await run(args);
  } catch (error) {
    // The reader of the pipe has read enough.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0);
    const message = error instanceof Error ? error.message : String(error);
    // Possibly nothing reads the remaining output, or this message.
    process.stderr.write(`export: ${message}\n`, () => process.exit(1));
    setTimeout(() => process.exit(1), MESSAGE_MS).unref();
  }
}

async function run(args: string[]): Promise<void> {
  const { selection, path, isAll, isHelp } = readArguments(args);
  if (isHelp) return void process.stdout.write(`${USAGE}\n`);
  const config = readConfig(process.env, { serves: false });
  const consequence =
    isAll && path !== undefined ? '; nothing was exported' : '; the file is incomplete';
  const { stop, forget } = listenForSignals(consequence);
  let output: Output | undefined;
  const write = async () => {
    const { signal } = stop;
    output = await openOutput(path, isAll, signal);
    output.stream.on('error', error => stop.abort(error));
    const work = isAll
      ? exportAll(selection.organization, await findSecretKeys(config), signal)
      : exportSeats(selection);
    await runExport(explainingLoss(work, consequence), output, { config, signal });
  };
  try {
    await untilStopped(write(), stop.signal);
  } catch (error) {
    await output?.abandon();
    throw error;
  } finally {
    forget();
  }
}

/** Returns work that explains in one line that the database ended its connection, and what that means. */
function explainingLoss(work: Work, consequence: string): Work {
  return async function* (database) {
    try {
      yield* work(database);
    } catch (error) {
      if (error instanceof CommandError || !isConnectionLost(error)) throw error;
      throw new CommandError(
        `The database ended the connection${consequence}. Run the export again`,
      );
    }
  };
}

async function openOutput(
  path: string | undefined,
  isPrivate: boolean,
  signal: AbortSignal,
): Promise<Output> {
  if (path === undefined) return openStandardOutput();
  return isPrivate ? await openPrivateFile(path, signal) : await openFile(path, signal);
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
