import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLError, getOperationAST } from 'graphql';
import { processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { Ctx } from '../context.ts';
import { BASE_HOST } from '../http/check-request.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { withMarks } from '../json/exact-numbers.ts';
import {
  REQUEST_ID_HEADER,
  recordOf,
  showRequestId,
  withinSpan,
} from '../observability/request-record.ts';
import type { Exchange } from '../rate-limits/rate-limits.ts';
import type { Documents } from './documents.ts';
import { GRAPHQL_PATH, LARGEST_DOCUMENT } from './endpoint.ts';
import { negotiate } from './negotiate.ts';
import { type ErrorLog, presentError } from './present-error.ts';

/** Answers a request if it can; returns whether it does. */
export type FastPath = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FastPathOptions extends ErrorLog {
  yoga: Pick<YogaServerInstance<Ctx, object>, 'getEnveloped' | 'fetchAPI'>;
  /** The valid documents that the default path has kept. */
  documents: Pick<Documents, 'get'>;
  /** Returns the context of a caller by their Authorization header. Counts the request; throws if it must be refused. */
  ctxOf: (authorization: string | undefined, exchange: Exchange) => Ctx | Promise<Ctx>;
  /** The default path, which answers all other requests. */
  fetch: (request: Request, exchange: Exchange) => Response | Promise<Response>;
}

interface Params {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
  extensions?: object | null;
}

/**
 * The fast path for what GraphQL clients send most: a POST of JSON with a document that is known to be valid. It goes from
 * node:http to the same execution, with the same plugins, that Yoga reaches through Request, Response and streams. The
 * default path answers all other requests, and those that fail before execution starts.
 */
export function createFastPath({
  yoga,
  documents,
  ctxOf,
  fetch,
  ...log
}: FastPathOptions): FastPath {
  /**
   * Returns the execution of a request; undefined if the default path must answer it. Nothing has been executed in that
   * case.
   */
  async function prepare(exchange: Exchange, body: string) {
    try {
      const params: unknown = JSON.parse(body);
      if (!isParams(params)) return undefined;
      const document = documents.get(params.query);
      if (document === undefined) return undefined;
      const operation = getOperationAST(document, params.operationName);
      if (!operation || operation.operation === 'subscription') return undefined;
      // From here on, the request is counted and executed.
      const context = ctxOf(exchange.incoming.headers.authorization, exchange);
      const ctx = context instanceof Promise ? await context : context;
      // A request without a token stores nothing.
      const marked = ctx.actor.kind === 'anonymous' ? params : (withMarks(body, params) as Params);
      // The context belongs to this request.
      const enveloped = yoga.getEnveloped(ctx);
      const args = {
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: marked.variables,
        operationName: params.operationName,
      };
      return () => enveloped.execute(args);
    } catch {
      return undefined;
    }
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    mediaType: string,
    body: Buffer,
  ): Promise<void> {
    const exchange = { incoming: request, outgoing: response };
    const record = recordOf(request);
    const execute = await prepare(exchange, body.toString('utf8'));
    if (execute === undefined) {
      showRequestId(request, response);
      await send(response, await fetch(asRequest(request, body), exchange));
      return;
    }
    const result = await settled(execute, record?.id);
    if (result.errors === undefined && result.extensions === undefined) {
      const text = JSON.stringify(result);
      // A string is sent in one write with the headers.
      response
        .writeHead(200, {
          'content-type': `${mediaType}; charset=utf-8`,
          'content-length': Buffer.byteLength(text),
          ...ANY_ORIGIN,
          // All headers are written together: setting one before would cost more.
          ...(record !== undefined && { [REQUEST_ID_HEADER]: record.id }),
        })
        .end(text);
    } else {
      showRequestId(request, response);
      await send(response, processRegularResult(result, yoga.fetchAPI, mediaType));
    }
  }

  async function settled(execute: () => unknown, requestId: string | undefined) {
    try {
      // No subscription comes here, and no schema of ours streams a query.
      return (await execute()) as { data?: unknown; errors?: GraphQLError[]; extensions?: object };
    } catch (error) {
      return { errors: [presentError(error, log, requestId)] };
    }
  }

  return (request, response) => {
    const mediaType = isTaken(request) ? negotiate(request.headers.accept) : undefined;
    if (mediaType === undefined) return false;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const [only, ...others] = chunks;
      const body = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
      const record = recordOf(request);
      if (record !== undefined) record.route = GRAPHQL_PATH;
      withinSpan(request, () => answer(request, response, mediaType, body)).catch(error => {
        log.logger.error({ err: error, requestId: record?.id }, 'a request failed');
        response.destroy();
      });
    });
    return true;
  };
}

/** Whether a request is a POST of JSON that may be read whole. */
function isTaken({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === GRAPHQL_PATH &&
    isJson(headers['content-type']) &&
    Number(headers['content-length']) <= LARGEST_DOCUMENT &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined
  );
}

/** Whether Yoga reads the body as JSON: it compares the type literally, and accepts any parameters. */
function isJson(contentType = ''): boolean {
  const [first = ''] = contentType.split(',');
  return JSON_TYPES.some(type => first === type || first.startsWith(`${type};`));
}

const JSON_TYPES = ['application/json', 'application/graphql+json'];

const PARAMS = new Set(['query', 'variables', 'operationName', 'extensions']);

function isParams(value: unknown): value is Params {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.keys(value).every(key => PARAMS.has(key))) return false;
  const { query, variables, operationName, extensions }: { [Key in keyof Params]?: unknown } =
    value;
  return (
    typeof query === 'string' &&
    typeof (variables ?? {}) === 'object' &&
    !Array.isArray(variables) &&
    typeof (operationName ?? '') === 'string' &&
    // No plugin reads the extensions. Some clients identify themselves in them with every request.
    typeof (extensions ?? {}) === 'object' &&
    !Array.isArray(extensions)
  );
}

/** Returns the request for the default path, with the body that was already read. */
function asRequest({ headers }: IncomingMessage, body: Buffer): Request {
  const entries = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return new Request(`http://${BASE_HOST}${GRAPHQL_PATH}`, {
    method: 'POST',
    headers: entries.map(([name, value]) => [name, String(value)] as [string, string]),
    body: new Uint8Array(body),
  });
}

// Headers of the connection, not of the request.
const HOP_BY_HOP = new Set(['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade']);

async function send(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    ...ANY_ORIGIN,
    'content-length': body.length,
  });
  response.end(body);
}
