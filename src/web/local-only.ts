import type { Context } from 'hono';
import { isLoopbackHost } from '../hosts/loopback.ts';

/**
 * Whether a request comes from this very machine and means it: from a loopback address, under a loopback name or the
 * server's own (a page elsewhere that points its name here by DNS has another), and passed on by no proxy.
 */
export function isLocal(c: Context, publicUrl: string): boolean {
  // What the server's adaptor adds to a request; a request without a socket is from nowhere.
  const address: unknown = c.env?.incoming?.socket?.remoteAddress;
  if (typeof address !== 'string' || !isLoopbackAddress(address)) return false;
  if (PROXY_HEADERS.some(header => c.req.header(header) !== undefined)) return false;
  const host = c.req.header('host');
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return isLoopbackHost(new URL(`http://${host}`).hostname) || host === new URL(publicUrl).host;
}

const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}
