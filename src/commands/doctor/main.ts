import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig } from '../../config.ts';
import { problem } from '../../doctor/check.ts';
import { examine, type NamedFinding } from '../../doctor/examine.ts';
import { CommandError } from '../run-command.ts';

const USAGE = `Usage: npm run doctor -- [--online] [--json]
       npm run doctor -- --help

Looks whether this configuration and its database are as usher needs them, and changes nothing. Prints one line for each
check, and what to do where something is wrong. Ends with exit code 1 if there is a problem, and with 0 if there are
warnings only.
--online also asks the server at PUBLIC_URL whether it lives.
--json prints one JSON object for each line: check, status (ok, warning, problem), message, action, sql.`;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  process.stdout.on('error', () => undefined);
  try {
    const { isHelp, isJson, isOnline } = readArguments(args);
    if (isHelp) return void process.stdout.write(`${USAGE}\n`);
    for await (const found of findings(isOnline)) {
      process.stdout.write(isJson ? `${JSON.stringify(found)}\n` : describe(found));
      if (found.status === 'problem') process.exitCode = 1;
    }
  } catch (error) {
    process.stderr.write(`doctor: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

function readArguments(args: string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args,
      options: { online: flag, json: flag, help: { ...flag, short: 'h' } },
    });
    const { help: isHelp = false, json: isJson = false, online: isOnline = false } = values;
    return { isHelp, isJson, isOnline };
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

async function* findings(isOnline: boolean): AsyncGenerator<NamedFinding> {
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.message.split('\n')) {
      yield {
        check: 'configuration',
        ...problem(line, 'Correct it; the README lists all variables'),
      };
    }
    return;
  }
  yield* examine(config, { isOnline });
}

function describe({ check, status, message, action, sql = [] }: NamedFinding): string {
  const advice = action === undefined ? '' : `. ${action}${sql.length > 0 ? ':' : ''}`;
  const line = `${status.padEnd(7)}  ${check}: ${message}${advice}`;
  return `${[line, ...sql.map(statement => statement.replace(/^/gm, '    '))].join('\n')}\n`;
}
