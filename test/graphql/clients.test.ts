import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.ts';
import { createFastPath } from '../../src/graphql/fast-path.ts';
import { CLIENTS, type Client } from '../bench/clients.ts';

const OPERATION = { query: 'query Kind { kind }', operationName: 'Kind', variables: {} };
const DEFAULT_PATH = 'answered by the default path';

const yoga = createYoga<Ctx>({ schema: buildSchema('type Query { kind: String }') });
const document = parse(OPERATION.query);
const fastPath = createFastPath({
  yoga,
  documents: { get: text => (text === OPERATION.query ? document : undefined) },
  // Nothing else of it is read: no field has a resolver.
  ctxOf: () => ({ actor: { kind: 'anonymous' } }) as Ctx,
  fetch: () => new Response(DEFAULT_PATH),
  logger: pino({ enabled: false }),
  warnBusy: () => undefined,
});
const server = createServer((incoming, response) => {
  if (!fastPath(incoming, response)) response.end(DEFAULT_PATH);
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Sends exactly these headers, unlike `fetch`. */
async function send(headers: Readonly<Record<string, string>>, body: object) {
  const text = JSON.stringify(body);
  const outgoing = request({
    method: 'POST',
    path: '/graphql',
    // It listens on a port.
    port: (server.address() as AddressInfo).port,
    headers: { ...headers, 'content-length': Buffer.byteLength(text) },
  });
  outgoing.end(text);
  const [response] = await once(outgoing, 'response');
  const chunks: Buffer[] = await response.toArray();
  return { type: response.headers['content-type'], text: Buffer.concat(chunks).toString() };
}

const RESPONSE_TYPES: Record<keyof typeof CLIENTS, string> = {
  apollo: 'application/graphql-response+json',
  urql: 'application/graphql-response+json',
  relay: 'application/graphql-response+json',
  'graphql-request': 'application/graphql-response+json',
  gateway: 'application/graphql-response+json',
  browser: 'application/json',
};

test.each(Object.entries<Client>(CLIENTS))('the fast path serves %s', async (name, client) => {
  const { type, text } = await send(client.headers, client.bodyOf(OPERATION));
  expect(text).toBe('{"data":{"kind":null}}');
  expect(type).toBe(`${RESPONSE_TYPES[name as keyof typeof CLIENTS]}; charset=utf-8`);
});

test.each<[string, Record<string, string>, object]>([
  ['an event stream', { accept: 'text/event-stream' }, {}],
  ['multipart', { accept: 'multipart/mixed' }, {}],
  ['what nobody offers', { accept: 'image/png' }, {}],
  ['extensions that are no object', {}, { extensions: [] }],
  ['an unknown parameter', {}, { batch: true }],
])('the fast path leaves to the default path: %s', async (_name, headers, more) => {
  const { headers: plain } = CLIENTS.browser;
  const own = Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { text } = await send({ ...own, ...headers }, { ...OPERATION, ...more });
  expect(text).toBe(DEFAULT_PATH);
});
