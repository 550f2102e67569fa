import { type AuditRecord, recordAudits } from '../auth/audit.ts';
import type { AuditEventType } from '../db/generated/prisma/enums.ts';
import { validRows } from './file-rows.ts';
import { fileRows } from './statements.ts';
import { inCamelCase, TABLES } from './tables/all.ts';
import { batchesOf, type Difference, findDifferences, type Importing, run } from './write-rows.ts';

/** Tables whose changes the audit list shows. Seats have events. */
const TYPES = {
  products: { created: undefined, updated: 'product_updated' },
  customers: { created: undefined, updated: 'customer_updated' },
  subscriptions: { created: undefined, updated: 'subscription_updated' },
  orders: { created: undefined, updated: 'order_updated' },
  organizations: { created: undefined, updated: 'settings_updated' },
  accessTokens: { created: 'access_token_created', updated: 'access_token_updated' },
  members: { created: undefined, updated: 'member_updated' },
  webhookEndpoints: { created: 'webhook_endpoint_created', updated: 'webhook_endpoint_updated' },
} as const satisfies Record<string, Record<string, AuditEventType | undefined>>;

export type AuditedTable = keyof typeof TYPES;

/** Returns whether the audit list shows changes of a table. */
export const isAudited = (table: string): table is AuditedTable => table in TYPES;

/** Calls `write` to write the rows of a table, and records what changes. */
export async function withAudit(
  importing: Importing,
  table: AuditedTable,
  write: () => Promise<void>,
): Promise<void> {
  const rows = validRows(importing.file, table);
  const differences = (await findDifferences(importing, table, rows)).filter(
    ({ isKnown }) => typeOf(table, isKnown) !== undefined,
  );
  await write();
  if (importing.changes !== undefined) return;
  for (const batch of batchesOf(differences)) {
    const records = (await findSubjects(importing, table, batch)).flatMap(
      ({ n, organizationId, subjectId, subjectLabel }): AuditRecord[] => {
        const { isKnown = false, changed = [] } = batch[n] ?? {};
        const type = typeOf(table, isKnown);
        if (type === undefined) return [];
        const changes = isKnown ? changed.map(nameOf) : [];
        return [{ organizationId, subjectId, subjectLabel, type, changes, by: importing.by }];
      },
    );
    await recordAudits(importing.prisma(), records, importing.now);
  }
}

/** Returns the name of a column in the API. */
function nameOf(column: string): string {
  return column === 'sealed_secret' ? 'secret' : inCamelCase(column);
}

/** Returns the event type for a new or changed row; undefined if the list does not record it. */
function typeOf(table: AuditedTable, isKnown: boolean): AuditEventType | undefined {
  return TYPES[table][isKnown ? 'updated' : 'created'];
}

interface Subject {
  n: number;
  organizationId: string;
  subjectId: string;
  subjectLabel: string | null;
}

/** Finds the subjects of changed rows. A user's token concerns each organization of the user. */
async function findSubjects(
  importing: Importing,
  table: AuditedTable,
  differences: readonly Difference[],
): Promise<Subject[]> {
  const rows = differences.map(({ row }) => row);
  if (table === 'accessTokens') return await run(importing, TOKENS, rows);
  return rows.map(({ columns }, n) => ({
    n,
    organizationId: String(columns[table === 'organizations' ? 'id' : 'organization_id']),
    subjectId: String(columns.id),
    subjectLabel: labelOf(columns[LABELS[table]]),
  }));
}

const LABELS = {
  organizations: 'slug',
  members: 'email',
  webhookEndpoints: 'url',
  products: 'name',
  customers: 'email',
  subscriptions: 'external_id',
  orders: 'external_id',
} as const;

const labelOf = (value: unknown) => (typeof value === 'string' ? value : null);

const TOKENS = `
  SELECT f.n, coalesce(token.organization_id, membership.organization_id) AS "organizationId",
         token.id AS "subjectId", users.email AS "subjectLabel"
    FROM ${fileRows(TABLES.accessTokens.columns)}
    JOIN access_tokens AS token ON token.token_hash = f.token_hash
    LEFT JOIN users ON users.id = token.user_id
    LEFT JOIN organization_memberships AS membership ON membership.user_id = token.user_id
   WHERE coalesce(token.organization_id, membership.organization_id) IS NOT NULL`;
