/** Limits of the connections of a server. */
export interface ConnectionLimits {
  /** Longest idle time of a connection between two requests. */
  keepAliveMs: number;
  /** Maximum number of open connections. */
  maxConnections: number;
  /** Longest time that a response waits for a client that reads nothing. */
  responseStallMs: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  // Longer than the idle timeout of most load balancers (60 s), so that they do not send requests on closing connections.
  keepAliveMs: 72_000,
  maxConnections: 10_000,
  responseStallMs: 30_000,
};

/** Largest size of a request's body in bytes, except for GraphQL, batches and forms. */
export const LARGEST_BODY = 65_536;

/** Largest size of the body of a report of the billing system, in bytes: 1,000 rows. */
export const LARGEST_BILLING = 1_048_576;

/** The path of the endpoint for reports of the billing system. */
export const BILLING_PATH = '/v1/billing';

/** Largest size of the JSON body of a batch with a token, in bytes. */
export const LARGEST_BATCH_BODY = 2_097_152;
