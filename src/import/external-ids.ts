import { type ExternalReference, type FileRow, rowName, validRows } from './file-rows.ts';
import { changeReferences } from './references.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, reportProblem, run } from './write-rows.ts';

type Table = ExternalReference['table'];

const TABLES_WITH_EXTERNAL_IDS = ['products', 'customers', 'subscriptions', 'orders'] as const;
const REFERRING = ['subscriptions', 'orders', 'seats'] as const;

/**
 * Resolves external ids. A row without its own id gets the id of usher's row with the same external id, if there is one. A
 * reference by external id gets the id of the row that it names, in the file or in usher. Reports dangling references.
 */
export async function resolveExternalIds(importing: Importing): Promise<void> {
  for (const table of TABLES_WITH_EXTERNAL_IDS) await takeKnownIds(importing, table);
  const isReferring = REFERRING.some(table =>
    importing.file.rows[table].some(row => row.externalReferences !== undefined),
  );
  if (!isReferring) return;
  const inFile = findInFile(importing);
  for (const table of REFERRING) await resolveReferences(importing, table, inFile);
}

async function takeKnownIds(importing: Importing, table: Table): Promise<void> {
  const { file } = importing;
  const ids = new Map<unknown, string>();
  const names = new Map<string, string>();
  const rows = validRows(file, table).filter(row => row.isNamedExternally);
  for (const batch of batchesOf(rows)) {
    for (const { n, id } of await run<Found>(importing, FIND[table], batch.map(nameOf))) {
      const row = batch[n];
      if (row === undefined) continue;
      const name = rowName(table, id);
      const other = file.paths.get(name);
      if (other !== undefined) {
        const message = `duplicates ${other}`;
        reportProblem(importing, row, { field: 'externalId', code: 'DUPLICATE', message });
        continue;
      }
      file.paths.set(name, row.path);
      ids.set(row.columns.id, id);
      names.set(row.name, name);
      row.columns.id = id;
      row.name = name;
    }
  }
  if (ids.size === 0) return;
  changeReferences(file, table, ids);
  for (const row of Object.values(file.rows).flat()) {
    if (!row.references.some(name => names.has(name))) continue;
    row.references = row.references.map(name => names.get(name) ?? name);
  }
}

/** The rows of the file by their external ids. */
function findInFile({ file }: Importing): ReadonlyMap<string, FileRow> {
  return new Map(
    TABLES_WITH_EXTERNAL_IDS.flatMap(table =>
      file.rows[table].flatMap(row => {
        const { organization_id, external_id } = row.columns;
        return typeof external_id === 'string'
          ? [[keyOf(table, organization_id, external_id), row] as const]
          : [];
      }),
    ),
  );
}

const keyOf = (table: Table, organizationId: unknown, externalId: string) =>
  `${table} ${organizationId} ${externalId}`;

async function resolveReferences(
  importing: Importing,
  referring: (typeof REFERRING)[number],
  inFile: ReadonlyMap<string, FileRow>,
): Promise<void> {
  const unknown = validRows(importing.file, referring).flatMap(row =>
    (row.externalReferences ?? []).flatMap(reference => {
      const { table, column, externalId } = reference;
      const named = inFile.get(keyOf(table, row.columns.organization_id, externalId));
      if (named === undefined) return [{ row, reference }];
      row.columns[column] = named.columns.id;
      row.references = [...row.references, named.name];
      return [];
    }),
  );
  for (const table of TABLES_WITH_EXTERNAL_IDS) {
    for (const batch of batchesOf(unknown.filter(({ reference }) => reference.table === table))) {
      const wanted = batch.map(({ row, reference }) => ({
        columns: {
          organization_id: row.columns.organization_id,
          external_id: reference.externalId,
        },
      }));
      const found = await run<Found>(importing, FIND[table], wanted);
      const ids = new Map(found.map(({ n, id }) => [n, id]));
      for (const [n, { row, reference }] of batch.entries()) {
        const id = ids.get(n);
        if (id !== undefined) {
          row.columns[reference.column] = id;
          row.references = [...row.references, rowName(table, id)];
        } else {
          const message = `no such ${NOUN[table]} in this organization`;
          reportProblem(importing, row, { field: reference.key, code: 'NOT_FOUND', message });
        }
      }
    }
  }
}

interface Found {
  n: number;
  id: string;
}

const NOUN = {
  products: 'product',
  customers: 'customer',
  subscriptions: 'subscription',
  orders: 'order',
} as const;

const NAME = { organization_id: 'uuid', external_id: 'text' };

function nameOf({ columns: { organization_id, external_id } }: FileRow): Pick<FileRow, 'columns'> {
  return { columns: { organization_id, external_id } };
}

const find = (table: Table) => `
  SELECT f.n, known.id FROM ${fileRows(NAME)}
    JOIN ${TABLES[table].name} AS known ON known.organization_id = f.organization_id AND known.external_id = f.external_id
   WHERE known.deleted_at IS NULL AND known.external_id IS NOT NULL
   ORDER BY f.n`;

const FIND = {
  products: find('products'),
  customers: find('customers'),
  subscriptions: find('subscriptions'),
  orders: find('orders'),
};
