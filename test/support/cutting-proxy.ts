import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Starts a proxy in front of the database. It can cut open connections off and redirect new ones to another server. `at` is
 * its port; a free one by default.
 */
export async function startCuttingProxy(databaseUrl: string, { at = 0 } = {}) {
  let target = new URL(databaseUrl);
  let isCut = false;
  const pairs = new Set<[Socket, Socket]>();
  const server: Server = createServer(client => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const [one, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    client.pipe(upstream);
    upstream.pipe(client);
    if (isCut) cut(pair);
  });
  const cut = ([client, upstream]: [Socket, Socket]) => {
    client.unpipe(upstream);
    upstream.unpipe(client);
  };
  await new Promise<void>(listening => server.listen(at, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  const { port } = server.address() as { port: number };
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    /** Cuts off the open connections; with `all`, new ones too. */
    cutOff({ all = false } = {}) {
      isCut = all;
      for (const pair of pairs) cut(pair);
    },
    /** Redirects new connections to another server. The open ones stay. */
    leadTo(otherUrl: string) {
      target = new URL(otherUrl);
    },
    async close() {
      for (const [client, upstream] of pairs) {
        client.destroy();
        upstream.destroy();
      }
      await new Promise(closed => server.close(closed));
    },
  };
}
