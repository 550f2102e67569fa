import type { Tx } from '../db/client.ts';

/** PostgreSQL channel of changes to access tokens, sessions or their actors. */
export const TOKEN_CHANNEL = 'usher_token_changes';

/** Makes every process look up tokens again. In a transaction, this takes effect on commit. */
export async function announceTokenChange(db: Tx): Promise<void> {
  await db.$queryRaw`SELECT pg_notify(${TOKEN_CHANNEL}, '')::text`;
}
