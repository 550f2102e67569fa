import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { readConfig } from '../../config.ts';
import { connectDatabase } from '../../database.ts';
import { isConnectionLost } from '../../db/constraints.ts';
import { analyzeTables } from '../../import/analyze.ts';
import { describeCounts } from '../../import/counts.ts';
import {
  type ImportCounts,
  ImportError,
  type ImportOptions,
  importFile,
  UnknownOutcome,
} from '../../import/import-file.ts';
import { LONGEST_FILE, parseJson } from '../../import/json-text.ts';
import { describeProblem } from '../../import/problems.ts';
import type { WhenTooSmall } from '../../import/write-rows.ts';
import { findSecretKeys } from '../../secret-key.ts';
import { listenForSignals } from '../listen-for-signals.ts';
import { openProgressLine } from '../progress-line.ts';

const USAGE = `Usage: npm run import -- [--dry-run] FILE.json
       npm run import -- [--dry-run] --oversell FILE.json
       npm run import -- --help

Loads customers, subscriptions, orders and seats: the whole file or nothing. - reads standard input.
--dry-run lists the rows that would change, and changes nothing.
--oversell keeps the seats of a subscription or an order that gets fewer than it has assigned.
docs/import.md describes the file.`;

// Errors that are printed without a stack.
const EXPECTED = [
  'CommandError',
  'ConfigError',
  'DatabaseError',
  'EmbeddedPostgresError',
  'MigrationError',
  'OtherSecretKey',
];

/** Error of the command line or its input, printed without a stack. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  // Ignores errors of the output, such as a closed pipe.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const { path, isHelp, ...options } = readArguments(args);
    if (isHelp) return void process.stdout.write(`${USAGE}\n`);
    if (path === undefined) throw new CommandError(USAGE);
    const counts = await runImport(path, options);
    const { notes = [], changes = [] } = counts;
    for (const line of [...notes, ...changes].map(describeProblem)) {
      process.stdout.write(`${line}\n`);
    }
    process.stdout.write(`${describeCounts(counts)}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean' },
        oversell: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [path, ...others] = positionals;
    if (others.length > 0) throw new CommandError(USAGE);
    const whenTooSmall: WhenTooSmall = values.oversell ? 'oversell' : 'refuse';
    const isDryRun = values['dry-run'] ?? false;
    return { path, isDryRun, whenTooSmall, isHelp: values.help ?? false };
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${messageOf(error)}\n\n${USAGE}`);
  }
}

async function runImport(
  path: string,
  { isDryRun, whenTooSmall }: Pick<ImportOptions, 'isDryRun' | 'whenTooSmall'>,
): Promise<ImportCounts> {
  const config = readConfig(process.env, { serves: false });
  const document = await readDocument(path);
  const database = await connectDatabase(config, message => {
    process.stderr.write(`${message}\n`);
  });
  const progress = openProgressLine(process.stderr);
  const interruption = listenForSignals('; nothing was imported');
  try {
    const { signal } = interruption.stop;
    const onProgress = (done: number, total: number) =>
      progress.show(`Importing ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows`);
    const keys = await findSecretKeys(config);
    const options = { onProgress, signal, isDryRun, whenTooSmall, keys };
    const counts = await importFile(database.url, document, options);
    if (!isDryRun) await analyzeTables(database.url, counts);
    return counts;
  } finally {
    interruption.forget();
    progress.clear();
    await database.close();
  }
}

async function readDocument(path: string): Promise<unknown> {
  const bytes = await readBytes(path);
  if (bytes.length > LONGEST_FILE) {
    throw new CommandError(
      `${path} has more than 512 MB, which an import cannot take. Split it by organization`,
    );
  }
  if (!isUtf8(bytes)) throw new CommandError(`${path} is not UTF-8 text`);
  try {
    return parseJson(bytes.toString());
  } catch (error) {
    throw new CommandError(`${path} cannot be parsed: ${messageOf(error)}`);
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/** Returns the message of an expected error, and the stack of any other. */
function explain(error: unknown): string {
  if (error instanceof ImportError) {
    const count = error.problems.length;
    return `${error.message}\nNothing was imported: ${count} problem${count === 1 ? '' : 's'}`;
  }
  if (error instanceof UnknownOutcome) {
    return 'The database ended the connection at the last moment, and the import may be done. Run it again: an import that was done changes nothing the second time';
  }
  if (!(error instanceof Error)) return String(error);
  if (!EXPECTED.includes(error.name) && isConnectionLost(error)) {
    return 'The database ended the connection; nothing was imported. Run the import again';
  }
  return EXPECTED.includes(error.name) || 'code' in error ? error.message : String(error.stack);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
