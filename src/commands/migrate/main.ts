import { asksForHelp } from '../../asks-for-help.ts';
import { readConfig } from '../../config.ts';
import { connectDatabase } from '../../database.ts';
import { listenForSignals } from '../listen-for-signals.ts';
import { CommandError } from '../run-command.ts';

const USAGE = `Usage: npm run migrate
Applies the pending migrations to the database in DATABASE_URL, as a role that owns its tables. A migration that waits for
a lock for two seconds lets others pass, and tries again until it succeeds. SIGINT or SIGTERM stops it between two tries, and a
running migration after 15 s. A migration is applied whole or not at all.`;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  const { stop, forget } = listenForSignals();
  try {
    if (asksForHelp(args)) return void process.stdout.write(`${USAGE}\n`);
    if (args.length > 0) throw new CommandError(USAGE);
    const print = (message: string) => void process.stdout.write(`${message}\n`);
    const config = readConfig(process.env, { serves: false });
    const database = await connectDatabase(config, print, { stop: stop.signal, migrates: true });
    await database.close();
    print('The database is up to date');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`migrate: ${message}\n`);
    process.exitCode = 1;
  } finally {
    forget();
  }
}
