import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInputObjectType,
  type SourceLocation,
  type TypeNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

/** At which execution an operation is compiled: what is asked once is not worth it. */
const WORTHWHILE = 2;

// Loaded with the first operation that comes again, which goes on without.
let compiler: typeof import('graphql-jit') | undefined;
let isLoading = false;

function loadCompiler(): void {
  if (isLoading) return;
  isLoading = true;
  import('graphql-jit').then(
    loaded => {
      compiler = loaded;
    },
    () => undefined,
  );
}

/** An operation of a parsed document. */
interface Operation {
  executions: number;
  /** Null where it cannot be compiled. */
  compiled: CompiledQuery | null | undefined;
}

// As long as the parsed documents, and so bounded by the cache of those; by the operation's name.
const operations = new WeakMap<DocumentNode, Map<string, Operation>>();

/**
 * Executes operations that come again as compiled functions, and leaves the rest to the usual executor: what comes for
 * the first time, what cannot be compiled, and variables that do not fit, so that their errors are the usual ones.
 */
export const executeCompiled: Plugin = {
  onExecute({ args, executeFn, setExecuteFn }) {
    const { schema, document, operationName }: ExecutionArgs = args;
    const compiled = compiledOf(schema, document, operationName ?? '');
    if (!compiled) return;
    setExecuteFn(({ rootValue, contextValue, variableValues }: ExecutionArgs) => {
      // The compiled function takes any number of keys for an input that is to have exactly one.
      if (!fits(schema, document, operationName, variableValues)) return executeFn(args);
      const settle = (result: ExecutionResult) =>
        // Without data nothing was executed yet.
        'data' in result ? located(result, document) : executeFn(args);
      const result = compiled.query(rootValue, contextValue, variableValues ?? {});
      return result instanceof Promise ? result.then(settle) : settle(result);
    });
  },
};

function fits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  values: ExecutionArgs['variableValues'],
): boolean {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const inputs = definitions.filter(({ type }) => isInputObjectType(schema.getType(nameOf(type))));
  return getVariableValues(schema, inputs, values ?? {}, { maxErrors: 1 }).errors === undefined;
}

function nameOf(type: TypeNode): string {
  return type.kind === 'NamedType' ? type.name.value : nameOf(type.type);
}

function compiledOf(schema: GraphQLSchema, document: DocumentNode, name: string) {
  const named = operations.get(document) ?? new Map<string, Operation>();
  operations.set(document, named);
  const operation = named.get(name) ?? { executions: 0, compiled: undefined };
  // A name that the document does not have is no reason to remember it.
  if (named.size <= document.definitions.length) named.set(name, operation);
  operation.executions += 1;
  if (operation.executions >= WORTHWHILE) {
    operation.compiled ??= compile(schema, document, name);
  }
  return operation.compiled;
}

function compile(schema: GraphQLSchema, document: DocumentNode, name: string) {
  loadCompiler();
  if (compiler === undefined) return undefined;
  // As a name in the answer it would be lost: the compiled function writes an object literal.
  if (document.loc?.source.body.includes('__proto__')) return null;
  const compiled = compiler.compileQuery(schema, document, name === '' ? undefined : name, {
    useExperimentalPathBasedSkipInclude: true,
    disablingCapturingStackErrors: true,
  });
  return compiler.isCompiledQuery(compiled) ? compiled : null;
}

/** The errors as the usual executor has them: it knows where in the document they belong, and not only in figures. */
function located(result: ExecutionResult, document: DocumentNode): ExecutionResult {
  const source = document.loc?.source;
  if (!result.errors || source === undefined) return result;
  const errors = result.errors.map(({ message, path, locations, originalError, extensions }) => {
    const positions = locations?.map(location => offsetOf(location, source.body));
    return new GraphQLError(message, { source, positions, path, originalError, extensions });
  });
  // Errors come first, where a person looks.
  return { errors, data: result.data };
}

function offsetOf({ line, column }: SourceLocation, body: string): number {
  const lineEnd = /\r\n|[\n\r]/g;
  for (let ends = 1; ends < line; ends++) lineEnd.exec(body);
  return lineEnd.lastIndex + column - 1;
}
