import type { IncomingMessage, ServerResponse } from 'node:http';
import { earlyError } from './graphql/early-error.ts';
import { GRAPHQL_PATH } from './graphql/endpoint.ts';
import { ANY_ORIGIN } from './http/cors.ts';

/** Rejects a request before routing, with an error in the format of the requested API, and closes its connection. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: 400 | 431 | 503,
  message: string,
): void {
  const [path] = (request.url ?? '').split('?');
  const { headers, body } =
    path === GRAPHQL_PATH
      ? earlyError(request.headers.accept, CODES[status], message)
      : {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ error: NAMES[status], detail: message }),
        };
  response.writeHead(status, {
    ...headers,
    ...ANY_ORIGIN,
    'cache-control': 'private, no-store',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    ...(status === 503 && { 'retry-after': '1' }),
  });
  request.resume();
  response.end(request.method === 'HEAD' ? undefined : body);
}

const CODES = { 400: 'BAD_REQUEST', 431: 'BAD_REQUEST', 503: 'SERVICE_UNAVAILABLE' } as const;
const NAMES = { 400: 'BadRequest', 431: 'BadRequest', 503: 'ServiceUnavailable' } as const;
