import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { Actor } from './auth/actor.ts';
import { createActors } from './auth/actors.ts';
import { bearerToken, InvalidToken } from './auth/authenticate.ts';
import type { Ctx } from './context.ts';
import type { Db } from './db/client.ts';
import { describeBusy } from './db/constraints.ts';
import type { ActorChannel } from './db/generated/prisma/enums.ts';
import { NotReady } from './db/readiness.ts';
import type { Sql } from './db/sql.ts';
import { UserError } from './domain/errors.ts';
import type { SeatChanges } from './events/seat-changes.ts';
import { earlyError } from './graphql/early-error.ts';
import { GRAPHQL_PATH, LARGEST_DOCUMENT, LARGEST_GRAPHQL_BODY } from './graphql/endpoint.ts';
import { createFastPath, type FastPath } from './graphql/fast-path.ts';
import type { GraphiQLTab } from './graphql/graphiql.ts';
import { createGraphQL } from './graphql/yoga.ts';
import { isLocalCaller } from './hosts/local-caller.ts';
import { ANY_ORIGIN, anyOrigin, preflight } from './http/cors.ts';
import { BILLING_PATH, LARGEST_BATCH_BODY, LARGEST_BILLING, LARGEST_BODY } from './http/limits.ts';
import { withoutSlash } from './http/without-slash.ts';
import { noteRoute } from './observability/note-route.ts';
import type { OperationObserver } from './observability/observe-operations.ts';
import { noteError, type RequestRecord, recordOf } from './observability/request-record.ts';
import { createSampledWarning } from './observability/sampled-warning.ts';
import { identify } from './rate-limits/identify.ts';
import {
  type CallerLimits,
  createRateLimits,
  type RateLimitSettings,
  UNLIMITED,
} from './rate-limits/rate-limits.ts';
import { TooManyRequests } from './rate-limits/too-many-requests.ts';
import { BATCH_PATHS, mountRest } from './rest/app.ts';
import { isCsv } from './rest/csv-body.ts';
import { errorResponse } from './rest/errors.ts';
import { mountReference } from './rest/reference.ts';
import type { AppEnv } from './rest/routing.ts';
import { CLAIM_STREAMS, createClaimStreams } from './seats/invitation/claim-streams.ts';
import { createSeatReader } from './seats/read/reader.ts';
import { RESEND_LIMITS, type ResendLimits } from './seats/rules/seat.ts';
import { createAssignments } from './seats/store/assignments.ts';
import { serveGraphiQL } from './serve-graphiql.ts';
import { createPages } from './web/app.ts';
import { notFoundPage } from './web/not-found.ts';

export interface AppOptions {
  db: Db;
  sql: Sql;
  /** `db` and `sql` on the replica, for requests that only read. */
  reads?: Pick<Ctx, 'db' | 'sql'> | undefined;
  secretKey: string;
  /** The previous secret key. Its links still work. */
  previousSecretKey?: string | undefined;
  changes: SeatChanges;
  /** Returns the public URL of this server, once it listens. */
  publicUrl: () => string;
  /** Whether webhooks may target private and loopback addresses; false by default. */
  webhookPrivateAddresses?: boolean;
  /** How often one seat's invitation can be resent; RESEND_LIMITS by default. */
  resendLimits?: ResendLimits;
  /** The folder of the local mailbox; undefined if mail goes elsewhere or nowhere. */
  mailbox?: string | undefined;
  /** How many claim streams may be open; 1,000 by default. */
  claimStreams?: number;
  /** The rate limits; none by default. */
  rateLimits?: RateLimitSettings;
  /** Aborts when the server begins to shut down. */
  stopping: AbortSignal;
  logger: Logger;
  /** Observes GraphQL operations. */
  observeOperation?: OperationObserver;
  /** The clock; the system's by default. */
  now?: () => Date;
  /** The clock of the rate limits, preferably monotonic; `now` by default. */
  elapsedMs?: () => number;
  /** Resolves if the server can serve requests. Rejects with NotReady, or with any error during shutdown. */
  ready: () => Promise<void>;
  /** Returns the tabs that GraphiQL opens with. Only a local caller may see tokens. */
  graphiqlTabs?: (isLocal: boolean) => readonly GraphiQLTab[];
}

/** All of usher: both APIs, the pages, the reference and the health checks. */
export interface App {
  /** Handles every request. */
  hono: Hono<AppEnv>;
  /** Handles the most frequent requests at less cost. */
  fastPath: FastPath;
}

const NO_TABS: readonly GraphiQLTab[] = [];

