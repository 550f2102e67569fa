import { createHmac } from 'node:crypto';
import type { Db, Tx } from './client.ts';

/** The advisory lock that a program holds while it checks its key. */
const LOCK = 727_073_010;

/** Error for a key other than the one from which the links of the database are derived. */
export class OtherSecretKey extends Error {
  override readonly name = 'OtherSecretKey';

  constructor() {
    super(
      'SECRET_KEY is not the key that the invitation links of this database were made with. Set it to that key; or, to change keys, set SECRET_KEY_PREVIOUS to that key. If that key is lost, run `DELETE FROM secret_keys` in the database, resend the invitations that were not mailed, and rotate the secrets of webhook endpoints',
    );
  }
}

export interface CheckedKeys {
  secretKey: string;
  previousSecretKey: string | undefined;
  /** Whether the key was generated beside the embedded database. A person may delete such a key to get a new one. */
  isGenerated: boolean;
}

/**
 * Checks that the key is the one that the links of the database are derived from, and records it in a database without a
 * key. The key replaces the previous key, and a generated key replaces any key. Throws OtherSecretKey otherwise.
 */
export async function checkSecretKey(db: Db, keys: CheckedKeys, now: Date): Promise<void> {
  await db.$transaction(tx => checkSecretKeyWithin(tx, keys, now));
}

/** Does the same as `checkSecretKey`, within the caller's transaction. */
export async function checkSecretKeyWithin(
  tx: Tx,
  { secretKey, previousSecretKey, isGenerated }: CheckedKeys,
  now: Date,
): Promise<void> {
  const fingerprint = fingerprintOf(secretKey);
  // Keeps two programs with different keys from both finding a database without a key.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
  const newest = await tx.secretKey.findFirst({ orderBy: { usedSince: 'desc' } });
  if (newest?.fingerprint === fingerprint) return;
  const isChange =
    previousSecretKey !== undefined && newest?.fingerprint === fingerprintOf(previousSecretKey);
  if (newest !== null && !isChange && !isGenerated) throw new OtherSecretKey();
  const usedSince = new Date(Math.max(now.getTime(), (newest?.usedSince.getTime() ?? 0) + 1));
  await tx.secretKey.upsert({
    where: { fingerprint },
    create: { fingerprint, usedSince },
    update: { usedSince },
  });
}

/** Returns the fingerprint of a key, for the database. It distinguishes keys without revealing them. */
export function fingerprintOf(key: string): string {
  return createHmac('sha256', key).update('usher: fingerprint').digest('hex').slice(0, 32);
}
