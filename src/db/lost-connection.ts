// The driver after the connection broke, PostgreSQL that ends a session or starts up, and Prisma's adapter about both.
const LOST =
  /Connection terminated|terminating connection|closed the connection|ConnectionClosed|DatabaseNotReachable|not queryable|ECONNREFUSED|ECONNRESET|EPIPE|shutting down|starting up|recovery mode/;

/** Returns whether a statement failed because the database ended the connection, or refuses a new one while it restarts. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && LOST.test(error.message);
}
