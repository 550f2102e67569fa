import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLError, getOperationAST } from 'graphql';
import { processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { BASE_HOST } from '../http/check-request.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { markNumbers } from '../json/exact-numbers.ts';
import type { Exchange } from '../rate-limits/rate-limits.ts';
import type { Documents } from './documents.ts';
import { GRAPHQL_PATH, LARGEST_DOCUMENT } from './endpoint.ts';
import { presentError } from './present-error.ts';

/** Answers a request if it is of the kind that it knows; says whether it does. */
export type ShortWay = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ShortWayOptions {
  yoga: Pick<YogaServerInstance<Ctx, object>, 'getEnveloped' | 'fetchAPI'>;
  /** What the long way has kept. */
  documents: Pick<Documents, 'get'>;
  /** The context of a caller, by their Authorization header. Counts the request; throws where it is to be refused. */
  ctxOf: (authorization: string | undefined, exchange: Exchange) => Ctx | Promise<Ctx>;
  /** The long way, which answers whatever this one does not. */
  fetch: (request: Request, exchange: Exchange) => Response | Promise<Response>;
  logger: Logger;
}

/** The Accept headers that are taken, and the media type that each is answered with, as Yoga has it. */
const ACCEPTED: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json, */*', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
]);

const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

interface Params {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/**
 * The short way for what GraphQL clients send all the time: a POST of JSON with a document that came before and was sound.
 * It goes from node:http to the same execution, with the same plugins, that Yoga leads to by way of Request, Response and
 * streams. Whatever else comes, and whatever is wrong with a request before anything of it was executed, is left to the
 * long way, which answers the same.
 */
export function createShortWay({
  yoga,
  documents,
  ctxOf,
  fetch,
  logger,
}: ShortWayOptions): ShortWay {
  /** The execution of a sound request; undefined for any other, of which nothing was executed. */
  async function prepare(exchange: Exchange, body: string) {
    try {
      const params: unknown = JSON.parse(body);
      if (!isParams(params)) return undefined;
      const document = documents.get(params.query);
      if (document === undefined) return undefined;
      const operation = getOperationAST(document, params.operationName);
      if (!operation || operation.operation === 'subscription') return undefined;
      // From here on the request has been counted, and is executed.
      const context = ctxOf(exchange.incoming.headers.authorization, exchange);
      const ctx = context instanceof Promise ? await context : context;
      // Nobody without a token sends anything that is kept.
      if (ctx.actor.kind !== 'anonymous') markNumbers(body, params);
      // The context is this request's own.
      const enveloped = yoga.getEnveloped(ctx);
      const args = {
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: params.variables,
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
    const started = performance.now();
    const exchange = { incoming: request, outgoing: response };
    const execute = await prepare(exchange, body.toString('utf8'));
    if (execute === undefined) {
      await send(response, await fetch(asRequest(request, body), exchange));
      return;
    }
    const result = await settled(execute);
    if (result.errors === undefined && result.extensions === undefined) {
      const text = JSON.stringify(result);
      // A text goes out together with the headers.
      response
        .writeHead(200, {
          'content-type': `${mediaType}; charset=utf-8`,
          'content-length': Buffer.byteLength(text),
          ...ANY_ORIGIN,
        })
        .end(text);
    } else {
      await send(response, processRegularResult(result, yoga.fetchAPI, mediaType));
    }
    if (!logger.isLevelEnabled('debug')) return;
    const { statusCode: status } = response;
    const ms = performance.now() - started;
    logger.debug({ method: 'POST', route: GRAPHQL_PATH, status, ms }, 'request');
  }

  async function settled(execute: () => unknown) {
    try {
      // No subscription comes here, and no schema of ours streams a query.
      return (await execute()) as { data?: unknown; errors?: GraphQLError[]; extensions?: object };
    } catch (error) {
      return { errors: [presentError(error, logger)] };
    }
  }

  return (request, response) => {
    const mediaType = isTaken(request) ? ACCEPTED.get(request.headers.accept) : undefined;
    if (mediaType === undefined) return false;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const [only, ...others] = chunks;
      const body = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
      answer(request, response, mediaType, body).catch(error => {
        logger.error({ err: error }, 'a request failed');
        response.destroy();
      });
    });
    return true;
  };
}

/** Whether it is a POST of JSON that may be read whole. */
function isTaken({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === GRAPHQL_PATH &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    Number(headers['content-length']) <= LARGEST_DOCUMENT &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined
  );
}

const PARAMS = new Set(['query', 'variables', 'operationName']);

function isParams(value: unknown): value is Params {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.keys(value).every(key => PARAMS.has(key))) return false;
  const { query, variables, operationName }: { [Key in keyof Params]?: unknown } = value;
  return (
    typeof query === 'string' &&
    typeof (variables ?? {}) === 'object' &&
    !Array.isArray(variables) &&
    typeof (operationName ?? '') === 'string'
  );
}

/** The request as the long way takes one, once its body was read. */
function asRequest({ headers }: IncomingMessage, body: Buffer): Request {
  const entries = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return new Request(`http://${BASE_HOST}${GRAPHQL_PATH}`, {
    method: 'POST',
    headers: entries.map(([name, value]) => [name, String(value)] as [string, string]),
    body: new Uint8Array(body),
  });
}

// Of the connection, not of the request.
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
