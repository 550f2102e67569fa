import { keyOf, type SchemaObject } from './catalog.ts';
import { protectionOf } from './protections.ts';
import { repairOf, statementOf } from './repair.ts';

/** How the schema of a database differs from what the migrations made. */
export interface Difference {
  /** One sentence that names the object, what is wrong with it, and what it protects. */
  message: string;
  /** The statements that restore it. */
  sql: readonly string[];
}

/**
 * Compares a database with the objects that it has to have. Objects of the operator's own are no difference, unless they
 * hide rows. Of a missing table, one difference tells for all that belongs to it.
 */
export function compareSchemas(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): Difference[] {
  const found = new Map(actual.map(object => [keyOf(object), object]));
  const missingTables = new Set(
    expected
      .filter(object => object.kind === 'table' && !found.has(keyOf(object)))
      .map(t => t.name),
  );
  return expected.toSorted(byDependency).flatMap(object => {
    if (object.table !== undefined && missingTables.has(object.table)) return [];
    const own = found.get(keyOf(object));
    const wrong = own === undefined ? 'is missing' : faultOf(object, own);
    if (wrong === undefined) return [];
    const parts = expected.filter(({ table }) => object.kind === 'table' && table === object.name);
    const sql =
      own === undefined
        ? [statementOf(object, parts), ...parts.filter(isNoColumn).map(part => statementOf(part))]
        : repairOf(object, own);
    const protection = protectionOf(object);
    const message = `${nameOf(object)} ${wrong}${protection === undefined ? '' : `: ${protection}`}`;
    return [{ message, sql }];
  });
}

/** Returns the triggers and rules on the expected tables that the migrations did not make. They can change what usher writes. */
export function foreignCode(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): SchemaObject[] {
  const known = new Set(expected.map(keyOf));
  const tables = new Set(expected.map(({ table }) => table));
  return actual.filter(
    object =>
      (object.kind === 'trigger' || object.kind === 'rule') &&
      tables.has(object.table) &&
      !known.has(keyOf(object)),
  );
}

const FAULTS: Record<NonNullable<SchemaObject['fault']>, string> = {
  invalid: 'is invalid and not used',
  disabled: 'is disabled',
  'not validated': 'is not valid for all rows',
  'row security': 'has row-level security, which can hide rows from usher',
};

function faultOf(expected: SchemaObject, own: SchemaObject): string | undefined {
  if (own.fault !== undefined) return FAULTS[own.fault];
  if (expected.definition === own.definition) return undefined;
  return expected.kind === 'function'
    ? 'has another body'
    : `is other than it should be (${own.definition})`;
}

function nameOf({ kind, table, name }: SchemaObject): string {
  if (kind === 'column') return `column ${table}.${name}`;
  return table === undefined ? `${kind} ${name}` : `${kind} ${name} on ${table}`;
}

function isNoColumn({ kind }: SchemaObject): boolean {
  return kind !== 'column';
}

const ORDER = ['type', 'sequence', 'table', 'column', 'function', 'index', 'constraint', 'trigger'];

/** What others need comes first, so that the statements run in the order in which they are printed. */
function byDependency(a: SchemaObject, b: SchemaObject): number {
  return rank(a) - rank(b);
}

function rank({ kind, definition }: SchemaObject): number {
  // A foreign key needs the key of the other table.
  return ORDER.indexOf(kind) + (definition.startsWith('FOREIGN KEY') ? 0.5 : 0);
}
