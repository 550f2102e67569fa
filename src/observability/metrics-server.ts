import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressToOpen } from '../hosts/listening-address.ts';
import { ListenError } from '../server.ts';

export interface MetricsServerOptions {
  host: string;
  port: number;
  /** Returns the metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
  /** Resolves if the process can do its work. */
  ready: () => Promise<void>;
}

export interface MetricsServer {
  /** The URL of the server on this machine. */
  url: string;
  close(): Promise<void>;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const REQUEST_MS = 10_000;
const MAX_CONNECTIONS = 100;

/**
 * Serves `GET /metrics`, `/health/live` and `/health/ready` on a separate port. Port 0 takes any free port. Throws
 * ListenError.
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, metrics, ready } = options;
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
    (request, response) => {
      request.resume();
      const [path = ''] = (request.url ?? '').split('?');
      void answer(path, { metrics, ready }, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(
      `METRICS_PORT ${port} on METRICS_HOST ${host} cannot be listened on: ${reason}; set them to a free port and an address of this machine`,
    );
  }
  // A listening TCP server has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    url: addressToOpen(address.address, address.port),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  path: string,
  { metrics, ready }: Pick<MetricsServerOptions, 'metrics' | 'ready'>,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/metrics': {
      try {
        send(response, 200, CONTENT_TYPE, await metrics());
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        send(response, 503, 'text/plain', `The metrics cannot be read: ${reason}\n`);
      }
      return;
    }
    case '/health/live':
      sendStatus(response, 200, 'ok');
      return;
    case '/health/ready': {
      const status = await ready().then(
        () => 200,
        () => 503,
      );
      sendStatus(response, status, status === 200 ? 'ok' : 'unavailable');
      return;
    }
    default:
      send(response, 404, 'text/plain', 'Not found. The metrics are at /metrics.\n');
  }
}

function sendStatus(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'application/json', JSON.stringify({ status: text }));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
