import type { ClientBase } from 'pg';
import type { SealingKeys } from '../webhooks/sealed-secret.ts';
import { openSecrets } from '../webhooks/stored-secrets.ts';
import { rowsOf } from './cursor.ts';
import {
  CUSTOMERS,
  LEFT_BEHIND,
  LISTS,
  MEMBERS,
  ORGANIZATION_ID,
  ORGANIZATIONS,
  USER_TOKENS,
  USERS,
} from './queries.ts';
import { list, withList, withoutNulls } from './write-json.ts';

/** The address of the file's schema on a server, for editors. */
const SCHEMA = 'http://127.0.0.1:4000/import.schema.json';

type Client = Pick<ClientBase, 'query'>;

type Row = Record<string, unknown>;

type EndpointSecrets = Parameters<typeof openSecrets>[1];

/** The numbers of rows that the file lacks but a worker or an endpoint still needs, and of pools that the import refuses. */
export interface LeftBehind {
  mails: number;
  deliveries: number;
  events: number;
  /** Endpoints that also sign with the secret before the last rotation. */
  rotated: number;
  /** Pools with more live seats than were bought. */
  oversold: number;
}

export interface ExportedFile {
  /** The text of the file, in pieces. */
  pieces: AsyncGenerator<string>;
  leftBehind: LeftBehind;
  /** The number of rows so far. */
  count(): number;
}

/**
 * Begins the transaction of an export. The file does not contain later changes. The transaction has no time limit; the
 * caller ends it.
 */
export async function beginSnapshot(client: Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`
    SELECT set_config(name, '0', true) FROM pg_settings
     WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`);
  await client.query(
    `SET LOCAL search_path = public; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'`,
  );
}

/**
 * Returns an import file of all organizations, or of the one with this slug; undefined if there is none. The file shows the
 * snapshot of `beginSnapshot`, and the same data always produce the same file. Holds few rows in memory. The file has the
 * hashes of access tokens and invitations, and the signing secrets of webhook endpoints, decrypted with the keys. `pieces`
 * throws UnreadableSecret if the keys cannot decrypt a secret.
 */
export async function exportFile(
  client: Client,
  slug: string | undefined,
  keys: SealingKeys | undefined,
): Promise<ExportedFile | undefined> {
  const only = slug === undefined ? null : await findOrganization(client, slug);
  if (only === undefined) return undefined;
  const { rows } = await client.query<LeftBehind>(LEFT_BEHIND, [only]);
  const nothing = { mails: 0, deliveries: 0, events: 0, rotated: 0, oversold: 0 };

  let count = 0;
  const read = (cursor: string, query: string, id: unknown) =>
    rowsOf<Row>(client, cursor, query, [id]);
  const textOf = (row: Row): string => {
    count += 1;
    return JSON.stringify(withoutNulls(row));
  };

  async function* texts(found: AsyncIterable<Row>): AsyncGenerator<string> {
    for await (const row of found) yield textOf(row);
  }

  /** Yields each owner row with a list of the rows that it owns. Both inputs must be ordered by the owner's id. */
  async function* withOwned(owners: AsyncGenerator<Row>, key: string, owned: AsyncGenerator<Row>) {
    let next = await owned.next();
    for await (const owner of owners) {
      yield withList(textOf(owner), key, ownedBy(String(owner.id)));
    }
    async function* ownedBy(id: string): AsyncGenerator<string> {
      for (; !next.done && String(next.value.ownerId) <= id; next = await owned.next()) {
        const { ownerId, ...row } = next.value;
        if (ownerId === id) yield textOf(row);
      }
    }
  }

  async function* organizations(): AsyncGenerator<AsyncIterable<string>> {
    for await (const row of read('organizations', ORGANIZATIONS, only)) yield organization(row);
  }

  async function* organization(row: Row): AsyncGenerator<string> {
    yield textOf(row).slice(0, -1);
    const customers = read('customers', CUSTOMERS, row.id);
    const members = read('members', MEMBERS, row.id);
    yield* list(',\n', 'customers', withOwned(customers, 'members', members));
    for (const [key, query] of Object.entries(LISTS)) {
      const rows = read('list', query, row.id);
      yield* list(',\n', key, texts(key === 'webhookEndpoints' ? opened(rows, keys) : rows));
    }
    yield '}';
  }

  async function* pieces(): AsyncGenerator<string> {
    yield `{"$schema":"${SCHEMA}"`;
    const tokens = read('tokens', USER_TOKENS, only);
    yield* list(',\n', 'users', withOwned(read('users', USERS, only), 'accessTokens', tokens));
    yield* list(',\n', 'organizations', organizations());
    yield '}\n';
  }

  return { pieces: pieces(), leftBehind: rows[0] ?? nothing, count: () => count };
}

/** Error for a webhook secret that cannot be decrypted for the export. */
class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';

  constructor(url: unknown) {
    super(
      `The secret of the webhook endpoint ${url} is encrypted. Set SECRET_KEY to the key of the servers of this database, or rotate the secret`,
    );
  }
}

/** Yields webhook endpoints with decrypted secrets, and without the columns that store the secrets. */
async function* opened(
  endpoints: AsyncIterable<Row>,
  keys: SealingKeys | undefined,
): AsyncGenerator<Row> {
  for await (const endpoint of endpoints) {
    const { previousSecret, sealedSecret, sealedPreviousSecret, previousSecretExpiresAt, ...row } =
      endpoint as Row & EndpointSecrets;
    const secret =
      keys === undefined ? row.secret : openSecrets(keys, endpoint as EndpointSecrets)?.secret;
    if (secret === undefined || secret === '') throw new UnreadableSecret(row.url);
    yield { ...row, secret };
  }
}

async function findOrganization(client: Client, slug: string): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(ORGANIZATION_ID, [slug]);
  return rows[0]?.id;
}
