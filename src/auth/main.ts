import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../config.ts';
import { connectDatabase } from '../database.ts';
import { type Db, openDatabase } from '../db/client.ts';
import {
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
  SCOPES,
  TokenError,
  type TokenSubject,
} from './access-tokens.ts';

const USAGE = `Usage:
  npm run token -- create --organization SLUG --scope SCOPE [--scope SCOPE …] [--expires DATE]
  npm run token -- create --user EMAIL --scope SCOPE [--scope SCOPE …] [--expires DATE]
  npm run token -- list --organization SLUG | --user EMAIL
  npm run token -- revoke ID

Scopes: ${SCOPES.join(', ')}
DATE is a day (2027-01-31) or a time (2027-01-31T12:00:00Z); without one the token does not expire.
A new token is shown once. Only its hash is stored.`;

await main();

async function main(): Promise<void> {
  try {
    const command = parseCommand(process.argv.slice(2));
    const connection = await connectDatabase(readConfig(process.env, { serves: false }), () => {});
    const database = openDatabase(connection.url, { poolSize: 1 });
    try {
      for (const line of await command(database.db)) process.stdout.write(`${line}\n`);
    } finally {
      await database.close();
      await connection.close();
    }
  } catch (error) {
    process.stderr.write(`token: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** What the arguments ask for, as work that returns the lines to print. Throws TokenError with the usage. */
function parseCommand(args: string[]): (db: Db) => Promise<string[]> {
  const { values, positionals } = readArguments(args);
  const [verb, id, ...rest] = positionals;
  if (rest.length > 0) throw new TokenError(USAGE);
  switch (verb) {
    case 'create': {
      const subject = parseSubject(values);
      const grant = { scopes: parseScopes(values.scope), expiresAt: parseExpiry(values.expires) };
      return async db => {
        const { id: tokenId, token } = await createAccessToken(db, subject, grant, new Date());
        return [token, `id ${tokenId}; this is the only time that the token is shown`];
      };
    }
    case 'list': {
      const subject = parseSubject(values);
      return async db => {
        const tokens = await listAccessTokens(db, subject);
        return tokens.map(token => JSON.stringify(token));
      };
    }
    case 'revoke': {
      const parsed = z.guid().safeParse(id);
      if (!parsed.success) throw new TokenError(USAGE);
      return async db => {
        await revokeAccessToken(db, parsed.data, new Date());
        return [`revoked ${parsed.data}`];
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

function parseExpiry(given: string | undefined): Date | null {
  if (given === undefined) return null;
  const parsed = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(given);
  const date = new Date(given);
  if (parsed.success && date > new Date()) return date;
  throw new TokenError(`--expires takes a day or a time that is to come, not ${given}.`);
}
