import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { createDocuments } from './documents.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { limitInvitations } from './limit-invitations.ts';
import { presentError } from './present-error.ts';
import { schema } from './schema.ts';

/** GraphQL over HTTP. The caller has made the context, and serves GraphiQL. */
export function createGraphQL({ logger }: { logger: Logger }) {
  const documents = createDocuments(schema);
  const yoga = createYoga<Ctx>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The default reflects any origin, with credentials; the app adds its own.
    cors: false,
    multipart: false,
    batching: false,
    // What may be kept is kept by `documents`.
    parserAndValidationCache: false,
    logging: false,
    plugins: [limitInvitations(logger), documents.plugin],
    maskedErrors: { maskError: error => presentError(error, logger) },
    graphiql: false,
  });
  return { yoga, documents };
}
