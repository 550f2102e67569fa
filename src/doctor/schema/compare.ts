import { keyOf, nameOf, type SchemaObject } from './catalog.ts';
import { protectionOf } from './protections.ts';
import { creationOf, type Repair, repairOf, withNamesOfValues } from './repair.ts';
import { compareValues } from './values.ts';

/** A difference between the schema of a database and the migrations, and how to repair it. */
export interface Difference extends Repair {
  /** One sentence that names the object, what is wrong with it, and what it protects. */
  message: string;
}

/**
 * Compares a database with the objects that it must have. The operator's own objects are not differences, unless they hide
 * rows. A missing table counts as one difference, including everything that belongs to the table.
 */
export function compareSchemas(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): Difference[] {
  const found = new Map(withNamesOfValues(expected, actual).map(object => [keyOf(object), object]));
  const missingTables = new Set(
    expected
      .filter(object => object.kind === 'table' && !found.has(keyOf(object)))
      .map(t => t.name),
  );
  const triggersOf = (name: string | undefined) =>
    expected.filter(
      object => object.kind === 'trigger' && object.table === name && found.has(keyOf(object)),
    );
  return expected.toSorted(byDependency).flatMap(object => {
    if (object.table !== undefined && missingTables.has(object.table)) return [];
    const own = found.get(keyOf(object));
    const wrong = own === undefined ? 'is missing' : faultOf(object, own);
    if (wrong === undefined) return [];
    const repair =
      own === undefined
        ? creationOf(object, expected)
        : repairOf(object, own, triggersOf(object.table));
    const protection = protectionOf(object);
    const message = `${nameOf(object)} ${wrong}${protection === undefined ? '' : `: ${protection}`}`;
    return [{ message, ...repair }];
  });
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
  if (expected.kind === 'type' && hasOnlyMore(expected, own)) return undefined;
  return expected.kind === 'function'
    ? 'has another body'
    : `is other than it should be (${own.definition})`;
}

/** Returns whether a type has all expected values, and perhaps more. */
function hasOnlyMore(expected: SchemaObject, own: SchemaObject): boolean {
  const { renamed, missing, isReordered } = compareValues(expected.definition, own.definition);
  return renamed.length + missing.length === 0 && !isReordered;
}

const ORDER = ['type', 'sequence', 'table', 'column', 'function', 'index', 'constraint', 'trigger'];

/** Sorts objects before those that depend on them, so that the statements run in the order in which they are printed. */
function byDependency(a: SchemaObject, b: SchemaObject): number {
  return rank(a) - rank(b);
}

function rank({ kind, definition }: SchemaObject): number {
  // A foreign key needs the key of the other table.
  return ORDER.indexOf(kind) + (definition.startsWith('FOREIGN KEY') ? 0.5 : 0);
}
