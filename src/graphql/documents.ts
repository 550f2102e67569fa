import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Ctx } from '../context.ts';
import { createDocumentCache } from './document-cache.ts';
import { requireSmallDocument } from './document-size.ts';
import { createExecute } from './execution/execute.ts';
import { isPromise } from './execution/promises.ts';
import { MOST_TOKENS } from './limits.ts';
import { requireWithinLimits } from './operation-cost.ts';

/** Parses, validates, limits and executes what comes. */
export interface Documents {
  /** A document that was allowed to be executed for a caller with a token. */
  get(text: string): DocumentNode | undefined;
  plugin: Plugin<Ctx>;
}

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Limits come before anything is validated or executed, and only what they allow is kept: nothing of callers without a
 * token, so that nobody unknown drives out what others use.
 */
export function createDocuments(schema: GraphQLSchema): Documents {
  const kept = createDocumentCache(MOST_BYTES);
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
          const document: DocumentNode = parseFn(text, { ...options, maxTokens: MOST_TOKENS });
          requireSmallDocument(document);
          return document;
        });
      },
      onValidate({ params: { documentAST }, setResult }) {
        if (valid.has(documentAST)) setResult([]);
        return ({ valid: isValid }) => {
          if (isValid) valid.add(documentAST);
        };
      },
      onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
        const { document, operationName, variableValues, contextValue } = args;
        const operation = getOperationAST(document, operationName);
        try {
          if (operation) requireWithinLimits(schema, document, operation, variableValues ?? {});
        } catch (error) {
          setResultAndStopExecution({ errors: [error] });
          return;
        }
        const text = document.loc?.source.body;
        if (contextValue.actor.kind !== 'anonymous' && text !== undefined)
          kept.keep(text, document);
        setExecuteFn((executed: ExecutionArgs) => {
          const result = execute(executed);
          return isPromise(result) ? result.then(asAnswered) : asAnswered(result);
        });
      },
    },
  };
}

/** A result without data is a request error, such as variables that do not fit: 400 (GraphQL over HTTP, 6.4). */
function asAnswered(result: ExecutionResult): ExecutionResult {
  if (result.data !== undefined || !result.errors) return result;
  const errors = result.errors.map(error => {
    const { message, nodes, source, positions, path, originalError, extensions } = error;
    const http = { status: 400 };
    return new GraphQLError(message, {
      ...{ nodes, source, positions, path, originalError },
      extensions: { http, ...extensions },
    });
  });
  return { errors };
}
