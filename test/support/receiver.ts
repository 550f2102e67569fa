import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A received webhook. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** The body, parsed. */
  event: { type: string; timestamp: string; data: { id: string } };
}

/** What a receiver does with a request: it answers with a status, does not answer, or drops the connection. */
type Behaviour = number | 'hang' | 'drop' | ((response: ServerResponse) => void);

/** A webhook receiver on its own port that records everything it receives. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Sets what the receiver does from now on. */
  behave(behaviour: (received: Received) => Behaviour): void;
  /** Returns the number of requests in progress. */
  underWay(): number;
  close(): Promise<void>;
}

/** Starts a receiver that answers 200; the caller closes it, once or more. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let behaviour: (received: Received) => Behaviour = () => 200;
  let underWay = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const webhook = { headers: request.headers, body, event: JSON.parse(body) };
    received.push(webhook);
    const answer = behaviour(webhook);
    if (answer === 'drop') request.socket.destroy();
    else if (typeof answer === 'number') response.writeHead(answer).end('noted');
    else if (answer !== 'hang') answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this type.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    behave(next) {
      behaviour = next;
    },
    underWay: () => underWay,
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
