/** What a server grants its clients before it lets go of them. */
export interface ConnectionLimits {
  /** How long a connection may stay idle between two requests. */
  keepAliveMs: number;
  /** How many connections may be open at the same time. */
  maxConnections: number;
  /** How long an answer may wait for a client that reads none of it. */
  responseStallMs: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  // Longer than a load balancer keeps one: 60 s on most, so that it never sends a request to a connection that closes.
  keepAliveMs: 72_000,
  maxConnections: 10_000,
  responseStallMs: 30_000,
};

/** How many bytes a request's body has at most, but for a GraphQL document and a form. */
export const LARGEST_BODY = 65_536;
