import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';

/** Bytes that are sent repeatedly. They are compressed once, for the first client that accepts gzip. */
export interface Packed {
  content: Uint8Array<ArrayBuffer>;
  gzipped: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The value of the header `ETag`: weak, because it stands for both forms. */
  tag: string;
}

/** Returns bytes or a text as a Packed. */
export function pack(file: Uint8Array | string): Packed {
  const content = new Uint8Array(typeof file === 'string' ? Buffer.from(file) : file);
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 22);
  return {
    content,
    gzipped: once(async () => new Uint8Array(await compress(content))),
    tag: `W/"${hash}"`,
  };
}

/**
 * Sends the file, compressed if the client accepts gzip, or 304 if the client has it. All requests share the same bytes.
 */
export async function sendPacked(
  c: Context,
  { content, gzipped, tag }: Packed,
  { 'content-type': type, ...headers }: Record<string, string> & { 'content-type': string },
): Promise<Response> {
  const always = { ...headers, vary: 'accept-encoding', etag: tag };
  if (hasTag(c.req.header('if-none-match'), tag)) return c.body(null, 304, always);
  const whole = { ...always, 'content-type': type };
  if (!takesGzip(c.req.header('accept-encoding'))) return c.body(content, 200, whole);
  return c.body(await gzipped(), 200, { ...whole, 'content-encoding': 'gzip' });
}

/** Returns whether an If-None-Match header names a tag. A proxy may have removed the mark of a weak tag. */
function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  const strong = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some(given => strong(given) === strong(tag)) ?? false;
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
