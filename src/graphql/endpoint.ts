/** Where GraphQL is served. */
export const GRAPHQL_PATH = '/graphql';

/** The longest body of a request. Documents are kept parsed, by their whole text; so that text cannot be long. */
export const LARGEST_DOCUMENT = 262_144;
