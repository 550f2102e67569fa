import { createHash } from 'node:crypto';
import type { Env, Hono } from 'hono';
import { type Packed, pack, sendPacked } from './packed.ts';

const YEAR = 'public, max-age=31536000, immutable';

/** A file that pages load. Its name changes with its content, so clients can cache it forever. */
export interface HashedAsset {
  name: string;
  type: 'text/css; charset=utf-8' | 'text/javascript; charset=utf-8';
  file: Packed;
}

/** Returns a stylesheet or script with a name such as `page.3vXk0Jm2sR5c.css`. */
export function hashedAsset(
  name: string,
  extension: 'css' | 'js',
  content: Uint8Array | string,
): HashedAsset {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  const type = extension === 'css' ? 'text/css' : 'text/javascript';
  return {
    name: `${name}.${hash}.${extension}`,
    type: `${type}; charset=utf-8`,
    file: pack(content),
  };
}

/** Returns the tag for the head of a page that loads the asset from `serveHashedAssets`. */
export function assetTag(folder: string, { name, type }: Omit<HashedAsset, 'file'>): string {
  return type.startsWith('text/css')
    ? `<link rel="stylesheet" href="${folder}/${name}">`
    : `<script src="${folder}/${name}" defer></script>`;
}

/** Serves the assets to everyone, cacheable forever. Calls `assets` on the first request. */
export function serveHashedAssets<E extends Env>(
  app: Hono<E>,
  folder: string,
  assets: () => Promise<readonly HashedAsset[]>,
): void {
  app.get(`${folder}/:asset`, async c => {
    const asset = (await assets()).find(({ name }) => name === c.req.param('asset'));
    if (!asset) return c.notFound();
    return await sendPacked(c, asset.file, {
      'content-type': asset.type,
      'cache-control': YEAR,
      'x-content-type-options': 'nosniff',
    });
  });
}
