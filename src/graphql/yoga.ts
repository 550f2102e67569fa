import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { parseJson } from '../json/exact-numbers.ts';
import { executeCompiled } from './compiled.ts';
import { GRAPHQL_PATH } from './endpoint.ts';
import { type GraphiQLTab, graphiqlPage } from './graphiql.ts';
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
    plugins: [limitTokens, exactNumbers, documents.plugin, executeCompiled],
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

/** Reads bodies as Yoga does, but remembers the numbers in variables that JavaScript cannot keep as they are written. */
const exactNumbers: Plugin = {
  onRequestParse({ request, requestParser, setRequestParser }) {
    if (requestParser === undefined || request.method !== 'POST') return;
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
