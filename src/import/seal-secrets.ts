import { checkSecretKeyWithin } from '../db/secret-key-check.ts';
import { sealSecret } from '../webhooks/sealed-secret.ts';
import { openSecrets, STORED_SECRETS, sealedColumns } from '../webhooks/stored-secrets.ts';
import { validRows } from './file-rows.ts';
import { batchesOf, type Importing, reportProblem } from './write-rows.ts';

/**
 * Encrypts the secrets of the file's webhook endpoints. If the table already has the same secret, reuses its encrypted form,
 * so that nothing changes. First encrypts plain secrets of these endpoints in the table. Without a key, reports the
 * endpoints as problems. Throws OtherSecretKey.
 */
export async function sealSecrets(importing: Importing): Promise<void> {
  const { sealingKeys: keys, plainSecrets, now } = importing;
  const rows = validRows(importing.file, 'webhookEndpoints');
  if (rows.length === 0) return;
  if (keys === undefined) {
    for (const row of rows) reportProblem(importing, row, { field: 'secret', message: NO_KEY });
    return;
  }
  const tx = importing.prisma();
  await checkSecretKeyWithin(tx, keys, now);
  for (const batch of batchesOf(rows)) {
    const known = await tx.webhookEndpoint.findMany({
      where: { id: { in: batch.map(({ columns }) => String(columns.id)) } },
      select: { organizationId: true, previousSecretExpiresAt: true, ...STORED_SECRETS },
    });
    const storedById = new Map<string, string>();
    for (const endpoint of known) {
      const { organizationId, id } = endpoint;
      const columns = sealedColumns(keys, endpoint);
      const where = { organizationId_id: { organizationId, id } };
      if (endpoint.secret !== '') await tx.webhookEndpoint.update({ where, data: columns });
      const stored = endpoint.secret === '' ? endpoint.sealedSecret : columns.sealedSecret;
      if (stored === null) continue;
      storedById.set(id, stored);
      const plain = openSecrets(keys, endpoint)?.secret;
      if (plain !== undefined) plainSecrets.set(stored, plain);
    }
    for (const { columns } of batch) {
      const id = String(columns.id);
      const secret = String(columns.sealed_secret);
      const stored = storedById.get(id);
      const isSame = stored !== undefined && plainSecrets.get(stored) === secret;
      columns.sealed_secret = isSame ? stored : sealSecret(keys.secretKey, id, secret);
      plainSecrets.set(columns.sealed_secret as string, secret);
    }
  }
}

const NO_KEY =
  'needs SECRET_KEY, with which usher encrypts it; set it to the key of the servers of this database';
