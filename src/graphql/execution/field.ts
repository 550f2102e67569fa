import {
  defaultFieldResolver,
  type GraphQLLeafType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isLeafType,
  isNonNullType,
  TypeNameMetaFieldDef,
} from 'graphql';
import { addPath, type Path } from 'graphql/jsutils/Path.js';
import { completeLeaf, completerOf, requireValue } from './complete.ts';
import { failField } from './field-errors.ts';
import { isPromise } from './promises.ts';
import type { Field, PlannedField, Run } from './types.ts';

/** How a field is executed. */
export function executorOf(field: Field): PlannedField['execute'] {
  const { definition, parentType } = field;
  if (definition === TypeNameMetaFieldDef) return () => parentType.name;
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  const isProperty = !definition.resolve && definition.args.length === 0;
  return isProperty && isLeafType(type) ? readerOf(field, type) : resolverOf(field);
}

/**
 * Shows a property of the parent as a scalar or an enum, as most fields do: without the resolver's info, and without a
 * path unless it fails.
 */
function readerOf(field: Field, leaf: GraphQLLeafType): PlannedField['execute'] {
  const { definition, parentType, responseName } = field;
  const { name, type } = definition;
  const isRequired = isNonNullType(type);
  const executeAny = resolverOf(field);
  return (run, source, parentPath) => {
    if (typeof source !== 'object' || source === null) return executeAny(run, source, parentPath);
    const value = (source as Record<string, unknown>)[name];
    if (typeof value === 'function' || isPromise(value)) return executeAny(run, source, parentPath);
    try {
      const shown = completeLeaf(leaf, value);
      return isRequired ? requireValue(field, shown) : shown;
    } catch (error) {
      return failField(run, field, type, addPath(parentPath, responseName, parentType.name), error);
    }
  };
}

function resolverOf(field: Field): PlannedField['execute'] {
  const { definition, nodes, parentType, responseName } = field;
  const { args: parameters, resolve = defaultFieldResolver, type } = definition;
  const complete = completerOf(type);
  return (run, source, parentPath) => {
    const path = addPath(parentPath, responseName, parentType.name);
    const fail = (error: unknown) => failField(run, field, type, path, error);
    try {
      const info = infoOf(run, field, path);
      const args =
        parameters.length === 0 ? {} : getArgumentValues(definition, nodes[0], run.variables);
      const value: unknown = resolve(source, args, run.contextValue, info);
      const completed = isPromise(value)
        ? value.then(settled => complete(run, field, info, path, settled))
        : complete(run, field, info, path, value);
      return isPromise(completed) ? completed.then(undefined, fail) : completed;
    } catch (error) {
      return fail(error);
    }
  };
}

function infoOf(
  run: Run,
  { definition, nodes, parentType }: Field,
  path: Path,
): GraphQLResolveInfo {
  const { schema, fragments, operation } = run.plan;
  return {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema,
    fragments,
    rootValue: run.rootValue,
    operation,
    variableValues: run.variables,
  };
}
