import type { ClientBase } from 'pg';
import { rowsOf } from './cursor.ts';
import {
  CUSTOMERS,
  LEFT_BEHIND,
  LISTS,
  MEMBERS,
  ORGANIZATIONS,
  TOKENS_OF_USER,
  USER_IDS,
  USERS,
} from './queries.ts';

/** Where a server has the schema of the file, for editors. */
const SCHEMA = 'http://127.0.0.1:4000/import.schema.json';

type Client = Pick<ClientBase, 'query'>;

/** What an import file cannot have, or the import refuses. */
export interface LeftBehind {
  mails: number;
  deliveries: number;
  events: number;
  /** Pools with more live seats than were bought. */
  oversold: number;
}

export interface ExportedFile {
  /** The text of the file, in pieces. */
  pieces: AsyncGenerator<string>;
  /** What is not in it. */
  leftBehind: LeftBehind;
  /** The number of rows so far. */
  count(): number;
}

/**
 * Returns an import file of all organizations, or of the one with this slug; undefined if there is none. It is of one
 * moment, which `beginSnapshot` of the client sets, and the same data make the same file. Holds few rows in memory. The file
 * has hashes of access tokens and invitations, and the signing secrets of webhook endpoints.
 */
export async function exportFile(
  client: Client,
  slug: string | undefined,
): Promise<ExportedFile | undefined> {
  const { rows: organizations } = await client.query<Row>(ORGANIZATIONS, [slug ?? null]);
  if (slug !== undefined && organizations.length === 0) return undefined;
  const ids = slug === undefined ? null : organizations.map(({ id }) => id);
  const { rows } = await client.query<LeftBehind>(LEFT_BEHIND, [ids]);
  let written = 0;
  const lineOf = (row: Row): string => {
    written += 1;
    return JSON.stringify(withoutNulls(row));
  };

  async function* users(): AsyncGenerator<string> {
    for (const user of (await client.query<Row>(USERS, [ids])).rows) {
      const tokens = await client.query<Row>(TOKENS_OF_USER, [user.id]);
      const accessTokens = tokens.rows.length > 0 ? tokens.rows.map(withoutNulls) : null;
      written += tokens.rows.length;
      yield lineOf({ ...user, accessTokens });
    }
  }

  async function* customers(id: unknown): AsyncGenerator<Item> {
    const members = rowsOf<Row>(client, 'members', MEMBERS, [id]);
    try {
      let next = await members.next();
      for await (const customer of rowsOf<Row>(client, 'customers', CUSTOMERS, [id])) {
        yield withList(lineOf(customer), 'members', team(customer.id));
      }

      async function* team(customerId: unknown): AsyncGenerator<Item> {
        while (!next.done && next.value.customerId === customerId) {
          const { customerId: _, ...member } = next.value;
          yield lineOf(member);
          next = await members.next();
        }
      }
    } finally {
      await members.return(undefined);
    }
  }

  async function* organization(row: Row): AsyncGenerator<string> {
    const { rows: found } = await client.query<{ id: string }>(USER_IDS, [row.id]);
    yield lineOf({ ...row, userIds: found.map(({ id }) => id) }).slice(0, -1);
    yield* list(',\n', 'customers', customers(row.id));
    for (const [key, query] of Object.entries(LISTS)) {
      yield* list(',\n', key, lines(rowsOf<Row>(client, 'list', query, [row.id])));
    }
    yield '}';
  }

  async function* lines(rows: AsyncIterable<Row>): AsyncGenerator<string> {
    for await (const row of rows) yield lineOf(row);
  }

  async function* pieces(): AsyncGenerator<string> {
    yield `{"$schema":"${SCHEMA}"`;
    yield* list(',\n', 'users', users());
    yield* list(',\n', 'organizations', organizations.map(organization));
    yield '}\n';
  }

  const nothing = { mails: 0, deliveries: 0, events: 0, oversold: 0 };
  return { pieces: pieces(), leftBehind: rows[0] ?? nothing, count: () => written };
}

/** Begins the transaction of an export: what changes from now on is not in the file. */
export async function beginSnapshot(client: Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // An export takes its time. Its times are UTC, and its numbers are exact.
  await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL search_path = public; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'`);
}

type Row = Record<string, unknown>;

/** An item of a list: its text, or its text in pieces. */
type Item = string | AsyncIterable<string>;

/** Yields an object with a further list, which can be long. */
async function* withList(
  object: string,
  key: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<string> {
  yield object.slice(0, -1);
  yield* list(',', key, items);
  yield '}';
}

/** Yields a list under a key, an item on each line. Yields nothing for an empty list. */
async function* list(
  before: string,
  key: string,
  items: AsyncIterable<Item> | Iterable<Item>,
): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const item of items) {
    yield isEmpty ? `${before}"${key}":[\n` : ',\n';
    if (typeof item === 'string') yield item;
    else yield* item;
    isEmpty = false;
  }
  if (!isEmpty) yield '\n]';
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
