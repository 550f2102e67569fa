import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import { ensureFolder } from './db/ensure-folder.ts';
import type { CheckedKeys } from './db/secret-key-check.ts';

const KEY_BYTES = 32;
const PRIVATE = 0o600;

/**
 * Returns the configured keys. Without a configured key, returns the key kept beside the embedded database, and generates it
 * on the first call. Throws ConfigError if that folder cannot be used.
 */
export async function loadSecretKeys(config: Config): Promise<CheckedKeys> {
  const { previousSecretKey } = config;
  const isGenerated = config.secretKey === undefined;
  return { secretKey: await secretKeyOf(config), previousSecretKey, isGenerated };
}

/** Returns the keys like `loadSecretKeys`; undefined for an external database without SECRET_KEY. */
export async function findSecretKeys(config: Config): Promise<CheckedKeys | undefined> {
  const hasNone = config.secretKey === undefined && config.databaseUrl !== undefined;
  return hasNone ? undefined : await loadSecretKeys(config);
}

async function secretKeyOf(config: Config): Promise<string> {
  if (config.secretKey !== undefined) return config.secretKey;
  try {
    await ensureFolder(config.dataDir);
    return requireWhole(await keptKey(join(config.dataDir, 'secret.key')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`DATA_DIR ${config.dataDir} cannot be used: ${reason}`);
  }
}

function requireWhole(key: string): string {
  if (Buffer.byteLength(key.trim()) >= KEY_BYTES) return key;
  throw new Error(
    'its secret.key is not whole; restore it, or remove it for a new one, after which invitations that wait to be mailed have to be resent',
  );
}

async function keptKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  // Written to a draft and then linked, so that one of two concurrent starts wins and neither reads a partial key.
  const draft = `${path}.${randomUUID()}`;
  const key = randomBytes(KEY_BYTES).toString('base64');
  // Flushed, so that a power loss leaves no empty file at `path`.
  await writeFile(draft, key, { mode: PRIVATE, flag: 'wx', flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return await readFile(path, 'utf8');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
