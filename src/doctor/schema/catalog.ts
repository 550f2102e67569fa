import type { ClientBase } from 'pg';

/** An object of the schema, as PostgreSQL itself prints it. */
export interface SchemaObject {
  kind:
    | 'table'
    | 'type'
    | 'sequence'
    | 'function'
    | 'column'
    | 'constraint'
    | 'index'
    | 'trigger'
    | 'rule';
  /** The table that the object belongs to. */
  table?: string;
  name: string;
  definition: string;
  /** Why the database does not use the object although it exists. */
  fault?: 'invalid' | 'disabled' | 'not validated' | 'row security';
}

/**
 * Returns the objects of the schema `public` that make up a database of usher, and foreign keys that reference them, sorted,
 * with the same definitions in PostgreSQL 15 to 18. Leaves out what extensions own, and the constraints and triggers that
 * PostgreSQL creates for others. Call it in a transaction: it sets the search path for the rest of the transaction.
 */
export async function readCatalog(client: Pick<ClientBase, 'query'>): Promise<SchemaObject[]> {
  // With this path, PostgreSQL prints operator classes without the schema of their extension, as they are in a migration.
  await client.query(`
    SELECT set_config('search_path', string_agg(DISTINCT quote_ident(nspname), ', '), true)
      FROM (SELECT 'public' AS nspname
            UNION SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace) AS paths`);
  const { rows } = await client.query<CatalogRow>(CATALOG);
  return rows
    .map(({ kind, table, name, definition, fault }) => ({
      kind,
      ...(table !== null && { table }),
      name,
      definition: definition.replace(/\r\n/g, '\n').trim(),
      ...(fault !== null && { fault }),
    }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

interface CatalogRow extends Pick<SchemaObject, 'kind' | 'name' | 'definition'> {
  table: string | null;
  fault: SchemaObject['fault'] | null;
}

/** Returns a key that identifies an object within its schema. */
export function keyOf({ kind, table = '', name }: SchemaObject): string {
  return `${kind} ${table} ${name}`;
}

/** Returns an object's kind and name, for people. */
export function nameOf({ kind, table, name }: SchemaObject): string {
  if (kind === 'column') return `column ${table}.${name}`;
  return table === undefined ? `${kind} ${name}` : `${kind} ${name} on ${table}`;
}

const NOT_OF_AN_EXTENSION = (catalog: string, oid: string) => `NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const CATALOG = `
  WITH relations AS (
    SELECT c.* FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND ${NOT_OF_AN_EXTENSION('pg_class', 'c.oid')}),
  tables AS (SELECT * FROM relations WHERE relkind IN ('r', 'p'))

  SELECT 'table' AS kind, NULL AS "table", relname::text AS name,
         CASE relpersistence WHEN 'p' THEN 'logged' ELSE 'unlogged' END AS definition,
         CASE WHEN relrowsecurity THEN 'row security' END AS fault
    FROM tables

  UNION ALL
  SELECT 'type', NULL, t.typname, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder), NULL
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
   WHERE t.typnamespace = 'public'::regnamespace AND ${NOT_OF_AN_EXTENSION('pg_type', 't.oid')}
   GROUP BY t.oid

  UNION ALL
  SELECT 'sequence', NULL, c.relname, format_type(s.seqtypid, NULL), NULL
    FROM relations c JOIN pg_sequence s ON s.seqrelid = c.oid

  UNION ALL
  SELECT 'function', NULL, p.proname, pg_get_functiondef(p.oid), NULL
    FROM pg_proc p
   WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND ${NOT_OF_AN_EXTENSION('pg_proc', 'p.oid')}

  UNION ALL
  SELECT 'column', t.relname, a.attname,
         concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attgenerated <> '' THEN 'GENERATED' WHEN a.attidentity <> '' THEN 'IDENTITY' END,
                   'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attnotnull THEN 'NOT NULL' END), NULL
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped

  UNION ALL
  -- PostgreSQL 18 has constraints for NOT NULL too, which the columns tell. Those of partitions are their parents'.
  SELECT 'constraint', CASE t.relnamespace WHEN 'public'::regnamespace THEN t.relname ELSE t.oid::regclass::text END, k.conname,
         replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''),
         CASE WHEN NOT k.convalidated THEN 'not validated'
              WHEN k.contype = 'f' AND EXISTS (
                SELECT FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled NOT IN ('O', 'A')) THEN 'disabled'
         END
    FROM pg_class t JOIN pg_constraint k ON k.conrelid = t.oid
   WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0
     AND (k.conrelid IN (SELECT oid FROM tables) OR k.confrelid IN (SELECT oid FROM tables))

  UNION ALL
  SELECT 'index', t.relname, c.relname, pg_get_indexdef(c.oid), CASE WHEN NOT (i.indisvalid AND i.indisready) THEN 'invalid' END
    FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid
   WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))

  UNION ALL
  SELECT 'trigger', t.relname, g.tgname, pg_get_triggerdef(g.oid), CASE WHEN g.tgenabled NOT IN ('O', 'A') THEN 'disabled' END
    FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid
   WHERE NOT g.tgisinternal

  UNION ALL
  SELECT 'rule', t.relname, r.rulename, pg_get_ruledef(r.oid), NULL
    FROM tables t JOIN pg_rewrite r ON r.ev_class = t.oid`;
