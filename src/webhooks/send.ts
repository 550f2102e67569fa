import { Resolver } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import CacheableLookup from 'cacheable-lookup';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { isPrivateHost } from './private-host.ts';

/** Longest time from the start of an attempt to the answer's status. The reference's rule. */
const ATTEMPT_MS = 10_000;

const LOOKUP = { timeout: 2_500, tries: 2 };
const LONGEST_NAME_TTL_S = 60;

const LONGEST_BODY_MS = 2_000;
const KEPT_BYTES = 8_192;
const KEPT_CHARACTERS = 2_048;
const IDLE_SOCKETS = 64;
const MISDIRECTED = 421;

/** Answer of a receiver. */
export interface Answer {
  status: number;
  /** The first 2048 characters of the body. */
  body: string;
  retryAfter?: string | undefined;
}

/** Posts to receivers and keeps connections alive. */
export interface Sender {
  /**
   * Resolves to the receiver's answer, with any status. It does not follow redirects. It retries a 421 once, on a new
   * connection. It rejects if no answer comes in time, or if the address is private and private addresses are not allowed.
   * It checks the address that it connects to, so that DNS cannot change between check and connection.
   */
  post(url: string, headers: Record<string, string>, body: string): Promise<Answer>;
  close(): void;
}

export interface SenderOptions {
  /** Allows loopback, private and link-local addresses. */
  allowPrivateAddresses: boolean;
  /** Defaults to 10 s. */
  attemptMs?: number;
}

/** Returns a sender. It connects with the first post. */
export function createSender({
  allowPrivateAddresses,
  attemptMs = ATTEMPT_MS,
}: SenderOptions): Sender {
  // The system's lookup runs on a small thread pool, which a name server that does not answer would block.
  const names = new CacheableLookup({
    resolver: new Resolver(LOOKUP),
    maxTtl: LONGEST_NAME_TTL_S,
    errorTtl: 0,
  });
  // The declared overloads hide the one that Node calls, with options and a callback.
  const lookup = names.lookup as LookupFunction;
  const options = {
    lookup: allowPrivateAddresses ? lookup : publicOnly(lookup),
    maxFreeSockets: IDLE_SOCKETS,
    allowPrivateIPAddress: allowPrivateAddresses,
  };
  const agentsWith = (changed: { keepAlive: boolean }) => ({
    http: new RequestFilteringHttpAgent({ ...options, ...changed }),
    https: new RequestFilteringHttpsAgent({ ...options, ...changed }),
  });
  const kept = agentsWith({ keepAlive: true });
  const fresh = agentsWith({ keepAlive: false });

  const begin = (
    agents: typeof kept,
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ) => {
    const init = { method: 'POST', headers, signal };
    return url.toLowerCase().startsWith('https:')
      ? httpsRequest(url, { ...init, agent: agents.https })
      : httpRequest(url, { ...init, agent: agents.http });
  };

  return {
    async post(url, headers, body) {
      if (!allowPrivateAddresses && isPrivateHost(new URL(url).hostname)) throw refusedAddress();
      const late = new AbortController();
      const deadline = setTimeout(() => late.abort(), attemptMs);
      const content = Buffer.from(body);
      const sized = { ...headers, 'content-length': String(content.length) };
      let agents = kept;
      try {
        for (;;) {
          const request = begin(agents, url, sized, late.signal);
          try {
            const answer = await read(await answerTo(request, content, late.signal));
            if (answer.status !== MISDIRECTED || agents === fresh) return answer;
            // This connection leads to the wrong server (RFC 9110, 15.5.20). A new one may lead to the right server.
            agents = fresh;
          } catch (error) {
            request.destroy();
            if (late.signal.aborted) throw new Error(`No answer within ${attemptMs / 1000} s`);
            if (isRefusedAddress(error)) throw refusedAddress();
            // The receiver closed a kept connection just before it was reused.
            if (!request.reusedSocket || codeOf(error) !== 'ECONNRESET') throw error;
          }
        }
      } finally {
        clearTimeout(deadline);
      }
    },
    close() {
      for (const { http, https } of [kept, fresh]) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

function answerTo(
  request: ClientRequest,
  content: Buffer,
  late: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('The receiver wanted to switch protocols'));
    });
    // The attempt always ends with the request. This has no effect after an answer.
    request.on('close', () => reject(new Error('The connection was closed without an answer')));
    late.addEventListener('abort', reject, { once: true });
    // The listener stays after the answer: the connection may still break while the rest of the body is discarded.
    request.on('error', reject);
    request.end(content);
  });
}

/** Reads the part of the body that is kept. Errors from here on are ignored, because the status is known. */
function read(response: IncomingMessage): Promise<Answer> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = () => {
      clearTimeout(timer);
      response.destroy();
      const text = Buffer.concat(chunks).toString('utf8').replaceAll('\0', '\u{FFFD}');
      const retryAfter = response.headers['retry-after'];
      resolve({ status: response.statusCode ?? 0, body: cut(text), retryAfter });
    };
    const timer = setTimeout(end, LONGEST_BODY_MS);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= KEPT_BYTES) end();
    });
    response.on('end', end);
    response.on('error', end);
    response.on('close', end);
  });
}

/** Returns the kept beginning of a text, without half a surrogate pair. */
function cut(text: string): string {
  return text.slice(0, KEPT_CHARACTERS).replace(/\p{Surrogate}$/u, '');
}

/**
 * Returns a lookup that fails for a host with any private address. The agent connects to the addresses that this lookup
 * returns. The agent's own list of private ranges is incomplete.
 */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(a => a.address);
      const isRefused = !error && addresses.some(isPrivateHost);
      callback(isRefused ? refusedAddress() : error, found, family);
    });
}

class RefusedAddress extends Error {}

function refusedAddress(): Error {
  return new RefusedAddress('The address is private, which is not allowed');
}

/**
 * Returns whether an error means a private address. The agent's own message is replaced, because it reveals the resolved
 * address.
 */
function isRefusedAddress(error: unknown): boolean {
  return (
    error instanceof RefusedAddress ||
    (error instanceof Error && /^DNS lookup .* is not allowed/.test(error.message))
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
