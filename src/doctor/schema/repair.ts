import { keyOf, type SchemaObject } from './catalog.ts';
import { compareValues } from './values.ts';

/** How to restore an object. */
export interface Repair {
  /** Who runs the statements; without statements, what to do. */
  action: string;
  /** The statements, in order. */
  sql: readonly string[];
}

const AS_OWNER = 'As the owner of the tables, run';
const AS_SUPERUSER = 'As a superuser, run';

/** Returns the statement that creates an object. `parts` has the columns of a table. */
function statementOf(object: SchemaObject, parts: readonly SchemaObject[] = []): string {
  const { kind, table, name, definition } = object;
  switch (kind) {
    case 'table': {
      const columns = parts.filter(part => part.kind === 'column');
      const list = columns.map(column => `${quoted(column.name)} ${column.definition}`);
      return `CREATE TABLE ${quoted(name)} (${list.join(', ')});`;
    }
    case 'type':
      return `CREATE TYPE ${quoted(name)} AS ENUM (${definition});`;
    case 'sequence':
      return `CREATE SEQUENCE ${quoted(name)} AS ${definition};`;
    case 'column':
      return `ALTER TABLE ${table} ADD COLUMN ${quoted(name)} ${definition};`;
    case 'constraint':
      return `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition};`;
    default:
      return `${definition};`;
  }
}

/** Returns how to create a missing object. `expected` has the parts of a table. */
export function creationOf(object: SchemaObject, expected: readonly SchemaObject[]): Repair {
  const parts = expected.filter(({ table }) => object.kind === 'table' && table === object.name);
  const others = parts.filter(({ kind }) => kind !== 'column');
  return {
    action: AS_OWNER,
    sql: [statementOf(object, parts), ...others.map(part => statementOf(part))],
  };
}

/** Returns how to change an object into the expected one. `triggers` are usher's existing triggers on its table. */
export function repairOf(
  object: SchemaObject,
  own: SchemaObject,
  triggers: readonly SchemaObject[],
): Repair {
  if (own.fault !== undefined && own.definition === object.definition) {
    return mend(object, own.fault);
  }
  if (object.kind === 'type') return valueChanges(object, own);
  return { action: AS_OWNER, sql: changes(object, own, triggers) };
}

function changes(
  object: SchemaObject,
  own: SchemaObject,
  triggers: readonly SchemaObject[],
): string[] {
  const { kind, table, name, definition } = object;
  switch (kind) {
    case 'table':
      return [`ALTER TABLE ${quoted(name)} SET LOGGED;`];
    case 'sequence':
      return [`ALTER SEQUENCE ${quoted(name)} AS ${definition};`];
    case 'column':
      return [columnChanges(object, own, triggers)];
    case 'constraint':
      return [
        `ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}, ADD CONSTRAINT ${quoted(name)} ${definition};`,
      ];
    case 'index':
      return [`DROP INDEX ${quoted(name)};`, statementOf(object)];
    case 'trigger':
      return [dropTrigger(object), statementOf(object)];
    case 'rule':
      return [`DROP RULE ${quoted(name)} ON ${table};`, statementOf(object)];
    default:
      return [statementOf(object)];
  }
}

