import { existsSync } from 'node:fs';

/**
 * Returns the URL of a file or folder that usher reads at run time. The path is relative to the nearest package.json: that
 * of the repository, or that of `dist`, to which `src/build/make-dist.js` copies these files.
 */
export function shippedFile(path: string): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') {
    folder = new URL('../', folder);
  }
  return new URL(path, folder);
}
