import { createYoga, type Plugin } from 'graphql-yoga';
import type { Ctx } from '../context.ts';
import { parseJson } from '../json/exact-numbers.ts';
import {
  createOperationObserver,
  noteErrors,
  type OperationObserver,
} from '../observability/observe-operations.ts';
import { createDocuments } from './documents.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { limitInvitations } from './limit-invitations.ts';
import { type ErrorLog, presentError } from './present-error.ts';
import { schema } from './schema.ts';

export interface GraphQLOptions extends ErrorLog {
  observeOperation?: OperationObserver | undefined;
}

/** Serves GraphQL over HTTP. The caller creates the context and serves GraphiQL. */
export function createGraphQL({
  observeOperation = createOperationObserver(),
  ...log
}: GraphQLOptions) {
  const documents = createDocuments(
    schema,
    (error, ctx) => presentError(error, log, ctx.requestId),
    observeOperation,
  );
  const yoga = createYoga<Ctx>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The default reflects any origin, with credentials; the app adds its own.
    cors: false,
    multipart: false,
    batching: false,
    // `documents` keeps what may be cached.
    parserAndValidationCache: false,
    logging: false,
    plugins: [
      exactNumbers,
      noteUnexecuted,
      limitInvitations(log),
      documents.plugin,
      explainMediaTypes,
    ],
    maskedErrors: { maskError: error => presentError(error, log) },
    graphiql: false,
  });
  return { yoga, documents };
}

/** Reads bodies as Yoga does, but also marks the numbers in variables that JavaScript cannot represent exactly. */
const exactNumbers: Plugin<Ctx, Ctx> = {
  onRequestParse({ request, requestParser, serverContext, setRequestParser }) {
    if (requestParser === undefined || request.method !== 'POST') return;
    // A caller without a token can store nothing.
    if (serverContext.actor.kind === 'anonymous') return;
    setRequestParser(async original => {
      const text = await original.text();
      const type = original.headers.get('content-type') ?? '';
      const params = await requestParser(
        new Request(original.url, {
          method: 'POST',
          headers: { 'content-type': type },
          body: text,
        }),
      );
      if (params instanceof Response || Array.isArray(params) || !params?.variables) return params;
      const isForm = type.startsWith('application/x-www-form-urlencoded');
      const written = isForm ? new URLSearchParams(text).get('variables') : text;
      const parsed: unknown = parseJson(written ?? '{}');
      Object.assign(params, isForm ? { variables: parsed } : parsed);
      return params;
    });
  },
};

/** Notes the errors of requests that were refused before execution, such as an invalid document. */
const noteUnexecuted: Plugin<Ctx, Ctx> = {
  onResultProcess({ result, serverContext: { record } }) {
    if (record?.operation !== undefined || !('errors' in result)) return;
    noteErrors(record, result.errors);
  },
};

const MEDIA_TYPES: Readonly<Record<number, { code: string; message: string }>> = {
  406: {
    code: 'NOT_ACCEPTABLE',
    message:
      'The Accept header names no type of GraphQL answers. Send application/graphql-response+json or application/json.',
  },
  415: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The body is not JSON. Send it with Content-Type: application/json.',
  },
};

/** Explains what to send instead, where Yoga refuses a media type with only a status. */
const explainMediaTypes: Plugin<Ctx, Ctx> = {
  onResponse({ response, setResponse, fetchAPI }) {
    const problem = MEDIA_TYPES[response.status];
    if (problem === undefined || response.body !== null) return;
    const { code, message } = problem;
    const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
    const headers = new fetchAPI.Headers(response.headers);
    headers.set('content-type', 'application/json; charset=utf-8');
    headers.delete('content-length');
    setResponse(new fetchAPI.Response(body, { status: response.status, headers }));
  },
};
