import { parseArgs } from 'node:util';
import { z } from 'zod';
import { asksForHelp } from '../../asks-for-help.ts';
import {
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
  SCOPES,
  TokenError,
  type TokenSubject,
} from '../../auth/access-tokens.ts';
import { readConfig } from '../../config.ts';
import { connectDatabase } from '../../database.ts';
import { type Db, openDatabase } from '../../db/client.ts';
import { readDatabaseTime } from '../../db/clock.ts';

const USAGE = `Usage:
  npm run token -- create --organization SLUG --scope SCOPE [--scope SCOPE …] [--expires DATE]
  npm run token -- create --user EMAIL --scope SCOPE [--scope SCOPE …] [--expires DATE]
  npm run token -- list --organization SLUG | --user EMAIL
  npm run token -- revoke ID
  npm run token -- --help

Scopes: ${SCOPES.join(', ')}
DATE is a day (2027-01-31), at whose end in UTC the token expires, or a time (2027-01-31T12:00:00Z).
Without one the token does not expire.
A new token is shown once, on standard output. Only its hash is stored.`;

await main();

async function main(): Promise<void> {
  try {
    const args = process.argv.slice(2);
    if (asksForHelp(args)) {
      process.stdout.write(`${USAGE}\n`);
      return;
    }
    const command = parseCommand(args);
    const connection = await connectDatabase(readConfig(process.env, { serves: false }), () => {});
    const database = openDatabase(connection.url, { poolSize: 1 });
    try {
      const now = await readDatabaseTime(database.sql);
      const { result, remark } = await command(database.db, now);
      for (const line of result) process.stdout.write(`${line}\n`);
      if (remark !== undefined) process.stderr.write(`${remark}\n`);
    } finally {
      await database.close();
      await connection.close();
    }
  } catch (error) {
    process.stderr.write(`token: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** The output of a command: its result on standard output, and a remark on standard error. */
interface Printed {
  result: string[];
  remark?: string;
}

/** Returns the command that the arguments describe. Throws TokenError with the usage. */
function parseCommand(args: string[]): (db: Db, now: Date) => Promise<Printed> {
  const { values, positionals } = readArguments(args);
  const [verb, id] = positionals;
  if (positionals.length > (verb === 'revoke' ? 2 : 1)) throw new TokenError(USAGE);
  switch (verb) {
    case 'create': {
      const subject = parseSubject(values);
      const scopes = parseScopes(values.scope);
      const expiresAt = parseExpiry(values.expires);
      return async (db, now) => {
        // The database's time decides whether a token has expired.
        if (expiresAt !== null && expiresAt <= now) throw unusableExpiry(values.expires);
        const grant = { scopes, expiresAt };
        const { id: tokenId, token } = await createAccessToken(db, subject, grant, now);
        const remark = `id ${tokenId}; this is the only time that the token is shown`;
        return { result: [token], remark };
      };
    }
    case 'list': {
      const subject = parseSubject(values);
      return async db => {
        const tokens = await listAccessTokens(db, subject);
        return { result: tokens.map(token => JSON.stringify(token)) };
      };
    }
    case 'revoke': {
      const parsed = z.guid().safeParse(id);
      if (!parsed.success) throw new TokenError(USAGE);
      return async (db, now) => {
        await revokeAccessToken(db, parsed.data, now);
        return { result: [`revoked ${parsed.data}`] };
      };
    }
    default:
      throw new TokenError(USAGE);
  }
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        organization: { type: 'string' },
        user: { type: 'string' },
        scope: { type: 'string', multiple: true },
        expires: { type: 'string' },
      },
    });
  } catch (error) {
    throw new TokenError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function parseSubject(values: { organization?: string; user?: string }): TokenSubject {
  const { organization, user } = values;
  if (organization !== undefined && user === undefined) return { organization };
  if (user !== undefined && organization === undefined) return { user };
  throw new TokenError(`Name an organization or a user.\n\n${USAGE}`);
}

function parseScopes(given: string[] = []) {
  const parsed = z.array(z.enum(SCOPES)).min(1).safeParse(given);
  if (parsed.success) return [...new Set(parsed.data)];
  throw new TokenError(`Give at least one --scope of: ${SCOPES.join(', ')}.`);
}

/** Returns the expiry. A day expires at its end in UTC; a time is exact. */
function parseExpiry(given: string | undefined): Date | null {
  if (given === undefined) return null;
  const isDay = z.iso.date().safeParse(given).success;
  const isTime = z.iso.datetime({ offset: true }).safeParse(given).success;
  const date = new Date(isDay ? `${given}T23:59:59.999Z` : given);
  if (isDay || isTime) return date;
  throw unusableExpiry(given);
}

function unusableExpiry(given: string | undefined): TokenError {
  return new TokenError(`--expires takes a future day or time, not ${given}.`);
}
