import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLErrorExtensions,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Ctx } from '../context.ts';
import type { OperationObserver } from '../observability/observe-operations.ts';
import { reading } from '../seats/read/reading.ts';
import { createDocumentCache } from './document-cache.ts';
import { requireSmallDocument } from './document-size.ts';
import { LARGEST_DOCUMENT } from './endpoint.ts';
import { createExecute } from './execution/execute.ts';
import { isPromise } from './execution/promises.ts';
import { MAX_TOKENS } from './limits.ts';
import { requireWithinLimits } from './operation-cost.ts';

/** Parses, validates, limits and executes documents. */
export interface Documents {
  /** Returns a document that was once allowed to execute for a caller with a token. */
  get(text: string): DocumentNode | undefined;
  plugin: Plugin<Ctx>;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** How much introspected schema counts as one more request: a larger introspection takes longer. */
const INTROSPECTION_PER_REQUEST = 1_000;

/**
 * Checks limits before it validates or executes a document, and keeps only documents within them. Keeps nothing from callers
 * without a token, so that they cannot evict what others use.
 */
export function createDocuments(
  schema: GraphQLSchema,
  present: (error: unknown, ctx: Ctx) => GraphQLError,
  observe: OperationObserver,
): Documents {
  const kept = createDocumentCache(MAX_BYTES);
  const valid = new WeakSet<DocumentNode>();
  const execute = createExecute(schema);
  return {
    get: text => kept.get(text),
    plugin: {
      onParse({ params: { source }, parseFn, setParseFn, setParsedDocument }) {
        const known = kept.get(String(source));
        if (known) {
          setParsedDocument(known);
          return;
        }
        setParseFn((text, options) => {
          try {
            requireShortText(text);
            const document: DocumentNode = parseFn(text, { ...options, maxTokens: MAX_TOKENS });
            requireSmallDocument(document);
            return document;
          } catch (error) {
            throw error instanceof GraphQLError ? cut(error) : error;
          }
        });
      },
      onValidate({ params: { documentAST }, setResult }) {
        if (valid.has(documentAST)) setResult([]);
        return ({ valid: isValid, result, setResult: answer }) => {
          if (isValid) valid.add(documentAST);
          // They always come from graphql-js.
          else answer((result as readonly GraphQLError[]).map(error => cut(error)));
        };
      },
      onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
        const { document, operationName, variableValues, contextValue } = args;
        const operation = getOperationAST(document, operationName);
        try {
          const introspection = operation
            ? requireWithinLimits(schema, document, operation, variableValues ?? {})
            : 0;
          contextValue.limits.charge(Math.floor(introspection / INTROSPECTION_PER_REQUEST));
        } catch (error) {
          setResultAndStopExecution({ errors: [present(error, contextValue)] });
          return;
        }
        // The context belongs to this request, and nothing has used it yet.
        if (operation?.operation === 'query') Object.assign(contextValue, reading(contextValue));
        const text = document.loc?.source.body;
        if (contextValue.actor.kind !== 'anonymous' && text !== undefined)
          kept.keep(text, document);
        setExecuteFn((executed: ExecutionArgs) => {
          // Errors are presented here, where the request that the log refers to is known.
          const answer = (result: ExecutionResult) =>
            asAnswered(result, error => present(error, contextValue));
          return observe(contextValue, operation ?? undefined, () => {
            const result = execute(executed);
            return isPromise(result) ? result.then(answer) : answer(result);
          });
        });
      },
    },
  };
}

/** A result without data is a request error, such as variables that do not fit: 400 (GraphQL over HTTP, 6.4). */
function asAnswered(
  result: ExecutionResult,
  present: (error: unknown) => GraphQLError,
): ExecutionResult {
  if (!result.errors) return result;
  if (result.data !== undefined) return { ...result, errors: result.errors.map(present) };
  return { errors: result.errors.map(error => present(cut(error, { http: { status: 400 } }))) };
}

const LONGEST_MESSAGE = 1_000;
const MAX_LOCATIONS = 10;

/** Truncates an error to which a hostile document or variable has given a long message or many locations. */
function cut(error: GraphQLError, added: GraphQLErrorExtensions = {}): GraphQLError {
  const { nodes, source, positions, path, originalError } = error;
  const message =
    error.message.length > LONGEST_MESSAGE
      ? `${error.message.slice(0, LONGEST_MESSAGE)}…`
      : error.message;
  return new GraphQLError(message, {
    ...{ source, path, originalError },
    nodes: nodes?.slice(0, MAX_LOCATIONS),
    positions: nodes ? undefined : positions?.slice(0, MAX_LOCATIONS),
    extensions: { ...added, ...error.extensions },
  });
}

/** Throws PAYLOAD_TOO_LARGE for a document that is too long to parse and keep. */
function requireShortText(text: string): void {
  if (Buffer.byteLength(text) <= LARGEST_DOCUMENT) return;
  throw new GraphQLError(
    `The document exceeds ${LARGEST_DOCUMENT} bytes. Send its values as variables.`,
    { extensions: { code: 'PAYLOAD_TOO_LARGE', http: { status: 400, spec: true } } },
  );
}
