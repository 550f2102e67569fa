import { type ImportOptions, importFile as importWith } from '../../src/import/import-file.ts';

export { ImportError, type ImportOptions } from '../../src/import/import-file.ts';

export const SECRET_KEY = 'a key for tests, thirty-two bytes or more';

/** Imports a file with the key of the tests. */
export const importFile = (url: string, document: unknown, options: ImportOptions = {}) =>
  importWith(url, document, {
    keys: { secretKey: SECRET_KEY, previousSecretKey: undefined, isGenerated: false },
    ...options,
  });
