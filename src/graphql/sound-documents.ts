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

/** Keeps the thousand that were used last. */
export function createSoundDocuments(): SoundDocuments {
  const documents = new LRUCache<string, DocumentNode>({ max: MOST_DOCUMENTS });
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
