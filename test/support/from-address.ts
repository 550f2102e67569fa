import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

interface Sent {
  method?: string;
  /** The client's own address. A machine has all of 127.0.0.0/8. */
  from?: string;
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request from a chosen address, on its own connection. */
export async function callFrom(
  url: string,
  { from = '127.0.0.1', method, token, body, headers }: Sent = {},
): Promise<RawAnswer> {
  const sent = request(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    localAddress: from,
    agent: false,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  const content = body === undefined ? '' : JSON.stringify(body);
  if (content !== '') sent.setHeader('content-length', Buffer.byteLength(content));
  sent.end(content);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}
