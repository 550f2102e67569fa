import {
  defaultFieldResolver,
  type GraphQLResolveInfo,
  getArgumentValues,
  isLeafType,
  isNonNullType,
  TypeNameMetaFieldDef,
} from 'graphql';
import { addPath, type Path } from 'graphql/jsutils/Path.js';
import { type Complete, completeLeaf, completerOf, requireValue } from './complete.ts';
import { failField } from './field-errors.ts';
import { isPromise } from './promises.ts';
import type { Field, PlannedField, Run } from './types.ts';

/** Prepares a field for execution. */
export function planField(field: Field): PlannedField {
  const { definition, parentType } = field;
  if (definition === TypeNameMetaFieldDef) return { ...field, execute: () => parentType.name };
  const isProperty = !definition.resolve && definition.args.length === 0;
  if (!isProperty) return { ...field, execute: resolverOf(field) };
  const show = showerOf(field);
  const execute: PlannedField['execute'] = (run, source, parentPath) =>
    show(run, source, parentPath, propertyOf(source, definition.name));
  return { ...field, execute, show };
}

function propertyOf(source: unknown, name: string): unknown {
  const isObject = (typeof source === 'object' && source !== null) || typeof source === 'function';
  return isObject ? (source as Record<string, unknown>)[name] : undefined;
}

/** Shows a property of the parent. Most are scalars or enums, which need a path only if they fail. */
function showerOf(field: Field): NonNullable<PlannedField['show']> {
  const { definition, parentType, responseName } = field;
  const { type } = definition;
  const nullable = isNonNullType(type) ? type.ofType : type;
  const leaf = isLeafType(nullable) ? nullable : undefined;
  const isRequired = isNonNullType(type);
  const call = resolverOf(field);
  const complete = completerOf(type);
  return (run, source, parentPath, value) => {
    if (typeof value === 'function') return call(run, source, parentPath);
    if (leaf === undefined || isPromise(value)) {
      const path = addPath(parentPath, responseName, parentType.name);
      const info = infoOf(run, field, path);
      try {
        return settleField(run, field, info, path, complete, value);
      } catch (error) {
        return failField(run, field, type, path, error);
      }
    }
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
    const info = infoOf(run, field, path);
    try {
      const args =
        parameters.length === 0 ? {} : getArgumentValues(definition, nodes[0], run.variables);
      const value: unknown = resolve(source, args, run.contextValue, info);
      return settleField(run, field, info, path, complete, value);
    } catch (error) {
      return failField(run, field, type, path, error);
    }
  };
}

/** Completes a field's value, or a promise of it. Handles a later failure; throws an immediate one. */
function settleField(
  run: Run,
  field: Field,
  info: GraphQLResolveInfo,
  path: Path,
  complete: Complete,
  value: unknown,
): unknown {
  const completed = isPromise(value)
    ? value.then(settled => complete(run, field, info, path, settled))
    : complete(run, field, info, path, value);
  if (!isPromise(completed)) return completed;
  const { type } = field.definition;
  return completed.then(undefined, error => failField(run, field, type, path, error));
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
