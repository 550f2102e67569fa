import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Polar as Polar042 } from 'polar-sdk-0.42.5';
import { Polar as Polar049 } from 'polar-sdk-0.49.0';
import { Spaire } from 'spaire-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { startUsherForClients } from './usher-for-clients.ts';

// The vendors' clients, unchanged, send a request again whose answer was lost, with the same Idempotency-Key.

let usher: TestUsher;
let proxy: LossyProxy;
beforeAll(async () => {
  usher = await startUsherForClients();
  proxy = await startLossyProxy(usher.url);
});
afterAll(async () => {
  await proxy.close();
  await usher.close();
});

/** How the answer of a request gets lost on its way to the client. */
type Loss = 'the connection breaks' | '502';

interface LossyProxy {
  url: string;
  /** Loses the answer of the next request, after usher has given it. */
  loseNext(loss: Loss): void;
  /** The answers of usher since then, with whether each is a replay. */
  answers: { status: number; isReplay: boolean }[];
  close(): Promise<void>;
}

async function startLossyProxy(target: string): Promise<LossyProxy> {
  let next: Loss | undefined;
  const answers: LossyProxy['answers'] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming;
    const forwarded = httpRequest(new URL(url, target), { method, headers }, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', chunk => chunks.push(chunk));
      answer.once('end', () => {
        const status = answer.statusCode ?? 0;
        answers.push({ status, isReplay: answer.headers['idempotency-replayed'] === 'true' });
        const loss = next;
        next = undefined;
        if (loss === 'the connection breaks') outgoing.destroy();
        else if (loss === '502') outgoing.writeHead(502).end();
        else outgoing.writeHead(status, answer.headers).end(Buffer.concat(chunks));
      });
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseNext(loss) {
      next = loss;
      answers.length = 0;
    },
    answers,
    async close() {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  };
}

const RETRIES = {
  strategy: 'backoff',
  backoff: { initialInterval: 1, maxInterval: 10, exponent: 1, maxElapsedTime: 60_000 },
  retryConnectionErrors: true,
} as const;

const CLIENTS = [
  ['@polar-sh/sdk 0.42.5', Polar042],
  ['@polar-sh/sdk 0.49.0', Polar049],
  ['@spaire/sdk', Spaire],
] as const;
const LOSSES: Loss[] = ['the connection breaks', '502'];

describe.each(CLIENTS)('%s', (_name, Client) => {
  test.each(LOSSES)('assigns one seat, and revokes it once: %s', async loss => {
    const { ids, tokens } = await usher.addFixture();
    const client = new Client({ accessToken: tokens.organization, serverURL: proxy.url });
    const options = () => ({ retries: RETRIES, headers: { 'Idempotency-Key': randomUUID() } });
    const once = [
      { status: 200, isReplay: false },
      { status: 200, isReplay: true },
    ];

    proxy.loseNext(loss);
    const body = { subscriptionId: ids.subscription, email: 'sam@globex.example' };
    const seat = await client.customerSeats.assignSeat(body, options());
    expect(proxy.answers).toEqual(once);
    expect(seat).toMatchObject({ status: 'pending', email: 'sam@globex.example' });

    proxy.loseNext(loss);
    const revoked = await client.customerSeats.revokeSeat({ seatId: seat.id }, options());
    expect(proxy.answers).toEqual(once);
    expect(revoked).toMatchObject({ id: seat.id, status: 'revoked' });

    const events = await usher.db.outboxEvent.findMany({
      where: { organizationId: ids.organization },
      select: { type: true },
    });
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'customer_seat.assigned',
      'customer_seat.revoked',
    ]);
  });
});
