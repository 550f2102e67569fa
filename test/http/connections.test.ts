import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { allowSlowArrival } from '../../src/http/arrival.ts';
import { type RunningServer, serve } from '../../src/server.ts';
import { open } from './raw.ts';

const LARGE = new Uint8Array(16_000_000).fill(97);
const STALL_MS = 400;
/** Slower than the kernel’s buffer shows, which takes more of an answer only when a third of it is gone. */
const SLOW = 40_000;
const PACE_MS = 20;

let server: RunningServer;
let finish: () => void;

async function start(limits: Parameters<typeof serve>[1] | object = {}) {
  const finished = new Promise<void>(resolve => {
    finish = resolve;
  });
  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>()
    .get('/small', c => c.text('small'))
    .get('/large', c => c.body(LARGE))
    .get('/slow', async c => {
      await finished;
      return c.text('slow');
    })
    .get('/stream', c => {
      const encoder = new TextEncoder();
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(encoder.encode('data: 1\n\n'));
          await finished;
          controller.enqueue(encoder.encode('data: 2\n\n'));
          controller.close();
        },
      });
      return c.body(body, 200, { 'content-type': 'text/event-stream' });
    })
    .post('/whole', async c => c.text(await c.req.text()))
    .post('/parts', async c => {
      allowSlowArrival(c.env.incoming);
      return c.text(await c.req.text());
    })
    .post('/both-ways', c => {
      allowSlowArrival(c.env.incoming);
      return c.body(LARGE);
    })
    .get('/endless', c => {
      const body = new ReadableStream({
        pull: controller => controller.enqueue(LARGE.subarray(0, 65_536)),
      });
      return c.body(body);
    });
  server = await serve(
    // Of the app's routes these tests need none.
    { hono: app as never, fastPath: () => false },
    { host: '127.0.0.1', port: 0, responseStallMs: STALL_MS, ...limits },
  );
}

afterEach(async () => {
  finish();
  await server.close();
});

async function ask(path: string): Promise<Socket> {
  const socket = await open(server.url);
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
  return socket;
}

/** Asks and reads nothing of the answer. Resolves once the server has ended the connection. */
async function stall(path: string): Promise<void> {
  const socket = await ask(path);
  socket.pause();
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  // What a client sends is no progress of what it is sent; and only who writes learns that the connection is gone.
  socket.write('GET /small HTTP/1.1\r\nx: ');
  const nudge = setInterval(() => socket.write('x'), 20);
  await closed;
  clearInterval(nudge);
}

describe('an answer', () => {
  test.each(['/large', '/endless'])('of %s that nobody reads is ended', async path => {
    await start();
    const begun = performance.now();
    await stall(path);
    expect(performance.now() - begun).toBeGreaterThan(STALL_MS);
  });

  test('that is read slowly arrives whole, however long it takes', async () => {
    await start();
    const socket = await ask('/large');
    let read = 0;
    const begun = performance.now();
    await new Promise<void>((resolve, reject) => {
      socket.once('close', () => reject(new Error(`ended after ${read} bytes`)));
      socket.on('readable', () => undefined);
      const pace = setInterval(() => {
        const isSlow = performance.now() - begun < STALL_MS * 4;
        const chunk = socket.read(Math.min(isSlow ? SLOW : LARGE.length, socket.readableLength));
        read += chunk?.length ?? 0;
        if (read < LARGE.length) return;
        clearInterval(pace);
        resolve();
      }, PACE_MS);
    });
    socket.destroy();
    expect(performance.now() - begun).toBeGreaterThan(STALL_MS * 4);
  });

  test('that is not there yet, a quiet stream and an idle connection stay', async () => {
    await start();
    const slow = fetch(`${server.url}/slow`);
    const stream = await fetch(`${server.url}/stream`);
    const idle = await ask('/small');
    await once(idle, 'data');
    await stall('/large');
    finish();
    expect(await (await slow).text()).toBe('slow');
    expect(await stream.text()).toBe('data: 1\n\ndata: 2\n\n');
    idle.write('GET /small HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(String((await once(idle, 'data'))[0])).toContain('small');
    idle.destroy();
  });
});

describe('the number of connections', () => {
  test('is limited: one too many is told to come again, and closed', async () => {
    await start({ maxConnections: 2 });
    const busy = [await ask('/slow'), await ask('/slow')];
    const refused = await ask('/small');
    const [answer] = await once(refused, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 503 .*retry-after: 1/is);
    await once(refused, 'close');
    const silent = await open(server.url);
    await once(silent.resume(), 'close');
    const answers = busy.map(socket => once(socket, 'data'));
    finish();
    for (const [text] of await Promise.all(answers)) expect(String(text)).toContain('slow');
    for (const socket of busy) socket.destroy();
  });

  test('is not used up by those that have nothing to ask', async () => {
    await start({ maxConnections: 3 });
    const idle = await ask('/small');
    await once(idle, 'data');
    const silent = await open(server.url);
    const busy = await ask('/slow');
    const statusOf = async () => {
      const socket = await ask('/small');
      const [answer] = await once(socket, 'data');
      socket.destroy();
      return String(answer).slice('HTTP/1.1 '.length).slice(0, 3);
    };
    await expect.poll(statusOf, { timeout: 10_000 }).toBe('200');
    expect(busy.destroyed).toBe(false);
    for (const socket of [idle, silent, busy]) socket.destroy();
  });
});

describe('an idle connection', () => {
  test('outlives a load balancer’s', async () => {
    await start();
    const socket = await ask('/small');
    const [answer] = await once(socket, 'data');
    const seconds = Number(/keep-alive: timeout=(\d+)/i.exec(String(answer))?.[1]);
    expect(seconds).toBeGreaterThan(65);
    socket.destroy();
  });

  test('is closed after as long as is set', async () => {
    await start({ keepAliveMs: 100 });
    const socket = await ask('/small');
    await once(socket.resume(), 'close');
  });
});

describe('a request whose body arrives slowly', () => {
  const REQUEST_MS = 200;

  /** Sends the first byte of a body of two. */
  async function begin(path: string): Promise<Socket> {
    const socket = await open(server.url);
    socket.on('error', () => undefined);
    socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\na`);
    return socket;
  }

  test('is refused after a time', async () => {
    await start({ requestMs: REQUEST_MS });
    const socket = await begin('/whole');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
  });

  test('is accepted where its handler limits the time itself', async () => {
    await start({ requestMs: REQUEST_MS });
    const allowed = await begin('/parts');
    // One that began later is refused before.
    const later = await begin('/whole');
    later.resume();
    await once(later, 'close');
    allowed.write('b');
    expect(String((await once(allowed, 'data'))[0])).toMatch(/\r\n\r\nab$/);
    allowed.destroy();
  });

  test('may leave its answer unread until it has arrived', async () => {
    await start();
    const socket = await open(server.url);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('POST /both-ways HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n');
    const nudge = setInterval(() => socket.write('x'), PACE_MS);
    // Another client that reads nothing of its answer is gone twice meanwhile.
    await stall('/large');
    await stall('/large');
    expect(socket.destroyed).toBe(false);
    clearInterval(nudge);
    socket.destroy();
  });
});
