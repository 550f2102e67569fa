import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type AppOptions, createApp } from '../../src/app.ts';
import { type Db, openDatabase } from '../../src/db/client.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { openLog } from '../../src/log.ts';
import { createObservability } from '../../src/observability/observability.ts';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import { serve } from '../../src/server.ts';
import { createDatabase } from './database.ts';
import { createFixture, type Fixture, type FixtureOptions } from './fixture.ts';
import { importFile, SECRET_KEY } from './import.ts';
import { expectDescribed } from './openapi.ts';

export { SECRET_KEY };

interface RestOptions {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A complete usher on its own database and port, with its log recorded. */
export interface TestUsher extends Calls {
  url: string;
  /** Returns the metrics; '' without `metrics`. */
  scrape(): Promise<string>;
  databaseUrl: string;
  db: Db;
  /** Every logged line. */
  log: string[];
  /** Sets the server's clock this far ahead of the real one. */
  advance(ms: number): void;
  /** The server's clock. */
  now(): Date;
  addFixture(options?: FixtureOptions): Promise<Fixture>;
  load(document: unknown): Promise<void>;
  close(): Promise<void>;
}

/** The calls of a server. */
export interface Calls {
  /** Calls REST. The answer must match the API's description. A body that is not a string is sent as JSON. */
  rest(method: string, path: string, options?: RestOptions): Promise<RestAnswer>;
  /** Calls GraphQL with a typed document or any text. */
  graphql<R, V>(
    document: TypedDocumentNode<R, V> | string,
    variables?: V,
    token?: string,
  ): Promise<GraphQLAnswer<R>>;
}

export interface RestAnswer {
  status: number;
  headers: Headers;
  text: string;
  // The answers of a wire under test: each test asserts the shape that it expects.
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  body: any;
}

interface GraphQLAnswer<R> {
  status: number;
  headers: Headers;
  data?: R | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

/** Starts a server, which the caller closes. */
export async function startUsher({
  logLevel = 'info',
  clockStands = false,
  accessLog = logLevel === 'debug',
  metrics = false,
  slowStatementMs = 0,
  through = url => url,
  ...options
}: Pick<
  AppOptions,
  | 'webhookPrivateAddresses'
  | 'mailbox'
  | 'graphiqlTabs'
  | 'resendLimits'
  | 'claimStreams'
  | 'rateLimits'
> & {
  logLevel?: string;
  /** Whether the server's clock moves only by `advance`. */
  clockStands?: boolean;
  /** Whether each request is logged; by default, only with `debug`. */
  accessLog?: boolean;
  /** Whether metrics are counted and served. */
  metrics?: boolean;
  slowStatementMs?: number;
  /** Returns the address at which usher reaches its database, such as that of a pooler. */
  through?: (databaseUrl: string) => string;
} = {}): Promise<TestUsher> {
  const database = await createDatabase();
  const log: string[] = [];
  const logger = openLog(logLevel, { write: line => void log.push(line) });
  const observability = createObservability({
    config: {
      accessLog,
      slowStatementMs,
      metrics: metrics ? { host: '127.0.0.1', port: 0 } : undefined,
      rateLimits: options.rateLimits ?? UNLIMITED,
    },
    logger,
  });
  const opened = openDatabase(through(database.url), {
    observer: observability.statements('server'),
  });
  const { db, sql, ping, close } = opened;
  observability.addPool('server', opened.pool);
  const changes = openSeatChanges(database.url, db, logger);
  const stopping = new AbortController();
  let ahead = 0;
  const started = Date.now();
  const now = () => new Date((clockStands ? started : Date.now()) + ahead);
  const app = createApp({
    ...options,
    db,
    sql,
    secretKey: SECRET_KEY,
    changes,
    publicUrl: () => server.url,
    stopping: stopping.signal,
    logger,
    observeOperation: observability.observeOperation,
    now,
    ready: ping,
  });
  const served = await observability.serve(through(database.url), ping);
  const server = await serve(app, { host: '127.0.0.1', port: 0 }, observability.observeRequest);
  const load = async (document: unknown) => void (await importFile(database.url, document));
  return {
    url: server.url,
    scrape: async () =>
      served.url === undefined ? '' : await (await fetch(`${served.url}/metrics`)).text(),
    databaseUrl: database.url,
    db,
    log,
    advance(ms) {
      ahead += ms;
    },
    now,
    load,
    async addFixture(options) {
      const fixture = createFixture(options);
      await load(fixture.document);
      return fixture;
    },
    ...callsOf(server.url),
    async close() {
      stopping.abort();
      await server.close();
      await served.close();
      await changes.close();
      await close();
      await database.drop();
    },
  };
}

/** Returns the calls of the server at an address. */
export function callsOf(url: string): Calls {
  return {
    rest: (method, path, options = {}) => callRest(url, method, path, options),
    graphql: (document, variables, token) => callGraphQL(url, document, variables, token),
  };
}

async function callRest(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: RestOptions,
): Promise<RestAnswer> {
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json');
  const answer: RestAnswer = {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== '' ? JSON.parse(text) : undefined,
  };
  await expectDescribed(method, path, answer);
  return answer;
}

async function callGraphQL<R, V>(
  url: string,
  document: TypedDocumentNode<R, V> | string,
  variables: V | undefined,
  token: string | undefined,
): Promise<GraphQLAnswer<R>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      query: typeof document === 'string' ? document : print(document),
      variables,
    }),
  });
  const answer = (await response.json()) as Pick<GraphQLAnswer<R>, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, ...answer };
}
