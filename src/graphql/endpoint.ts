/** The path of the GraphQL endpoint. */
export const GRAPHQL_PATH = '/graphql';

/** The largest document in bytes. The cache keeps parsed documents by their full text, so the text must be short. */
export const LARGEST_DOCUMENT = 262_144;

/** The largest body of a request with a token, in bytes. Batches need the room for their variables. */
export const LARGEST_GRAPHQL_BODY = 2_097_152;
