import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { createDocuments } from './documents.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { type GraphiQLTab, graphiqlPage } from './graphiql.ts';
import { presentError } from './present-error.ts';
import { schema } from './schema.ts';

/** GraphQL over HTTP, GraphiQL included, whose assets come with it. The caller has made the context. */
export function createGraphQL(options: { logger: Logger; tabs: readonly GraphiQLTab[] }) {
  const { logger, tabs } = options;
  const documents = createDocuments(schema);
  const yoga = createYoga<Ctx>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The default reflects any origin, with credentials.
    cors: false,
    multipart: false,
    batching: false,
    // What may be kept is kept by `documents`.
    parserAndValidationCache: false,
    logging: false,
    plugins: [documents.plugin],
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
