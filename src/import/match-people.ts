import { type AuditRecord, recordAudits } from '../auth/audit.ts';
import type { FileRow } from './file-rows.ts';
import { giveUpKept, isInFile, markValue } from './kept-changes.ts';
import { below } from './problems.ts';
import { changeReferences } from './references.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, reportProblem, run } from './write-rows.ts';

type People = 'customers' | 'members';

interface Match {
  n: number;
  /** The id of the customer or member that has the address or the external id. */
  id: string;
  field: 'email' | 'externalId';
  /** Whether the database also has a row with the file's id. */
  isKnown: boolean;
  /** Whether usher's row has an external id. */
  hasExternalId: boolean;
  /** Whether the billing system reported usher's row with a time. */
  isTold: boolean;
}

/**
 * Matches customers or members with a new id to usher's rows with the same address, or else the same external id, if the
 * file does not have those rows. A matched row keeps its id in usher, and the file's references change to that id. Reports a
 * row without a time whose id is known while another row in usher has its address or external id.
 */
export async function matchPeople(importing: Importing, table: People): Promise<void> {
  const { file, notes } = importing;
  const rows = file.rows[table];
  const matched = new Set<unknown>();
  const ids = new Map<unknown, string>();
  const matches: Pick<FileRow, 'columns'>[] = [];
  for (const batch of batchesOf(rows)) {
    for (const match of await run<Match>(importing, MATCHES[table], batch)) {
      const { n, id, field, isKnown } = match;
      const row = batch[n];
      if (row === undefined || matched.has(id) || isInFile(importing, table, id)) continue;
      if (file.broken.has(row.name)) continue;
      if (isKnown ? row.asOf !== undefined : !mayBe(row, match)) continue;
      if (isKnown) {
        reportProblem(importing, row, { field, message: conflictMessage(table, field, id) });
        continue;
      }
      matched.add(id);
      ids.set(row.columns.id, id);
      const message = `is ${NOUN[table]} ${id}, who has this ${WORD[field]}, and keeps that id`;
      notes.push({ path: below(row.path, 'id'), message });
      if (!row.isNamedExternally) matches.push({ columns: { ...row.columns, same_as: id } });
      row.columns.id = id;
    }
  }
  if (ids.size > 0) changeReferences(importing.file, table, ids);
  for (const batch of batchesOf(matches)) await run(importing, STORE_MATCHES[table], batch);
}

/**
 * Returns whether a customer of the file may be usher's customer with the same external id or address. Reports of the
 * billing system can arrive in any order, so one customer may have the former address of another. An address therefore
 * identifies neither a customer that the billing system has reported nor one with another external id.
 */
function mayBe(row: FileRow, { field, hasExternalId, isTold }: Match): boolean {
  const isOther = row.isNamedExternally ? hasExternalId : row.asOf !== undefined && isTold;
  return field === 'externalId' || !isOther;
}

/**
 * Applies the matches of earlier files: gives matched customers or members their ids in usher. A match survives a change of
 * the address.
 */
export async function recallMatches(importing: Importing, table: People): Promise<void> {
  const ids = new Map<unknown, string>();
  for (const batch of batchesOf(importing.file.rows[table])) {
    for (const { n, id } of await run<{ n: number; id: string }>(importing, RECALL[table], batch)) {
      const row = batch[n];
      if (row === undefined || isInFile(importing, table, id)) continue;
      ids.set(row.columns.id, id);
      row.columns.id = id;
      const message = `is ${NOUN[table]} ${id}, as in an earlier file, and keeps that id`;
      importing.notes.push({ path: below(row.path, 'id'), message });
    }
  }
  if (ids.size > 0) changeReferences(importing.file, table, ids);
}

function conflictMessage(table: People, field: Match['field'], id: string): string {
  const noun = NOUN[table];
  const owner = table === 'customers' ? 'this organization' : 'this customer';
  const remedy =
    table === 'customers'
      ? `give ${noun} ${id} another one in the file, or use that id here`
      : `remove that member (removeMember), or use that id here`;
  return `another ${noun} of ${owner}, ${id}, has this ${WORD[field]}: ${remedy}`;
}

