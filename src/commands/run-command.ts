import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { connectDatabase } from '../database.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { readDatabaseTime } from '../db/clock.ts';
import { describeRefusal } from '../db/constraints.ts';

/** Error for a command that cannot run. The message says what to correct. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A program with verbs, such as `end`, on the configured database. */
export interface Command {
  name: string;
  usage: string;
  /** The verbs, one of which is the first argument. */
  verbs: readonly string[];
  /** The names of the options. All take a string. */
  options: readonly string[];
  /**
   * Returns the work for the options and the verb; undefined if an option is missing. The work takes the database's time,
   * and resolves to the text to print.
   */
  plan(
    values: Readonly<Record<string, string | undefined>>,
    verb: string,
  ): ((db: Db, now: Date) => Promise<string>) | undefined;
}

/** Runs a command line, and returns the exit code. `--help` prints the usage. */
export async function runCommand(
  command: Command,
  { argv, env, ...output }: Pick<NodeJS.Process, 'argv' | 'env' | 'stdout' | 'stderr'>,
): Promise<number> {
  try {
    const work = planOf(command, argv.slice(2));
    if (work === undefined) {
      output.stdout.write(`${command.usage}\n`);
      return 0;
    }
    const connection = await connectDatabase(readConfig(env, { serves: false }), () => {});
    const database = openDatabase(connection.url, { poolSize: 1 });
    try {
      const now = await readDatabaseTime(database.sql);
      output.stdout.write(`${await work(database.db, now)}\n`);
    } finally {
      await database.close();
      await connection.close();
    }
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    output.stderr.write(`${command.name}: ${describeRefusal(error) ?? message}\n`);
    return 1;
  }
}

/** Returns the work for the arguments; undefined for `--help`. Throws CommandError with the usage. */
function planOf({ usage, verbs, options, plan }: Command, args: string[]) {
  const { values, positionals } = parsed(usage, options, args);
  if (values.help === true) return undefined;
  const texts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : undefined,
    ]),
  );
  const [verb = '', ...others] = positionals;
  const isKnown = verbs.includes(verb) && others.length === 0;
  const work = isKnown ? plan(texts, verb) : undefined;
  if (work === undefined) throw new CommandError(usage);
  return work;
}

function parsed(usage: string, options: readonly string[], args: string[]) {
  const texts = Object.fromEntries(options.map(name => [name, { type: 'string' as const }]));
  const help = { type: 'boolean' as const, short: 'h' };
  try {
    return parseArgs({ args, allowPositionals: true, options: { ...texts, help } });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
