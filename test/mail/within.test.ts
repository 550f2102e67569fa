import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openSmtp } from '../../src/mail/smtp.ts';
import { within } from '../../src/mail/within.ts';

const LIMIT_MS = 500;

/** Runs nothing else for longer than the limit, as a process does that was stopped. */
function stop(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LIMIT_MS * 2);
}

async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // A server that listens on TCP has a port.
  return (server.address() as AddressInfo).port;
}

test('an answer that arrived in time counts, though the process was stopped until after the deadline', async () => {
  let accepted: Socket | undefined;
  const port = await serve(socket => {
    accepted = socket;
    socket.write('hello');
  });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'data');
  const answer = within(LIMIT_MS, async () => String(await once(socket, 'data')));
  accepted?.write('250 OK');
  stop();
  expect(await answer).toBe('250 OK');
});

test('without an answer, the work ends at the deadline', async () => {
  const port = await serve(() => undefined);
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let until: AbortSignal | undefined;
  const answer = within(1, signal => {
    until = signal;
    return once(socket, 'data');
  });
  await expect(answer).rejects.toMatchObject({ name: 'MailNotSent', code: 'ETIMEDOUT' });
  expect(until?.aborted).toBe(true);
});

test('a mail that the server has accepted is sent, though the process was stopped meanwhile', async () => {
  const port = await serve(socket => {
    let isContent = false;
    socket.on('error', () => undefined);
    socket.write('220 mx\r\n');
    socket.on('data', data => {
      if (isContent && !data.toString().endsWith('\r\n.\r\n')) return;
      const isEnd = isContent;
      isContent = data.toString().startsWith('DATA');
      socket.write(isContent ? '354 Go on\r\n' : '250 OK\r\n');
      if (isEnd) stop();
    });
  });
  const transport = openSmtp(`smtp://127.0.0.1:${port}`, LIMIT_MS);
  onTestFinished(transport.close);
  const mail = {
    messageId: '<8e3f0d0a@seats.acme.example>',
    date: new Date(),
    from: { name: 'Acme', address: 'no-reply@seats.acme.example' },
    to: 'sam@globex.example',
    subject: 'Invitation',
    text: 'A text',
    html: '<p>HTML</p>',
    headers: {},
  };
  await transport.send(mail, new AbortController().signal);
});