function mend(
  { kind, table, name, definition }: SchemaObject,
  fault: NonNullable<SchemaObject['fault']>,
): Repair {
  const byOwner = (statement: string) => ({ action: AS_OWNER, sql: [statement] });
  switch (fault) {
    case 'invalid':
      return byOwner(`REINDEX INDEX CONCURRENTLY ${quoted(name)};`);
    case 'not validated':
      return byOwner(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted(name)};`);
    case 'row security':
      return byOwner(`ALTER TABLE ${quoted(name)} DISABLE ROW LEVEL SECURITY;`);
    case 'disabled': {
      if (kind === 'trigger')
        return byOwner(`ALTER TABLE ${table} ENABLE TRIGGER ${quoted(name)};`);
      // A foreign key has triggers on both tables. Only a superuser can enable them, and only all triggers of a table
      // together.
      const [, other] = / REFERENCES (\S+)\(/.exec(definition) ?? [];
      const sql = [table, other].map(each => `ALTER TABLE ${each} ENABLE TRIGGER ALL;`);
      return { action: AS_SUPERUSER, sql };
    }
  }
}

const COLUMN =
  /^(?<type>.+?)(?: (?<made>GENERATED|IDENTITY))?(?: DEFAULT (?<value>.+?))?(?<required> NOT NULL)?$/s;

function partsOf({ definition }: SchemaObject) {
  const { type = '', made, value, required } = COLUMN.exec(definition)?.groups ?? {};
  return { type, made, value, required };
}

function columnChanges(
  object: SchemaObject,
  own: SchemaObject,
  triggers: readonly SchemaObject[],
): string {
  const { table, name } = object;
  const [wanted, there] = [partsOf(object), partsOf(own)];
  const isOtherType = wanted.type !== there.type;
  const clauses: string[] = [];
  if (there.made !== undefined) {
    clauses.push(`DROP ${there.made === 'IDENTITY' ? 'IDENTITY' : 'EXPRESSION'}`);
  } else if (there.value !== undefined && (isOtherType || wanted.value === undefined)) {
    // The default may be invalid for the other type.
    clauses.push('DROP DEFAULT');
  }
  if (isOtherType) clauses.push(`TYPE ${wanted.type}${castOf(name, wanted.type)}`);
  if (wanted.value !== undefined && (isOtherType || wanted.value !== there.value)) {
    clauses.push(`SET DEFAULT ${wanted.value}`);
  }
  if (wanted.required !== there.required) {
    clauses.push(`${wanted.required === undefined ? 'DROP' : 'SET'} NOT NULL`);
  }
  const list = clauses.map(clause => `ALTER COLUMN ${quoted(name)} ${clause}`);
  const statement = `ALTER TABLE ${table} ${list.join(', ')};`;
  // PostgreSQL does not change the type of a column that a trigger definition mentions.
  const users = isOtherType ? triggers.filter(trigger => mentions(trigger, name)) : [];
  if (users.length === 0) return statement;
  const drops = users.map(dropTrigger);
  const creations = users.map(trigger => statementOf(trigger));
  return ['BEGIN;', ...drops, statement, ...creations, 'COMMIT;'].join('\n');
}

/** Returns the cast to a type. Text needs none, and an explicit cast would truncate text that is too long. */
function castOf(name: string, type: string): string {
  return /^(?:character|text)/.test(type) ? '' : ` USING ${quoted(name)}::${type}`;
}

function mentions({ definition }: SchemaObject, column: string): boolean {
  return new RegExp(`\\b${column}\\b`).test(definition);
}

function dropTrigger({ table, name }: SchemaObject): string {
  return `DROP TRIGGER ${quoted(name)} ON ${table};`;
}

function valueChanges({ name, definition }: SchemaObject, own: SchemaObject): Repair {
  const { renamed, missing, isReordered } = compareValues(definition, own.definition);
  if (isReordered) {
    return {
      action: `If values were renamed, rename them back; if the type was made again, make it with the values in this order: ${definition}`,
      sql: [],
    };
  }
  const type = quoted(name);
  return {
    action: AS_OWNER,
    sql: [
      ...renamed.map(([from, to]) => `ALTER TYPE ${type} RENAME VALUE ${from} TO ${to};`),
      ...missing.map(({ value, place }) => `ALTER TYPE ${type} ADD VALUE ${value}${place};`),
    ],
  };
}

/**
 * Returns the objects as they will be once the values of types have their expected names again. Indexes and defaults that
 * use a type follow the names of its values.
 */
export function withNamesOfValues(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): SchemaObject[] {
  const types = new Map(actual.filter(isType).map(type => [keyOf(type), type.definition]));
  const names = expected.filter(isType).flatMap(type => {
    const { renamed } = compareValues(type.definition, types.get(keyOf(type)) ?? type.definition);
    return renamed.map(([from, to]) => {
      const cast = `::${quoted(type.name)}`;
      return [`${from}${cast}`, `${to}${cast}`] as const;
    });
  });
  return actual.map(object => ({
    ...object,
    definition: names.reduce(
      (text, [from, to]) => text.replaceAll(from, () => to),
      object.definition,
    ),
  }));
}

function isType({ kind }: SchemaObject): boolean {
  return kind === 'type';
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
