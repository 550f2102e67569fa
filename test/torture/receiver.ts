import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/seeded.ts';
import type { Endpoint } from './fixture.ts';
import { BrokenPromise } from './promise.ts';
import { verifySignature } from './signatures.ts';

/** A delivery that came whole. */
export interface Arrival {
  endpointId: string;
  eventId: string;
  body: string;
  /** Its place among all that came. */
  order: number;
  /** Its place when it was answered with 200; undefined where it was not. */
  takenAt: number | undefined;
}

/** What the endpoints of the fixture lead to: a server in trouble, which notes what comes. */
export interface Receiver {
  url: string;
  received: Arrival[];
  /** How often it did something else than take a delivery. */
  troubles: Map<Trouble, number>;
  /** What should not have come. */
  problem: BrokenPromise | undefined;
  /** Takes everything from now on. */
  recover(): void;
  close(): Promise<void>;
}

type Trouble = 'break before reading' | 'break before answering' | 'refuse' | 'redirect' | 'hang';

const TROUBLES: readonly [Trouble, ...Trouble[]] = [
  'break before reading',
  'break before answering',
  'refuse',
  'refuse',
  'redirect',
];
const STATUSES = [400, 404, 421, 429, 500, 503] as const;
// Of a hundred. So few of one event that it never fails for good, whose tenth attempt would be the last.
const TROUBLED = 20;
const MAX_TROUBLES = 4;
const SLOW = 25;
const SLOWEST_MS = 250;
// Of a thousand: each takes ten seconds of its endpoint.
const HANGING = 2;
const MAX_HANGS = 5;

/** Starts one, on 127.0.0.1. The fixture's endpoints are told to it once there is one. */
export async function startReceiver(random: Random, endpoints: () => readonly Endpoint[]) {
  const troublesOf = new Map<string, number>();
  let isTroubled = true;
  let clock = 0;

  const receiver: Receiver = {
    url: '',
    received: [],
    troubles: new Map(),
    problem: undefined,
    recover() {
      isTroubled = false;
      server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };

  /** What to do about a delivery: mostly nothing. */
  function chooseTrouble(delivery: string): Trouble | undefined {
    if (!isTroubled) return undefined;
    const hangs = receiver.troubles.get('hang') ?? 0;
    const isHanging = random.below(1000) < HANGING && hangs < MAX_HANGS;
    if (!isHanging && random.below(100) >= TROUBLED) return undefined;
    const before = troublesOf.get(delivery) ?? 0;
    if (before === MAX_TROUBLES) return undefined;
    troublesOf.set(delivery, before + 1);
    const trouble = isHanging ? 'hang' : random.pick(TROUBLES);
    receiver.troubles.set(trouble, (receiver.troubles.get(trouble) ?? 0) + 1);
    return trouble;
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, endpointId] = (request.url ?? '').split('/');
    const endpoint = endpoints().find(({ id }) => id === endpointId);
    if (!endpoint || request.method !== 'POST') {
      throw new BrokenPromise('deliveries go to an endpoint, and follow no redirect', {
        method: request.method,
        url: request.url,
      });
    }
    const eventId = String(request.headers['webhook-id']);
    const trouble = chooseTrouble(`${endpointId} ${eventId}`);
    if (trouble === 'break before reading') {
      request.socket.destroy();
      return;
    }
    const body = await text(request);
    clock += 1;
    const arrival: Arrival = {
      endpointId: endpoint.id,
      eventId,
      body,
      order: clock,
      takenAt: undefined,
    };
    receiver.received.push(arrival);
    await verifySignature(endpoint, request.headers, body, clock);
    if (random.below(100) < SLOW) await delay(random.below(SLOWEST_MS));
    switch (trouble) {
      case 'break before answering':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      case 'redirect':
        response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end();
        return;
      case 'refuse':
        response.writeHead(random.pick(STATUSES)).end('not now');
        return;
    }
    clock += 1;
    arrival.takenAt = clock;
    response.end('ok');
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(error => {
      // What is sent by a process that is killed meanwhile ends in the middle.
      if (error instanceof BrokenPromise) receiver.problem ??= error;
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  receiver.url = `http://127.0.0.1:${port}`;
  return receiver;
}
