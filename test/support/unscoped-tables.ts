import type { Node } from '@pgsql/types';
import { parse } from 'libpg-query';

const KEY = 'organization_id';

/**
 * Returns those of the given tables that a statement reads or changes without a condition on their `organization_id`. A
 * condition compares it, in every branch of an OR, with a value, with a column of something that is not a table, or with the
 * `organization_id` of a table that has such a condition itself. An INSERT must name the column.
 */
export async function unscopedTables(
  sql: string,
  tables: ReadonlySet<string>,
): Promise<{ table: string; alias: string }[]> {
  const { stmts = [] } = await parse(sql);
  const found: { table: string; alias: string }[] = [];
  visit(stmts, query => {
    const used = tablesOf(query, tables);
    const isScoped = scopedAliases(query, used);
    for (const { table, alias } of used) if (!isScoped(alias)) found.push({ table, alias });
  });
  return found;
}

/** One level of a query of any kind; its subqueries are separate queries. */
interface QueryNode {
  fromClause?: Node[];
  usingClause?: Node[];
  relation?: { relname?: string; alias?: { aliasname?: string } };
  whereClause?: Node;
  cols?: Node[];
  isInsert: boolean;
}

const QUERIES = ['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt'];

function visit(node: unknown, onQuery: (query: QueryNode) => void): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (QUERIES.includes(key)) onQuery({ ...value, isInsert: key === 'InsertStmt' });
    // The branches of a UNION are statements without their kind.
    if (key === 'larg' || key === 'rarg') {
      if (typeof value === 'object' && value !== null && 'targetList' in value)
        onQuery({ ...value, isInsert: false } as QueryNode);
    }
    visit(value, onQuery);
  }
}

function tablesOf(query: QueryNode, tables: ReadonlySet<string>) {
  const found: { table: string; alias: string }[] = [];
  const add = (relation: QueryNode['relation']) => {
    const table = relation?.relname ?? '';
    if (tables.has(table)) found.push({ table, alias: relation?.alias?.aliasname ?? table });
  };
  const walk = (item: Node) => {
    if ('RangeVar' in item) add(item.RangeVar);
    if ('JoinExpr' in item) {
      for (const side of [item.JoinExpr.larg, item.JoinExpr.rarg]) if (side) walk(side);
    }
  };
  for (const item of [...(query.fromClause ?? []), ...(query.usingClause ?? [])]) walk(item);
  add(query.relation);
  return found;
}

function scopedAliases(query: QueryNode, used: { alias: string }[]): (alias: string) => boolean {
  const aliases = used.map(({ alias }) => alias);
  const conditions = [...(query.whereClause ? [query.whereClause] : []), ...joinConditions(query)];
  const links = conditions.flatMap(condition => comparisons(condition));
  const scoped = new Set<string>();
  if (
    query.isInsert &&
    (query.cols ?? []).some(col => 'ResTarget' in col && col.ResTarget.name === KEY)
  )
    for (const alias of aliases) scoped.add(alias);
  const owner = (alias: string | undefined) =>
    alias === undefined && aliases.length === 1 ? aliases[0] : alias;
  for (let before = -1; before < scoped.size; ) {
    before = scoped.size;
    for (const { of, to } of links) {
      const alias = owner(of);
      if (alias === undefined || !aliases.includes(alias)) continue;
      const isAnchored = to === undefined || !aliases.includes(to) || scoped.has(to);
      if (isAnchored) scoped.add(alias);
    }
  }
  return alias => scoped.has(alias);
}

function joinConditions(query: QueryNode): Node[] {
  const found: Node[] = [];
  const walk = (item: Node) => {
    if (!('JoinExpr' in item)) return;
    const { larg, rarg, quals } = item.JoinExpr;
    if (quals) found.push(quals);
    if (larg) walk(larg);
    if (rarg) walk(rarg);
  };
  for (const item of [...(query.fromClause ?? []), ...(query.usingClause ?? [])]) walk(item);
  return found;
}

/** A comparison of the key of one alias with something; `to` is the alias if that is another key. */
interface Comparison {
  of: string | undefined;
  to?: string | undefined;
}

function comparisons(node: Node): Comparison[] {
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const each = args.map(arg => comparisons(arg));
    if (boolop === 'AND_EXPR') return each.flat();
    if (boolop === 'OR_EXPR')
      return (each[0] ?? []).filter(({ of, to }) =>
        each.every(branch =>
          branch.some(other => other.of === of && (other.to === to || !other.to)),
        ),
      );
    return [];
  }
  if ('A_Expr' in node) {
    const { kind, lexpr, rexpr, name = [] } = node.A_Expr;
    const isEquality = name.some(part => 'String' in part && part.String.sval === '=');
    if (!isEquality || !['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_IN'].includes(kind ?? '')) return [];
    return pairs(lexpr, rexpr);
  }
  if ('SubLink' in node && node.SubLink.subLinkType === 'ANY_SUBLINK')
    return pairs(node.SubLink.testexpr, undefined);
  return [];
}

function pairs(left: Node | undefined, right: Node | undefined): Comparison[] {
  const lefts = partsOf(left);
  const rights = partsOf(right);
  return lefts.flatMap((part, i) => {
    const other = rights[i];
    const [a, b] = [keyOf(part), keyOf(other)];
    const found: Comparison[] = [];
    if (a) found.push({ of: a.alias, ...(b && { to: b.alias }) });
    if (b) found.push({ of: b.alias, ...(a && { to: a.alias }) });
    return found;
  });
}

function partsOf(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : [node];
}

/** Returns the alias of an `organization_id`; undefined for anything else. */
function keyOf(node: Node | undefined): { alias: string | undefined } | undefined {
  if (node === undefined || !('ColumnRef' in node)) return undefined;
  const names = (node.ColumnRef.fields ?? []).map(field =>
    'String' in field ? field.String.sval : undefined,
  );
  if (names.at(-1) !== KEY) return undefined;
  return { alias: names.at(-2) };
}