/** Replaces the owners of customers with those of the file. Former owners become billing managers. */
export async function replaceOwners(importing: Importing): Promise<void> {
  const { file, notes } = importing;
  const inFile = new Map(file.rows.members.map(row => [row.columns.id, row]));
  const owners = file.rows.members.filter(
    row => row.columns.role === 'owner' && !importing.keptValues.get(row)?.columns.includes('role'),
  );
  for (const batch of batchesOf(owners)) {
    const replaced: Pick<FileRow, 'columns'>[] = [];
    const audits: AuditRecord[] = [];
    for (const { n, id, email } of await run<{ n: number; id: string; email: string }>(
      importing,
      FORMER_OWNERS,
      batch,
    )) {
      const row = batch[n];
      if (row === undefined) continue;
      const other = inFile.get(id);
      if (other !== undefined && !giveUpKept(importing, other, 'role')) {
        notes.push({
          path: below(row.path, 'role'),
          message: `replaces the owner, ${email}`,
        });
        continue;
      }
      const message = `replaces the owner, ${email}, who becomes a billing manager`;
      notes.push({ path: below(row.path, 'role'), message });
      if (other !== undefined) other.columns.role = 'billing_manager';
      else {
        const organizationId = String(row.columns.organization_id);
        replaced.push({ columns: { organization_id: organizationId, id } });
        audits.push({
          organizationId,
          type: 'member_updated',
          subjectId: id,
          subjectLabel: email,
          changes: ['role'],
          by: importing.by,
        });
      }
    }
    if (replaced.length === 0) continue;
    await run(importing, DEMOTE, replaced);
    await recordAudits(importing.prisma(), audits, importing.now);
    await markValue(importing, 'members', replaced, 'role', 'billing_manager');
  }
}

const NOUN = { customers: 'customer', members: 'member' } as const;
const WORD = { email: 'address', externalId: 'external id' } as const;

const matches = (table: People, scope: string, told: string) => `
  SELECT f.n, found.id, found.field, known.id IS NOT NULL AS "isKnown", found.external_id IS NOT NULL AS "hasExternalId",
         found.as_of IS NOT NULL AS "isTold"
    FROM ${fileRows(TABLES[table].columns)}
    LEFT JOIN ${table} AS known ON known.organization_id = f.organization_id AND known.id = f.id
   CROSS JOIN LATERAL (
     SELECT other.id, other.external_id, ${told} AS as_of, 'email' AS field, 1 AS rank FROM ${table} AS other
      WHERE ${scope} AND other.id <> f.id AND other.deleted_at IS NULL
        AND lower(other.email) = lower(f.email)
     UNION ALL
     SELECT other.id, other.external_id, ${told}, 'externalId', 2 FROM ${table} AS other
      WHERE ${scope} AND other.id <> f.id AND other.deleted_at IS NULL
        AND other.external_id IS NOT NULL AND other.external_id = f.external_id
      ORDER BY rank LIMIT 1) AS found
   WHERE known.deleted_at IS NULL
   ORDER BY f.n`;

const MATCHES = {
  customers: matches('customers', 'other.organization_id = f.organization_id', 'other.as_of'),
  members: matches(
    'members',
    'other.organization_id = f.organization_id AND other.customer_id = f.customer_id',
    'NULL::timestamptz',
  ),
};

const MATCHED = { organization_id: 'uuid', id: 'uuid', same_as: 'uuid' };

const recall = (table: People) => `
  SELECT f.n, i.same_as AS id
    FROM ${fileRows(MATCHED)}
    JOIN imported_rows AS i ON i.organization_id = f.organization_id AND i.kind = '${table}' AND i.id = f.id
   WHERE i.same_as IS NOT NULL`;

const RECALL = { customers: recall('customers'), members: recall('members') };

const storeMatches = (table: People) => `
  INSERT INTO imported_rows (organization_id, kind, id, same_as)
  SELECT f.organization_id, '${table}', f.id, f.same_as FROM ${fileRows(MATCHED)}
  ON CONFLICT (organization_id, kind, id) DO UPDATE SET same_as = excluded.same_as`;

const STORE_MATCHES = { customers: storeMatches('customers'), members: storeMatches('members') };

const FORMER_OWNERS = `
  SELECT f.n, other.id, other.email
    FROM ${fileRows(TABLES.members.columns)}
    JOIN members AS other ON other.organization_id = f.organization_id AND other.customer_id = f.customer_id
   WHERE other.role = 'owner' AND other.deleted_at IS NULL AND other.id <> f.id
   ORDER BY f.n`;

const DEMOTE = `
  UPDATE members AS old SET role = 'billing_manager', modified_at = clock.now
    FROM ${fileRows({ organization_id: 'uuid', id: 'uuid' })}
   WHERE old.organization_id = f.organization_id AND old.id = f.id`;
