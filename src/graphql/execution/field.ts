import {
  defaultFieldResolver,
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

/** Makes a field ready to be executed. */
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

/** Shows a property of the parent, in most cases a scalar or an enum, which needs no path unless it fails. */
function showerOf(field: Field): NonNullable<PlannedField['show']> {
  const { definition, parentType, responseName } = field;
  const { type } = definition;
  const nullable = isNonNullType(type) ? type.ofType : type;
  const leaf = isLeafType(nullable) ? nullable : undefined;
  const isRequired = isNonNullType(type);
  const call = resolverOf(field);
  const finish = finisherOf(field);
  return (run, source, parentPath, value) => {
    if (typeof value === 'function') return call(run, source, parentPath);
    if (leaf === undefined || isPromise(value)) {
      const path = addPath(parentPath, responseName, parentType.name);
      return finish(run, path, infoOf(run, field, path), () => value);
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
  const { args: parameters, resolve = defaultFieldResolver } = definition;
  const finish = finisherOf(field);
  return (run, source, parentPath) => {
    const path = addPath(parentPath, responseName, parentType.name);
    const info = infoOf(run, field, path);
    return finish(run, path, info, () => {
      const args =
        parameters.length === 0 ? {} : getArgumentValues(definition, nodes[0], run.variables);
      return resolve(source, args, run.contextValue, info);
    });
  };
}

/** Completes what a field's value is, at once or later, or fails the field. */
function finisherOf(field: Field) {
  const { type } = field.definition;
  const complete = completerOf(type);
  return (run: Run, path: Path, info: GraphQLResolveInfo, resolve: () => unknown): unknown => {
    const fail = (error: unknown) => failField(run, field, type, path, error);
    try {
      const value = resolve();
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
