import { keyOf, nameOf, type SchemaObject } from './catalog.ts';
import { compareValues } from './values.ts';

/** An object that the migrations did not create and that can change or refuse what usher writes. */
export interface Foreign {
  /** One sentence that names the object. */
  message: string;
  /** What to do about it. */
  action: string;
}

/**
 * Returns the foreign objects on usher's tables and types that can change or refuse what usher writes: triggers and rules,
 * constraints, unique indexes, columns that need a value, foreign keys that refuse deletions, and values of types.
 */
export function findForeign(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): Foreign[] {
  const known = new Map(expected.map(object => [keyOf(object), object]));
  const tables = new Set(expected.filter(({ kind }) => kind === 'table').map(({ name }) => name));
  return actual.flatMap(object => {
    const own = known.get(keyOf(object));
    if (own !== undefined) return object.kind === 'type' ? foreignValues(own, object) : [];
    const { table = '' } = object;
    return tables.has(table) ? onTable(object) : keyTo(tables, object);
  });
}

function onTable(object: SchemaObject): Foreign[] {
  const { kind, definition } = object;
  const message = `${nameOf(object)} is not usher's`;
  switch (kind) {
    case 'trigger':
    case 'rule':
      return [
        {
          message,
          action: 'Remove it, unless you know that it changes no row and no result of usher',
        },
      ];
    case 'constraint':
      return definition.endsWith(' NOT ENFORCED') ? [] : [{ message, action: REFUSES }];
    case 'index':
      return definition.startsWith('CREATE UNIQUE ') ? [{ message, action: REFUSES }] : [];
    case 'column':
      return NEEDS_VALUE.test(definition)
        ? [
            {
              message: `${message}, and is NOT NULL without a default`,
              action:
                'Give it a default, or drop NOT NULL: usher writes rows without a value for it',
            },
          ]
        : [];
    default:
      return [];
  }
}

const REFUSES = 'Remove it, unless you know that it refuses no row of usher';
const NEEDS_VALUE = /^(?!.* (?:DEFAULT|GENERATED|IDENTITY) ).* NOT NULL$/s;

/** Returns a foreign key from another table to one of usher's that prevents the deletion of rows. */
function keyTo(tables: ReadonlySet<string>, object: SchemaObject): Foreign[] {
  const { kind, definition } = object;
  const [, target = ''] = /^FOREIGN KEY .* REFERENCES (\S+?)\(/.exec(definition) ?? [];
  if (kind !== 'constraint' || !tables.has(target) || LETS_GO.test(definition)) return [];
  return [
    {
      message: `${nameOf(object)} is not usher's, and keeps usher from deleting rows of ${target}`,
      action: 'Make it again with ON DELETE CASCADE or ON DELETE SET NULL, or remove it',
    },
  ];
}

const LETS_GO = / ON DELETE (?:CASCADE|SET NULL)| NOT ENFORCED$/;

function foreignValues(expected: SchemaObject, own: SchemaObject): Foreign[] {
  const { foreign } = compareValues(expected.definition, own.definition);
  return foreign.map(value => ({
    message: `the value ${value} of the ${nameOf(own)} is not usher's`,
    action:
      'Let no row have it, since usher cannot read such a row; unused, it does no harm, and PostgreSQL cannot remove it',
  }));
}
