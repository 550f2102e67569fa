import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/** Documents that were parsed and found valid, by their whole text. */
export interface SoundDocuments {
  get(text: string): DocumentNode | undefined;
  /** Takes note of what passes. */
  plugin: Plugin;
}

const MOST_DOCUMENTS = 1_000;
const MOST_CHARACTERS = 8_000_000;

/** A cache by documents' texts: of those that were used last as many as have eight million characters together. */
export function byText<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache({
    max: MOST_DOCUMENTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_value, text) => text.length + 1,
  });
}

/** Keeps those that were used last. */
export function createSoundDocuments(): SoundDocuments {
  const documents = byText<DocumentNode>();
  return {
    get: text => documents.get(text),
    plugin: {
      onValidate({ params }) {
        const document: DocumentNode = params.documentAST;
        return ({ valid }) => {
          const text = document.loc?.source.body;
          if (valid && text !== undefined) documents.set(text, document);
        };
      },
    },
  };
}
