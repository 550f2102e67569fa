import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { MAX_TOKENS } from './limits.ts';

/** Documents that were parsed, by their whole text. */
export interface DocumentCache {
  get(text: string): DocumentNode | undefined;
  keep(text: string, document: DocumentNode): void;
}

/** What a token of a document takes of memory once it is parsed and its operations are planned: measured, at the most. */
const TOKEN_BYTES = 1_000;

const CHARACTER_BYTES = 2;

/** Keeps the documents that were used last, as many as take so many bytes of memory together. */
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
