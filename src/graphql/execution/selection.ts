import { GraphQLID, type GraphQLOutputType, GraphQLString, isNonNullType } from 'graphql';
import { isPromise } from './promises.ts';
import type { ExecuteSelection, PlannedField, Results } from './types.ts';

/**
 * Compiles the function that executes the fields of a selection concurrently. Its source contains nothing of an operation
 * but names, which GraphQL limits to letters, digits and underscores. Writing an object as a literal with all its properties
 * is several times faster than adding them one by one.
 */
export function compileSelection(fields: readonly PlannedField[]): ExecuteSelection {
  const executors = fields.map((_, index) => `execute${index}`).join(', ');
  const empty = fields.map(({ responseName }) => `${responseName}: null`).join(', ');
  const source = `
    const [${executors}] = executors;
    return (run, source, path) => {
      const results = { ${empty} };
      const object = typeof source === 'object' || typeof source === 'function' ? source : undefined;
      let isPending = false;
      let value;
      try {
        ${fields.map(sourceOf).join('\n        ')}
      } catch (error) {
        if (!isPending) throw error;
        // What is under way ends first, and its own failure is not left unhandled.
        return settle(results).finally(() => { throw error; });
      }
      return isPending ? settle(results) : results;
    };`;
  const executorsOf = fields.map(({ execute, show }) => show ?? execute);
  return new Function('executors', 'isPromise', 'settle', source)(executorsOf, isPromise, settle);
}

function sourceOf({ responseName, definition, show }: PlannedField, index: number): string {
  const result = `results.${responseName}`;
  const settle = `if (isPromise(value)) isPending = true;`;
  if (!show) return `${result} = value = execute${index}(run, source, path); ${settle}`;
  const read = `value = object?.${definition.name};`;
  const showIt = `${result} = value = execute${index}(run, source, path, value); ${settle}`;
  // A string needs no conversion.
  return isText(definition.type)
    ? `${read} if (typeof value === 'string') ${result} = value; else { ${showIt} }`
    : `${read} ${showIt}`;
}

function isText(type: GraphQLOutputType): boolean {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return nullable === GraphQLString || nullable === GraphQLID;
}

/** Returns the results once all of them have settled. */
async function settle(results: Results): Promise<Results> {
  const values = await Promise.all(Object.values(results));
  for (const [index, name] of Object.keys(results).entries()) results[name] = values[index];
  return results;
}
