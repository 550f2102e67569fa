import { Resolver } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import CacheableLookup from 'cacheable-lookup';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { isPrivateHost } from './private-host.ts';

/** How long one attempt may take from its beginning to the answer's status: the reference's rule. */
const ATTEMPT_MS = 10_000;

const LOOKUP = { timeout: 2_500, tries: 2 };
const LONGEST_NAME_TTL_S = 60;

const LONGEST_BODY_MS = 2_000;
const KEPT_BYTES = 8_192;
const KEPT_CHARACTERS = 2_048;
const IDLE_SOCKETS = 64;
const MISDIRECTED = 421;

/** What a receiver answered. */
export interface Answer {
  status: number;
  /** The beginning of the body: at most 2048 characters. */
  body: string;
  retryAfter?: string | undefined;
}

/** Posts to receivers, over connections that it keeps for a while. */
export interface Sender {
  /**
   * The receiver's answer, whatever its status; redirects are not followed, and 421 is tried once more on a connection of
   * its own. Rejects where there is none in time, or where
   * the address is private and that is not allowed: the address that is checked is the one that is connected to.
   */
  post(url: string, headers: Record<string, string>, body: string): Promise<Answer>;
  close(): void;
}

export interface SenderOptions {
  /** Lets it reach loopback, private and link-local addresses. */
  allowPrivateAddresses: boolean;
  /** 10 s unless given. */
  attemptMs?: number;
}

/** A sender with no connection yet. */
export function createSender({
  allowPrivateAddresses,
  attemptMs = ATTEMPT_MS,
}: SenderOptions): Sender {
  // The system's own lookup takes one of a few threads, and a name server that does not answer would hold them all.
  const names = new CacheableLookup({
    resolver: new Resolver(LOOKUP),
    maxTtl: LONGEST_NAME_TTL_S,
    errorTtl: 0,
  });
  // Its overloads hide the one that Node calls, with options and a callback.
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
            // The connection leads to a server that is not meant (RFC 9110, 15.5.20); a new one may lead to the right one.
            agents = fresh;
          } catch (error) {
            request.destroy();
            if (late.signal.aborted) throw new Error(`No answer within ${attemptMs / 1000} s`);
            if (isRefusedAddress(error)) throw refusedAddress();
            // The receiver closed a connection that it had kept, as we were about to use it again.
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
    // Whatever becomes of the request, the attempt ends.
    request.on('close', () => reject(new Error('The connection was closed without an answer')));
    late.addEventListener('abort', reject, { once: true });
    // Stays on after the answer: a connection may break while the rest of it is thrown away.
    request.on('error', reject);
    request.end(content);
  });
}

/** Reads as much of the body as is kept. The status has been given: what goes wrong from here on changes nothing. */
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

/** The beginning of a text, in whole characters. */
function cut(text: string): string {
  return text.slice(0, KEPT_CHARACTERS).replace(/\p{Surrogate}$/u, '');
}

/**
 * A lookup that finds no host with a private address among its own: the addresses that it finds are those connected to.
 * The agent's list of what is private has gaps.
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

/** The agent's refusal, which tells to what the name resolves: that is nobody's business. */
function isRefusedAddress(error: unknown): boolean {
  return (
    error instanceof RefusedAddress ||
    (error instanceof Error && /^DNS lookup .* is not allowed/.test(error.message))
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
