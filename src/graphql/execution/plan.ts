import {
  BREAK,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { fragmentsOf } from '../fragments.ts';
import { planField } from './field.ts';
import { compileSelection } from './selection.ts';
import type { Field, Plan, PlannedField, Selection } from './types.ts';
import { coercerOf } from './variables.ts';

/**
 * Plans the operation of this name, or the only one if no name is given. Undefined if the document has no such operation,
 * and for what graphql-js executes: subscriptions, selections that depend on variables, and response names that an object
 * literal cannot have.
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Plan | undefined {
  if (!isPlannable(document)) return undefined;
  const fragments: Plan['fragments'] = Object.create(null);
  for (const [name, fragment] of fragmentsOf(document)) fragments[name] = fragment;
  const operations = document.definitions.filter(
    definition => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const named = operations.filter(({ name }) => (operationName ?? name?.value) === name?.value);
  const [operation] = named;
  const rootType = operation && schema.getRootType(operation.operation);
  if (!rootType || named.length > 1 || operation.operation === 'subscription') return undefined;

  const selections = new WeakMap<Field, Map<GraphQLObjectType, Selection>>();
  const root = collectFields(schema, fragments, {}, rootType, operation.selectionSet);
  return {
    schema,
    operation,
    fragments,
    coerceVariables: coercerOf(schema, operation.variableDefinitions ?? []),
    root: planSelection(schema, rootType, root),
    selectionOf(field, type) {
      const known = selections.get(field) ?? new Map<GraphQLObjectType, Selection>();
      selections.set(field, known);
      const selection =
        known.get(type) ??
        planSelection(schema, type, collectSubfields(schema, fragments, {}, type, field.nodes));
      known.set(type, selection);
      return selection;
    },
  };
}

/** Whether a document selects the same fields at every execution, under names that an object literal can have. */
function isPlannable(document: DocumentNode): boolean {
  let isIt = true;
  visit(document, {
    Directive({ arguments: args = [] }) {
      if (args.every(({ value }) => value.kind !== Kind.VARIABLE)) return undefined;
      isIt = false;
      return BREAK;
    },
    Field({ alias, name }) {
      if ((alias ?? name).value !== '__proto__') return undefined;
      isIt = false;
      return BREAK;
    },
  });
  return isIt;
}

function planSelection(
  schema: GraphQLSchema,
  parentType: GraphQLObjectType,
  collected: ReturnType<typeof collectFields>,
): Selection {
  const fields = [...collected].flatMap(([responseName, [first, ...others]]): PlannedField[] => {
    const definition = first && getFieldDef(schema, parentType, first);
    if (!first || !definition) return [];
    return [planField({ responseName, nodes: [first, ...others], definition, parentType })];
  });
  return { fields, execute: compileSelection(fields) };
}
