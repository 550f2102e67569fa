import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { executeCompiled } from './compiled.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { presentError } from './present-error.ts';
import { schema } from './schema.ts';
import { byText, createSoundDocuments } from './sound-documents.ts';

const MOST_TOKENS = 4_000;

/** GraphQL over HTTP. The caller has made the context. */
export function createGraphQL({ logger }: { logger: Logger }) {
  const documents = createSoundDocuments();
  const yoga = createYoga<Ctx>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The default reflects any origin, with credentials.
    cors: false,
    multipart: false,
    batching: false,
    parserAndValidationCache: { documentCache: byText(), errorCache: byText() },
    logging: false,
    plugins: [limitTokens, documents.plugin, executeCompiled],
    maskedErrors: { maskError: error => presentError(error, logger) },
    graphiql: false,
  });
  return { yoga, documents };
}

/** Refuses a document that is longer, or nests deeper, than any that is meant well, before it costs anything. */
const limitTokens: Plugin = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MOST_TOKENS }));
  },
};