/** Assembles the app. Opens no connection before the first request. */
export function createApp(options: AppOptions): App {
  const {
    db,
    sql,
    secretKey,
    changes,
    publicUrl,
    stopping,
    logger,
    now = () => new Date(),
  } = options;
  const elapsedMs = options.elapsedMs ?? (() => now().getTime());
  const rateLimits = createRateLimits(options.rateLimits ?? UNLIMITED, elapsedMs);
  const warnBusy = createSampledWarning(logger, 'the database was too busy for a request');
  const { yoga, documents } = createGraphQL({
    logger,
    warnBusy,
    observeOperation: options.observeOperation,
  });
  const actors = createActors(sql, changes, now);
  const seats = createSeatReader(sql);
  const reads = options.reads && {
    ...options.reads,
    seats: createSeatReader(options.reads.sql),
  };
  const assignments = createAssignments(sql, { secretKey, now });
  const claimStreams = createClaimStreams(options.claimStreams ?? CLAIM_STREAMS);
  // Every stream listens for the abort.
  setMaxListeners(0, stopping);
  const app = new Hono<AppEnv>();
  const ctxFor = (
    actor: Actor,
    channel: ActorChannel,
    limits: CallerLimits,
    record: RequestRecord | undefined,
  ): Ctx => {
    if (record !== undefined) record.actor = actor;
    return {
      actor,
      channel,
      limits,
      db,
      sql,
      actors,
      seats,
      ...(reads && { reads }),
      assignments,
      claimStreams,
      secretKey,
      previousSecretKey: options.previousSecretKey,
      changes,
      publicUrl: publicUrl(),
      webhookPrivateAddresses: options.webhookPrivateAddresses ?? false,
      resendLimits: options.resendLimits ?? RESEND_LIMITS,
      stopping,
      now,
      requestId: record?.id ?? randomUUID(),
      record,
    };
  };
  const { graphiqlTabs = () => NO_TABS } = options;
  const setCtx = (
    c: Context<AppEnv>,
    actor: Actor,
    channel: ActorChannel,
    limits: CallerLimits,
  ): Ctx => {
    const ctx = ctxFor(actor, channel, limits, recordOf(c.env?.incoming));
    c.set('ctx', ctx);
    c.set('report', error => report(error, c));
    return ctx;
  };
  /** Logs an unexpected error. Returns the message for the client if the database was too busy, otherwise undefined. */
  const report = (error: Error, c: Context<AppEnv>): string | undefined => {
    const ctx = c.get('ctx');
    const requestId = ctx?.requestId ?? recordOf(c.env?.incoming)?.id;
    // A request without a context has not changed anything yet.
    const isRead = ctx === undefined || c.req.method === 'GET' || c.req.method === 'HEAD';
    const busy = describeBusy(error, { isRead });
    if (busy === undefined) logger.error({ err: error, requestId }, 'a request failed');
    else warnBusy(error.message, { err: error, requestId });
    return busy;
  };

  app.use(noteRoute);
  app.get('/health/live', c => c.json({ status: 'ok' }));
  app.get('/health/ready', async c => {
    try {
      await options.ready();
      return c.json({ status: 'ok' });
    } catch (error) {
      const reason = error instanceof NotReady ? error.message : 'usher is shutting down';
      return c.json({ status: 'unavailable', reason }, 503);
    }
  });

  mountReference(app);

  app.use(withoutSlash(() => app.routes));
  app.use('/v1/*', preflight);
  // Comes before `anyOrigin`: the page may contain a token.
  serveGraphiQL(app, c => graphiqlTabs(isLocalCaller(c)));
  app.use(GRAPHQL_PATH, preflight, anyOrigin);
  // The pages ignore the Authorization header, even an invalid one.
  app.route(
    '/',
    createPages({
      ctxOf: c =>
        setCtx(c, { kind: 'anonymous' }, 'claim_page', rateLimits.admit(c.env, undefined)),
      mailbox: options.mailbox,
      report,
    }),
  );
  app.use(limitBody(largestBody));
  app.use(async (c, next) => {
    const token = bearerToken(c.req.header('authorization'));
    const limits = rateLimits.admit(c.env, token);
    const channel = isGraphQL(c) ? 'graphql' : 'rest';
    setCtx(c, await identify(limits, () => actors.of(token)), channel, limits);
    await next();
  });
  // A CSV file is limited by its number of rows instead.
  const limitOfBatches = limitBody(c =>
    isCsv(c.req.header('content-type')) ? Number.POSITIVE_INFINITY : LARGEST_BATCH_BODY,
  );
  for (const path of BATCH_PATHS) app.use(path, limitOfBatches);
  const limitOfStrangers = limitBody(() => LARGEST_DOCUMENT);
  app.use(GRAPHQL_PATH, (c, next) =>
    c.get('ctx').actor.kind === 'anonymous' ? limitOfStrangers(c, next) : next(),
  );

  app.all(GRAPHQL_PATH, async c => {
    const answer = await yoga.fetch(c.req.raw, c.get('ctx'));
    // Hono copies the response to a HEAD request, but cannot copy the headers of a Yoga response.
    return c.req.raw.method === 'HEAD'
      ? new Response(null, { status: answer.status, headers: [...answer.headers] })
      : answer;
  });
  app.get('/', c => c.redirect(GRAPHQL_PATH));
  mountRest(app, notFoundPage);

  app.onError((error, c) => {
    if (error instanceof InvalidToken && isGraphQL(c))
      return graphqlError(c, 401, 'INVALID_TOKEN', error.message);
    if (error instanceof TooManyRequests && isGraphQL(c))
      return graphqlError(c, 429, 'RATE_LIMITED', error.message, error.headers);
    const record = recordOf(c.env?.incoming);
    if (error instanceof UserError) noteError(record, error.code);
    const expected = errorResponse(error);
    if (expected) return expected;
    const detail = report(error, c);
    if (detail !== undefined) return busy(c, detail);
    return isGraphQL(c)
      ? graphqlError(c, 500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.')
      : c.text('Internal Server Error', 500, {
          'content-type': 'text/plain; charset=utf-8',
          ...ANY_ORIGIN,
        });
  });
  const fastPath = createFastPath({
    yoga,
    documents,
    ctxOf(authorization, exchange) {
      const token = bearerToken(authorization);
      const limits = rateLimits.admit(exchange, token);
      const actor = actors.of(token);
      const record = recordOf(exchange.incoming);
      return actor instanceof Promise
        ? actor.then(found => ctxFor(found, 'graphql', limits, record))
        : ctxFor(actor, 'graphql', limits, record);
    },
    fetch: (request, exchange) => app.fetch(request, exchange),
    logger,
    warnBusy,
  });
  return { hono: app, fastPath };
}

/** Returns the size of a body that is accepted before its caller is known. */
function largestBody(c: Context): number {
  if (isGraphQL(c)) return LARGEST_GRAPHQL_BODY;
  if (c.req.path === BILLING_PATH) return LARGEST_BILLING;
  // A batch is limited after authentication. The server never reads the batch of an anonymous caller.
  return BATCH_PATHS.includes(c.req.path) ? Number.POSITIVE_INFINITY : LARGEST_BODY;
}

function isGraphQL(c: Context): boolean {
  return c.req.path === GRAPHQL_PATH;
}

/** Refuses a body that is too large. Checks Content-Length if possible, which costs less than reading the body. */
function limitBody(largestOf: (c: Context) => number): MiddlewareHandler {
  return (c, next) => {
    const largest = largestOf(c);
    if (largest === Number.POSITIVE_INFINITY) return next();
    const refuse = () => tooLarge(c, largest);
    if (c.req.header('transfer-encoding') !== undefined) {
      return bodyLimit({ maxSize: largest, onError: refuse })(c, next);
    }
    const length = Number(c.req.header('content-length') ?? 0);
    return length > largest ? Promise.resolve(refuse()) : next();
  };
}

function tooLarge(c: Context, largest: number): Response {
  const detail = `Request body exceeded the maximum allowed size of ${largest} bytes.`;
  // The rest of the body is not read, so that no other request can follow it.
  c.header('connection', 'close');
  if (isGraphQL(c)) return graphqlError(c, 413, 'PAYLOAD_TOO_LARGE', detail);
  return c.body(`{"error": "RequestBodyTooLarge", "detail": "${detail}"}`, 413, {
    'content-type': 'application/json',
    ...ANY_ORIGIN,
  });
}

function busy(c: Context, detail: string): Response {
  c.header('retry-after', '1');
  if (isGraphQL(c)) return graphqlError(c, 503, 'SERVICE_UNAVAILABLE', detail);
  return c.json({ error: 'ServiceUnavailable', detail }, 503, ANY_ORIGIN);
}

/** Returns a failure that precedes GraphQL, in the format that GraphQL clients expect. */
function graphqlError(
  c: Context,
  status: 401 | 413 | 429 | 500 | 503,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  noteError(recordOf(c.env?.incoming), code);
  const early = earlyError(c.req.header('accept'), code, message);
  return c.body(early.body, status, {
    ...early.headers,
    ...headers,
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="usher", error="invalid_token"' }),
  });
}
