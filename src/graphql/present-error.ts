import { PothosValidationError } from '@pothos/core';
import { GraphQLError, Kind, parse, type Source } from 'graphql';
import type { Logger } from 'pino';
import { describeBusy } from '../db/constraints.ts';
import { InsufficientScope, Unauthenticated, UserError } from '../domain/errors.ts';
import type { SampledWarning } from '../observability/sampled-warning.ts';
import { TooManyRequests } from '../rate-limits/too-many-requests.ts';

/** Where unexpected errors are logged. */
export interface ErrorLog {
  logger: Logger;
  /** Logs that the database was too busy. */
  warnBusy: SampledWarning;
}

/** Returns what a client learns of an error: all of one that is meant for clients, nothing of any other. */
export function presentError(
  error: unknown,
  { logger, warnBusy }: ErrorLog,
  requestId?: string,
): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const cause = graphqlError ? graphqlError.originalError : error;
  if (graphqlError && (cause === undefined || cause === null || cause instanceof GraphQLError)) {
    return withCode(graphqlError);
  }
  const present = (message: string, extensions: Record<string, unknown>) =>
    new GraphQLError(message, {
      nodes: graphqlError?.nodes,
      path: graphqlError?.path,
      source: graphqlError?.source,
      positions: graphqlError?.positions,
      extensions,
    });
  // No resolver has run: the parameters are not JSON, or the document nests too deeply for the stack.
  if (
    graphqlError?.path === undefined &&
    (cause instanceof SyntaxError || cause instanceof RangeError)
  ) {
    return present('The request cannot be parsed.', { code: 'BAD_REQUEST', http: { status: 400 } });
  }
  if (cause instanceof Unauthenticated) {
    return present('This needs a bearer token in the Authorization header.', {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer realm="usher"' } },
    });
  }
  if (cause instanceof TooManyRequests) {
    const { message, headers } = cause;
    return present(message, { code: 'RATE_LIMITED', http: { status: 429, headers } });
  }
  if (cause instanceof UserError) {
    const scopes = cause instanceof InsufficientScope ? { scopes: cause.scopes } : {};
    return present(cause.message, { code: cause.code, ...scopes });
  }
  if (cause instanceof PothosValidationError) {
    return present(cause.message, { code: 'BAD_USER_INPUT' });
  }
  const busy = describeBusy(cause, { isRead: onlyReads(graphqlError?.source) });
  if (busy !== undefined) {
    const key = cause instanceof Error ? cause.message : '';
    warnBusy(key, { err: cause, requestId });
    return present(busy, {
      code: 'SERVICE_UNAVAILABLE',
      http: { status: 503, headers: { 'retry-after': '1' } },
    });
  }
  logger.error({ err: cause, requestId }, 'a resolver failed');
  return present('Unexpected error.', {
    code: 'INTERNAL_SERVER_ERROR',
    http: { status: 500 },
  });
}

/** Adds a code to an error of graphql-js about a whole request, since all errors of requests have one. */
function withCode(error: GraphQLError): GraphQLError {
  if (error.path !== undefined || error.extensions.code !== undefined) return error;
  const isVariable = error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;
  const code = isVariable ? 'BAD_USER_INPUT' : 'BAD_REQUEST';
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    extensions: { ...extensions, code },
  });
}

/** Whether an executed document cannot have changed anything. */
function onlyReads(source: Source | undefined): boolean {
  if (source === undefined) return false;
  const { definitions } = parse(source, { noLocation: true });
  return definitions.every(
    definition => definition.kind !== 'OperationDefinition' || definition.operation === 'query',
  );
}
