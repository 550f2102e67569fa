/** Where GraphQL is served. */
export const GRAPHQL_PATH = '/graphql';

/** The longest text of a document in bytes. Documents are kept parsed, by their whole text; so that text cannot be long. */
export const LARGEST_DOCUMENT = 262_144;

/** The longest body of a request with a token, in bytes. A batch is long by its variables. */
export const LARGEST_GRAPHQL_BODY = 2_097_152;
