import { type GraphQLError, type GraphQLOutputType, isNonNullType, locatedError } from 'graphql';
import { type Path, pathToArray } from 'graphql/jsutils/Path.js';
import type { Field, FieldErrors, Run } from './types.ts';

/** Collects errors as graphql-js does, which drops those below a position that is null already. */
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

/** Makes a field, or an item of its list, null for an error. Throws the error where its type may not be null. */
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
