import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { executeCompiled } from './compiled.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { type GraphiQLTab, graphiqlPage } from './graphiql.ts';
import { limitInvitations } from './limit-invitations.ts';
import { presentError } from './present-error.ts';
import { schema } from './schema.ts';
import { byText, createSoundDocuments } from './sound-documents.ts';

const MOST_TOKENS = 4_000;

/** GraphQL over HTTP, GraphiQL included, whose assets come with it. The caller has made the context. */
export function createGraphQL(options: { logger: Logger; tabs: readonly GraphiQLTab[] }) {
  const { logger, tabs } = options;
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
    plugins: [limitTokens, documents.plugin, limitInvitations(logger), executeCompiled],
    maskedErrors: { maskError: error => presentError(error, logger) },
    graphiql: {
      title: 'usher',
      shouldPersistHeaders: true,
      defaultQuery: '{ viewer { kind } }',
    },
    renderGraphiQL: graphiqlPage(tabs),
  });
  return { yoga, documents };
}

/** Refuses a document that is longer, or nests deeper, than any that is meant well, before it costs anything. */
const limitTokens: Plugin = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MOST_TOKENS }));
  },
};
