import { PothosValidationError } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { InsufficientScope, SeatError, Unauthenticated } from '../seats/errors.ts';
import { type GraphiQLTab, graphiqlPage } from './graphiql.ts';
import { schema } from './schema.ts';

/** Where GraphQL is served. */
export const GRAPHQL_PATH = '/graphql';

/** GraphQL over HTTP, GraphiQL included, whose assets come with it. The caller has made the context. */
export function createGraphQL(options: { logger: Logger; tabs: readonly GraphiQLTab[] }) {
  const { logger, tabs } = options;
  return createYoga<Ctx>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The default reflects any origin, with credentials.
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: { maskError: error => presentError(error, logger) },
    graphiql: {
      title: 'usher',
      shouldPersistHeaders: true,
      defaultQuery: '{ viewer { kind } }',
    },
    renderGraphiQL: graphiqlPage(tabs),
  });
}

/** What a client is told of an error: everything of one that is meant for it, nothing of any other. */
function presentError(error: unknown, logger: Logger): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const cause = graphqlError ? graphqlError.originalError : error;
  if (graphqlError && (cause === undefined || cause === null || cause instanceof GraphQLError)) {
    return graphqlError;
  }
  const present = (message: string, extensions: Record<string, unknown>) =>
    new GraphQLError(message, {
      nodes: graphqlError?.nodes,
      path: graphqlError?.path,
      source: graphqlError?.source,
      positions: graphqlError?.positions,
      extensions,
    });
  if (cause instanceof Unauthenticated) {
    return present('This needs a bearer token in the Authorization header.', {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer realm="usher"' } },
    });
  }
  if (cause instanceof SeatError) {
    const scopes = cause instanceof InsufficientScope ? { scopes: cause.scopes } : {};
    return present(cause.message, { code: cause.code, ...scopes });
  }
  if (cause instanceof PothosValidationError) {
    return present(cause.message, { code: 'BAD_USER_INPUT' });
  }
  logger.error({ err: cause }, 'a resolver failed');
  return present('Unexpected error.', {
    code: 'INTERNAL_SERVER_ERROR',
    http: { status: 500 },
  });
}
