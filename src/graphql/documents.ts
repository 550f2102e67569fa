import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Ctx } from '../context.ts';
import { requireSmallDocument } from './document-size.ts';
import { createExecute } from './execution/execute.ts';
import { MOST_TOKENS } from './limits.ts';
import { requireWithinLimits } from './operation-cost.ts';

/** Documents that were parsed, found valid, and allowed to be executed for a caller with a token; by their whole text. */
export interface Documents {
  get(text: string): DocumentNode | undefined;
  /** Parses, validates, limits and executes what comes, and keeps it. */
  plugin: Plugin<Ctx>;
}

const MOST_BYTES = 64 * 1024 * 1024;

/** What a token of a document takes of memory, once it is parsed and its operations are planned: measured, at the most. */
const TOKEN_BYTES = 1_000;

/** Keeps those that were used last, as many as have room in 64 MiB. */
export function createDocuments(schema: GraphQLSchema): Documents {
  const kept = new LRUCache<string, DocumentNode>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ tokenCount = MOST_TOKENS }, text) =>
      2 * text.length + TOKEN_BYTES * tokenCount,
  });
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
        if (contextValue.actor.kind !== 'anonymous' && text !== undefined && !kept.has(text)) {
          kept.set(text, document);
        }
        setExecuteFn(execute);
      },
    },
  };
}
