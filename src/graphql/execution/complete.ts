import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { addPath, type Path } from 'graphql/jsutils/Path.js';
import { failField } from './field-errors.ts';
import { isPromise, type MaybePromise } from './promises.ts';
import type { Field, Run } from './types.ts';

/** Turns a resolver's value into the value in the response, or a promise of it. Throws or rejects if the field fails. */
export type Complete = (
  run: Run,
  field: Field,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
) => unknown;

const completers = new WeakMap<GraphQLOutputType, Complete>();

/** Returns the function that completes values of this type. */
export function completerOf(type: GraphQLOutputType): Complete {
  const known = completers.get(type);
  if (known !== undefined) return known;
  const complete = isNonNullType(type) ? requiredOf(type.ofType) : nullableOf(type);
  completers.set(type, complete);
  return complete;
}

function requiredOf(type: GraphQLOutputType): Complete {
  const complete = completerOf(type);
  return (run, field, info, path, value) =>
    requireValue(field, complete(run, field, info, path, value));
}

/** Returns the value of a non-nullable field. Throws if it is null. */
export function requireValue(field: Field, value: unknown): unknown {
  if (value !== null) return value;
  const name = `${field.parentType.name}.${field.definition.name}`;
  throw new Error(`Cannot return null for non-nullable field ${name}.`);
}

function nullableOf(type: GraphQLOutputType): Complete {
  const complete = presentOf(type);
  return (run, field, info, path, value) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(run, field, info, path, value);
  };
}

/** Returns the function that completes a value that is neither null nor an error. */
function presentOf(type: GraphQLOutputType): Complete {
  if (isListType(type)) return listOf(type.ofType);
  if (isObjectType(type)) return objectOf(type);
  if (isLeafType(type)) return (_run, _field, _info, _path, value) => completeLeaf(type, value);
  return isNonNullType(type) ? completerOf(type) : abstractOf(type);
}

/** Serializes a scalar or an enum. */
export function completeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) return null;
  const shown: unknown = type.serialize(value);
  if (shown === null || shown === undefined) throw new Error(`A ${type.name} became ${shown}.`);
  return shown;
}

function listOf(itemType: GraphQLOutputType): Complete {
  const complete = completerOf(itemType);
  return (run, field, info, path, value) => {
    if (!isIterable(value)) {
      const name = `${info.parentType.name}.${info.fieldName}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    const items: unknown[] = [];
    const pending: Promise<unknown>[] = [];
    try {
      for (const item of value) {
        const itemPath = addPath(path, items.length, undefined);
        const completed = completeItem(run, field, info, itemPath, item);
        items.push(completed);
        if (isPromise(completed)) pending.push(completed);
      }
    } catch (error) {
      // The list is already null: nobody sees what else fails in it, and an unhandled rejection must not stop the process.
      for (const item of pending) item.catch(() => undefined);
      throw error;
    }
    return pending.length > 0 ? Promise.all(items) : items;
  };

  function completeItem(
    run: Run,
    field: Field,
    info: GraphQLResolveInfo,
    path: Path,
    item: unknown,
  ): unknown {
    try {
      const completed = isPromise(item)
        ? item.then(settled => complete(run, field, info, path, settled))
        : complete(run, field, info, path, item);
      return isPromise(completed)
        ? completed.then(undefined, error => failField(run, field, itemType, path, error))
        : completed;
    } catch (error) {
      return failField(run, field, itemType, path, error);
    }
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function abstractOf(type: GraphQLAbstractType): Complete {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (run, field, info, path, value) => {
    const { schema } = run.plan;
    const completeAs = (name: string | undefined) => {
      const objectType = name === undefined ? undefined : schema.getType(name);
      if (!isObjectType(objectType) || !schema.isSubType(type, objectType)) {
        throw new Error(`${name} is no type of ${type.name}.`);
      }
      return completerOf(objectType)(run, field, info, path, value);
    };
    const name: MaybePromise<string | undefined> = resolveType(value, run.contextValue, info, type);
    return isPromise(name) ? name.then(completeAs) : completeAs(name);
  };
}

function objectOf(type: GraphQLObjectType): Complete {
  return (run, field, info, path, value) => {
    const selection = run.plan.selectionOf(field, type);
    if (!type.isTypeOf) return selection.execute(run, value, path);
    const isOfType: MaybePromise<boolean> = type.isTypeOf(value, run.contextValue, info);
    const execute = (isIt: boolean) => {
      if (!isIt) throw new Error(`${info.fieldName} is no ${type.name}.`);
      return selection.execute(run, value, path);
    };
    return isPromise(isOfType) ? isOfType.then(execute) : execute(isOfType);
  };
}
