import type { Logger } from 'pino';
import { type Db, Prisma } from '../db/client.ts';
import type { Job } from '../events/job.ts';
import { openSecret, type SealingKeys, sealPrefix } from './sealed-secret.ts';
import { type StoredSecrets, sealedColumns } from './stored-secrets.ts';

const POLL_MS = 60_000;
const BATCH = 200;
const FULL_PASS_MS = 24 * 60 * 60_000;

/**
 * Returns the job that encrypts the secrets of webhook endpoints: once a minute those that an older version stored as plain
 * text, and at the start and once a day those under the previous key. Logs each endpoint whose secret no key decrypts.
 */
export function createSealJob(
  options: SealingKeys & { db: Db; logger: Logger; now: () => Date },
): Job {
  const { db, logger, now } = options;
  let nextFullPass = 0;
  let after: Key | undefined;
  return {
    name: 'seal',
    pollMs: POLL_MS,
    isUrgent: false,
    async run() {
      const isFull = now().getTime() >= nextFullPass;
      const endpoints = await find(db, {
        after,
        prefix: isFull ? sealPrefix(options.secretKey) : undefined,
      });
      for (const endpoint of endpoints) {
        await seal(db, options, endpoint);
        const { organizationId, id: endpointId, sealedSecret } = endpoint;
        if (sealedSecret === null || endpoint.secret !== '') continue;
        if (openSecret(options, endpointId, sealedSecret) !== undefined) continue;
        logger.error({ organizationId, endpointId }, NOT_OPENED);
      }
      const mayBeMore = endpoints.length === BATCH;
      after = mayBeMore ? endpoints.at(-1) : undefined;
      if (isFull && !mayBeMore) nextFullPass = now().getTime() + FULL_PASS_MS;
      return mayBeMore;
    },
  };
}

/** What the log and the deliveries say about a secret that no known key decrypts. */
export const NOT_OPENED =
  'The secret of the webhook endpoint was encrypted with another SECRET_KEY. Set SECRET_KEY_PREVIOUS to that key, or rotate the secret.';

interface Key {
  organizationId: string;
  id: string;
}

/** Returns the next endpoints with plain secrets and, with a prefix, those with secrets that do not begin with it. */
async function find(
  db: Db,
  { after, prefix }: { after: Key | undefined; prefix: string | undefined },
): Promise<(StoredSecrets & Key)[]> {
  const isPlain = Prisma.sql`(secret <> '' OR previous_secret <> '')`;
  const isOther = Prisma.sql`NOT starts_with(sealed_secret, ${prefix}) OR NOT starts_with(sealed_previous_secret, ${prefix})`;
  return await db.$queryRaw<(StoredSecrets & Key)[]>`
    SELECT organization_id AS "organizationId", id, secret, previous_secret AS "previousSecret",
           sealed_secret AS "sealedSecret", sealed_previous_secret AS "sealedPreviousSecret"
      FROM webhook_endpoints
     WHERE ${prefix === undefined ? isPlain : Prisma.sql`(${isPlain} OR ${isOther})`}
       AND ${after ? Prisma.sql`(organization_id, id) > (${after.organizationId}::uuid, ${after.id}::uuid)` : Prisma.sql`true`}
     ORDER BY organization_id, id
     LIMIT ${BATCH}`;
}

/** Encrypts the secrets of an endpoint, unless they have changed since they were read. */
async function seal(
  db: Db,
  keys: SealingKeys,
  { organizationId, ...endpoint }: StoredSecrets & Key,
): Promise<void> {
  await db.webhookEndpoint.updateMany({
    where: { organizationId, ...endpoint },
    data: sealedColumns(keys, endpoint),
  });
}
