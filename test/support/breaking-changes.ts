import type { AlterTableCmd, ColumnDef, Node } from '@pgsql/types';
import { parse } from 'libpg-query';

/**
 * Returns what a migration breaks for programs that run while it is applied: what it drops, renames or
 * changes the type of, and the constraints that it adds to existing tables. Additions to a table that the migration itself creates break nothing.
 */
export async function breakingChanges(sql: string): Promise<string[]> {
  const { stmts = [] } = await parse(sql);
  const created = new Set<string>();
  return stmts.flatMap(({ stmt }) => {
    const node = stmt as Statement;
    if ('CreateStmt' in node) created.add(node.CreateStmt.relation?.relname ?? '');
    return breakingIn(node, created);
  });
}

type Statement = Extract<
  Node,
  | { CreateStmt: unknown }
  | { DropStmt: unknown }
  | { RenameStmt: unknown }
  | { IndexStmt: unknown }
  | { AlterTableStmt: unknown }
>;

/** Kinds of objects that no statement of a program names, so that they may be dropped or renamed. */
const UNNAMED = ['OBJECT_INDEX', 'OBJECT_TABCONSTRAINT'];

function breakingIn(node: Statement, created: ReadonlySet<string>): string[] {
  if ('DropStmt' in node || 'RenameStmt' in node) {
    const [verb, type = ''] =
      'DropStmt' in node
        ? ['drops a', node.DropStmt.removeType]
        : ['renames a', node.RenameStmt.renameType];
    return UNNAMED.includes(type) ? [] : [`${verb} ${wordOf(type)}`];
  }
  if ('IndexStmt' in node) {
    const { unique, relation } = node.IndexStmt;
    return unique && !created.has(relation?.relname ?? '') ? ['adds a unique index'] : [];
  }
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [] } = node.AlterTableStmt;
    if (created.has(relation?.relname ?? '')) return [];
    return cmds.flatMap(cmd =>
      'AlterTableCmd' in cmd ? (breakingCommand(cmd.AlterTableCmd) ?? []) : [],
    );
  }
  return [];
}

function breakingCommand({ subtype, name, def }: AlterTableCmd): string | undefined {
  switch (subtype) {
    case 'AT_DropColumn':
      return `drops the column ${name}`;
    case 'AT_AlterColumnType':
      return `changes the type of ${name}`;
    case 'AT_SetNotNull':
      return `requires ${name}`;
    case 'AT_ColumnDefault':
      return def === undefined ? `drops the default of ${name}` : undefined;
    case 'AT_AddConstraint':
      return 'adds a constraint';
    case 'AT_AddColumn':
      return def !== undefined && 'ColumnDef' in def ? requiredColumn(def.ColumnDef) : undefined;
    default:
      return undefined;
  }
}

/** Returns the problem if a program that does not know the column could no longer insert rows. */
function requiredColumn({ colname, constraints = [] }: ColumnDef): string | undefined {
  const kinds = constraints.map(node => ('Constraint' in node ? node.Constraint.contype : ''));
  const isFilled = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].some(kind =>
    kinds.includes(kind as (typeof kinds)[number]),
  );
  return kinds.includes('CONSTR_NOTNULL') && !isFilled ? `adds the required ${colname}` : undefined;
}

function wordOf(objectType: string): string {
  return objectType.replace('OBJECT_', '').toLowerCase();
}
