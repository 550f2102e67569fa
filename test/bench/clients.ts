/** A GraphQL operation, as a client is given it. */
export interface Operation {
  query: string;
  operationName: string;
  variables: object;
}

/** What a GraphQL client sends, but for the token. */
export interface Client {
  title: string;
  headers: Readonly<Record<string, string>>;
  bodyOf(operation: Operation): object;
}

/** What `fetch` of Node.js adds to each request. */
const NODE_FETCH = {
  connection: 'keep-alive',
  'accept-language': '*',
  'sec-fetch-mode': 'cors',
  'user-agent': 'node',
  'accept-encoding': 'gzip, deflate',
};

/** What `fetch` of Chrome adds to each request to another origin. */
const CHROME_FETCH = {
  Connection: 'keep-alive',
  'sec-ch-ua-platform': '"macOS"',
  'User-Agent':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'sec-ch-ua': '"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"',
  'sec-ch-ua-mobile': '?0',
  Origin: 'https://app.example.com',
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Dest': 'empty',
  Referer: 'https://app.example.com/',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'en-US,en;q=0.9',
};

const JSON_TYPE = 'application/json';

/** The clients whose requests are measured, by name. */
export const CLIENTS = {
  apollo: {
    title: 'Apollo Client 4',
    headers: {
      ...NODE_FETCH,
      accept: 'application/graphql-response+json,application/json;q=0.9',
      'content-type': JSON_TYPE,
    },
    bodyOf: ({ query, operationName, variables }) => ({
      operationName,
      variables,
      extensions: { clientLibrary: { name: '@apollo/client', version: '4.0.9' } },
      query,
    }),
  },
  urql: {
    title: 'urql',
    headers: {
      ...NODE_FETCH,
      accept:
        'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'content-type': JSON_TYPE,
    },
    bodyOf: ({ query, operationName, variables }) => ({ operationName, query, variables }),
  },
  relay: {
    title: 'Relay',
    headers: {
      ...NODE_FETCH,
      accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      'content-type': JSON_TYPE,
    },
    bodyOf: ({ query, variables }) => ({ query, variables }),
  },
  'graphql-request': {
    title: 'graphql-request',
    headers: {
      ...NODE_FETCH,
      accept: 'application/graphql-response+json, application/json',
      'content-type': JSON_TYPE,
    },
    bodyOf: ({ query, operationName, variables }) => ({ query, variables, operationName }),
  },
  gateway: {
    title: 'a gateway',
    headers: {
      ...NODE_FETCH,
      accept: 'application/graphql-response+json, application/json, multipart/mixed',
      'content-type': JSON_TYPE,
      'x-request-id': '0f0d6a5c-5d0e-4c59-9b1c-1f7d3f6a7c11',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    bodyOf: ({ query, operationName, variables }) => ({
      query,
      variables,
      operationName,
      extensions: {},
    }),
  },
  browser: {
    title: 'a browser',
    headers: { ...CHROME_FETCH, Accept: '*/*', 'Content-Type': JSON_TYPE },
    bodyOf: ({ query, variables }) => ({ query, variables }),
  },
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof CLIENTS;
