import type { SchemaObject } from './catalog.ts';

/** Returns the statement that makes an object. Of a table, `parts` has the columns. */
export function statementOf(object: SchemaObject, parts: readonly SchemaObject[] = []): string {
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

/** Returns the statements that make an object what it should be, from what it is. */
export function repairOf(object: SchemaObject, own: SchemaObject): string[] {
  const { kind, table, name, definition } = object;
  if (own.fault !== undefined && own.definition === definition) return mend(object, own.fault);
  switch (kind) {
    case 'table':
      return [`ALTER TABLE ${quoted(name)} SET LOGGED;`];
    case 'type':
      return addedValues(name, definition, own.definition);
    case 'sequence':
      return [`ALTER SEQUENCE ${quoted(name)} AS ${definition};`];
    case 'column':
      return [`ALTER TABLE ${table} ${columnChanges(name, definition)};`];
    case 'constraint':
      return [
        `ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}, ADD CONSTRAINT ${quoted(name)} ${definition};`,
      ];
    case 'index':
      return [`DROP INDEX ${quoted(name)};`, statementOf(object)];
    case 'trigger':
      return [`DROP TRIGGER ${quoted(name)} ON ${table};`, statementOf(object)];
    case 'rule':
      return [`DROP RULE ${quoted(name)} ON ${table};`, statementOf(object)];
    case 'function':
      return [statementOf(object)];
  }
}

function mend(
  { kind, table, name, definition }: SchemaObject,
  fault: NonNullable<SchemaObject['fault']>,
): string[] {
  switch (fault) {
    case 'invalid':
      return [`REINDEX INDEX CONCURRENTLY ${quoted(name)};`];
    case 'not validated':
      return [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted(name)};`];
    case 'row security':
      return [`ALTER TABLE ${quoted(name)} DISABLE ROW LEVEL SECURITY;`];
    case 'disabled': {
      if (kind === 'trigger') return [`ALTER TABLE ${table} ENABLE TRIGGER ${quoted(name)};`];
      // The triggers of a foreign key are on both tables. Only a superuser can enable them, and only all of a table.
      const [, other] = / REFERENCES (\S+)\(/.exec(definition) ?? [];
      return [table, other].map(each => `ALTER TABLE ${each} ENABLE TRIGGER ALL;`);
    }
  }
}

const COLUMN = /^(?<type>.+?)(?: DEFAULT (?<value>.+?))?(?<required> NOT NULL)?$/s;

function columnChanges(name: string, definition: string): string {
  const { type = '', value, required } = COLUMN.exec(definition)?.groups ?? {};
  const column = `ALTER COLUMN ${quoted(name)}`;
  return [
    `${column} TYPE ${type}`,
    value === undefined ? `${column} DROP DEFAULT` : `${column} SET DEFAULT ${value}`,
    `${column} ${required === undefined ? 'DROP' : 'SET'} NOT NULL`,
  ].join(', ');
}

function addedValues(name: string, expected: string, own: string): string[] {
  const known = own.split(', ');
  return expected
    .split(', ')
    .filter(value => !known.includes(value))
    .map(value => `ALTER TYPE ${quoted(name)} ADD VALUE ${value};`);
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
