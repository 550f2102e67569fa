import { CSV } from '../../csv/write-rows.ts';
import { ROUTES } from '../app.ts';
import type { Route } from '../routing.ts';
import { type DescribedResponse, describeFailures } from './failures.ts';
import { healthEndpoints } from './health-operations.ts';
import { type JsonSchema, namedSchemas, schemaOf } from './json-schema.ts';
import {
  type Content,
  type Operation,
  SECURITY_SCHEMES,
  TAGS,
  TOO_MANY_REQUESTS,
} from './operation.ts';

/** An OpenAPI 3.1 document, with the types of the parts that the code reads. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: typeof SECURITY_SCHEMES };
  [key: string]: unknown;
}

/** An operation of the document. */
interface DescribedOperation {
  operationId: string;
  summary: string;
  description: string;
  parameters?: { name: string; in: string; example?: unknown }[];
  requestBody?: { required: true; content: DescribedResponse['content'] };
  responses: Record<string, DescribedResponse>;
  [key: string]: unknown;
}

const DESCRIPTION = `Seats of subscriptions and orders: assign them to people, invite, claim, revoke.

The endpoints are the ones that Polar and Spaire document, so an integration that was written for them works here.
GraphQL, at \`/graphql\`, has the same operations.

- Times are RFC 3339 in UTC. Ids are UUIDs in lower case.
- An error has a name in \`error\` for programs and a message in \`detail\` for people.
- A token is a bearer token in \`Authorization\`. All endpoints except the health checks reject an invalid token.
- Over a rate limit, the server answers 429 with \`Retry-After\`. It limits anonymous requests and wrong tokens by
  address, and, if configured, requests with a token by token.
- A path with a wrong trailing slash is answered with 307, a method that the path does not support with 405, and an
  internal error with 500 and plain text.`;

/**
 * Returns the OpenAPI document of the REST API. It is generated from the schemas that parse the requests and the errors of
 * the server.
 */
export async function describeApi(): Promise<OpenApiDocument> {
  return {
    openapi: '3.1.1',
    info: {
      title: 'usher',
      version: 'v1',
      summary: 'Sell software by the seat.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: await describePaths([...ROUTES, ...healthEndpoints]),
    components: { schemas: namedSchemas(), securitySchemes: SECURITY_SCHEMES },
  };
}

async function describePaths(
  routes: readonly Pick<Route, 'method' | 'path' | 'docs'>[],
): Promise<OpenApiDocument['paths']> {
  const paths: OpenApiDocument['paths'] = {};
  for (const { method, path, docs } of routes) {
    const name = openApiPath(path);
    // Health checks have no rate limit.
    const limited = docs.tag === 'Health' ? [] : [TOO_MANY_REQUESTS];
    const operation = { ...docs, failures: [...docs.failures, ...limited] };
    paths[name] = { ...paths[name], [method.toLowerCase()]: await describe(operation) };
  }
  return paths;
}

/** Returns a path in OpenAPI's notation: `/seats/{id}` for `/seats/:id`. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

async function describe(operation: Operation): Promise<DescribedOperation> {
  const { operationId, tag, summary, description, security, answer } = operation;
  const { path, query, header, body, failures } = operation;
  const parameters = [
    ...parametersIn('path', path),
    ...parametersIn('query', query),
    ...parametersIn('header', header),
  ];
  const contentType = answer.contentType ?? 'application/json';
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    security,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': described(body),
          ...(body.csv && { [CSV]: described(body.csv) }),
        },
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        content: {
          [contentType]: described(answer),
          ...(answer.csv && { [CSV]: described(answer.csv) }),
        },
      },
      ...(await describeFailures(failures)),
    },
  };
}

function described({ schema, examples }: Content) {
  return { schema: schemaOf(schema), examples };
}

function parametersIn(place: 'path' | 'query' | 'header', parameters: Operation['path']) {
  if (!parameters) return [];
  const { properties = {}, required = [] } = schemaOf(parameters.schema);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = Object(property);
    const example = parameters.examples[name];
    return {
      name,
      in: place,
      required: required.includes(name),
      description,
      schema,
      ...(example !== undefined && { example }),
    };
  });
}
