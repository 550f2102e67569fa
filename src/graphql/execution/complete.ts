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

/** From a resolver's value to what the response shows, or a promise of it. Throws, or rejects, where the field fails. */
type Complete = (
  run: Run,
  field: Field,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
) => unknown;

const completers = new WeakMap<GraphQLOutputType, Complete>();

/** How values of this type are completed. */
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

/** Throws where a value that may not be null is. */
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

/** How a value is completed that is neither null nor an error. */
function presentOf(type: GraphQLOutputType): Complete {
  if (isListType(type)) return listOf(type.ofType);
  if (isObjectType(type)) return objectOf(type);
  if (isLeafType(type)) return (_run, _field, _info, _path, value) => completeLeaf(type, value);
  return isNonNullType(type) ? completerOf(type) : abstractOf(type);
}

/** Shows a scalar or an enum. */
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
    const pending: Promise<unknown>[] = [];
    const completeItem = (item: unknown, index: number) => {
      const itemPath = addPath(path, index, undefined);
      const fail = (error: unknown) => failField(run, field, itemType, itemPath, error);
      try {
        const completed = isPromise(item)
          ? item.then(settled => complete(run, field, info, itemPath, settled))
          : complete(run, field, info, itemPath, item);
        if (!isPromise(completed)) return completed;
        const settled = completed.then(undefined, fail);
        pending.push(settled);
        return settled;
      } catch (error) {
        return fail(error);
      }
    };
    try {
      const items = Array.isArray(value)
        ? value.map(completeItem)
        : Array.from(value, completeItem);
      return pending.length > 0 ? Promise.all(items) : items;
    } catch (error) {
      // The list is null already: what else fails in it is nobody's to hear of, and must not stop the process.
      for (const item of pending) item.catch(() => undefined);
      throw error;
    }
  };
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
    const isOfType: MaybePromise<boolean> = type.isTypeOf?.(value, run.contextValue, info) ?? true;
    const execute = (isIt: boolean) => {
      if (!isIt) throw new Error(`${info.fieldName} is no ${type.name}.`);
      return selection.execute(run, value, path);
    };
    return isPromise(isOfType) ? isOfType.then(execute) : execute(isOfType);
  };
}
