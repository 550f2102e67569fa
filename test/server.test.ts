import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { serve } from '../src/server.ts';

/** A server whose one endpoint answers when it is told to. */
async function startServer() {
  let answer = () => {};
  const told = new Promise<void>(resolve => {
    answer = resolve;
  });
  let arrive = () => {};
  const arrived = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const app = new Hono().get('/slow', async c => {
    arrive();
    await told;
    return c.text('done');
  });
  const server = await serve(
    { hono: app as never, fastPath: () => false },
    { host: '127.0.0.1', port: 0 },
  );
  return { ...server, answer, arrived };
}

test('a server that stops answers what is under way, and takes nothing new', async () => {
  const server = await startServer();
  const slow = fetch(`${server.url}/slow`);
  await server.arrived;
  const closed = server.close();
  await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
  server.answer();
  expect(await (await slow).text()).toBe('done');
  await closed;
});

test('a server that stops does not wait for a client that says nothing', async () => {
  const server = await startServer();
  const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const gone = once(silent, 'close');
  await server.close();
  await gone;
});

test('a server that stops with time for its clients keeps its port until no more of them connect', async () => {
  const server = await startServer();
  server.answer();
  // Each request has a connection of its own, as a proxy makes them.
  const ask = () =>
    fetch(`${server.url}/slow`, { headers: { connection: 'close' } }).then(
      answer => answer.text(),
      () => 'refused',
    );
  const closed = server.close({ idleMs: 1_000 });
  const answers: Promise<string>[] = [];
  for (let i = 0; i < 5; i += 1) {
    await delay(50);
    answers.push(ask());
  }
  expect(await Promise.all(answers)).toEqual(Array(5).fill('done'));
  await closed;
  expect(await ask()).toBe('refused');
});
