import type { Tx } from '../db/client.ts';

/** Where it is told that tokens, or what they stand for, may have changed. */
export const TOKEN_CHANNEL = 'usher_token_changes';

/** Tells every process to look tokens up anew: inside a transaction, from its commit on. */
export async function announceTokenChange(db: Tx): Promise<void> {
  await db.$queryRaw`SELECT pg_notify(${TOKEN_CHANNEL}, '')::text`;
}
