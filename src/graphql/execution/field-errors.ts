import { type GraphQLError, type GraphQLOutputType, isNonNullType, locatedError } from 'graphql';
import { type Path, pathToArray } from 'graphql/jsutils/Path.js';
import type { Field, FieldErrors, Run } from './types.ts';

/** Collects errors as graphql-js does: it drops errors below a position that is already null. */
export function createFieldErrors(): FieldErrors {
  const list: GraphQLError[] = [];
  const nulled = new Set<Path | undefined>();
  const isNulled = (position: Path | undefined): boolean => {
    for (let at = position; at !== undefined; at = at.prev) if (nulled.has(at)) return true;
    return nulled.has(undefined);
  };
  return {
    list,
    add(error, position) {
      if (isNulled(position)) return;
      nulled.add(position);
      list.push(error);
    },
  };
}

/** Turns an error into null for a field or an item of its list. Throws the error if the type is not nullable. */
export function failField(
  run: Run,
  field: Field,
  type: GraphQLOutputType,
  path: Path,
  cause: unknown,
): null {
  const error = locatedError(cause, field.nodes, pathToArray(path));
  if (isNonNullType(type)) throw error;
  run.errors.add(error, path);
  return null;
}
