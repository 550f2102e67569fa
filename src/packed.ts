import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';

/** Bytes that are sent repeatedly. They are compressed once, for the first client that accepts gzip. */
export interface Packed {
  content: Uint8Array<ArrayBuffer>;
  gzipped: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** Returns bytes or a text as a Packed. */
export function pack(file: Uint8Array | string): Packed {
  const content = new Uint8Array(typeof file === 'string' ? Buffer.from(file) : file);
  return { content, gzipped: once(async () => new Uint8Array(await compress(content))) };
}

/** Sends the file, compressed if the client accepts gzip. All requests share the same bytes. */
export async function sendPacked(
  c: Context,
  { content, gzipped }: Packed,
  headers: Record<string, string>,
): Promise<Response> {
  if (!takesGzip(c.req.header('accept-encoding'))) {
    return c.body(content, 200, { ...headers, vary: 'accept-encoding' });
  }
  return c.body(await gzipped(), 200, {
    ...headers,
    vary: 'accept-encoding',
    'content-encoding': 'gzip',
  });
}

/** Memoizes `make`. After a failure, the next call tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch(error => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const compress = promisify(gzip);

function takesGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some(part => {
    const [coding = '', weight = ''] = part.split(';').map(text => text.trim().toLowerCase());
    return (coding === 'gzip' || coding === '*') && !/^q=0(?:\.0*)?$/.test(weight);
  });
}
