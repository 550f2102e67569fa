import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { MAX_TOKENS } from './limits.ts';

/** Parsed documents, by their full text. */
export interface DocumentCache {
  get(text: string): DocumentNode | undefined;
  keep(text: string, document: DocumentNode): void;
}

/**
 * The memory that a token of a document takes once the document is parsed and its operations are planned: the measured
 * maximum.
 */
const TOKEN_BYTES = 1_000;

const CHARACTER_BYTES = 2;

/** Creates a cache that keeps the most recently used documents, up to `mostBytes` of memory in total. */
export function createDocumentCache(mostBytes: number): DocumentCache {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: mostBytes,
    sizeCalculation: ({ tokenCount = MAX_TOKENS }, text) =>
      CHARACTER_BYTES * text.length + TOKEN_BYTES * tokenCount,
  });
  return {
    get: text => documents.get(text),
    keep(text, document) {
      if (documents.peek(text) !== document) documents.set(text, document);
    },
  };
}
