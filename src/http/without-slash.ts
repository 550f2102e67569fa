import type { MiddlewareHandler } from 'hono';

/** Returns whether a path matches a pattern, such as `/seats/:id`. */
export function matches(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    expected.length === given.length &&
    expected.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]))
  );
}

/**
 * Redirects from a path with trailing slashes to the route without them, if it exists. The vendors' endpoints have their own
 * rules. The location is relative, because a proxy may use another scheme and host.
 */
export function withoutSlash(
  routes: () => readonly { method: string; path: string }[],
): MiddlewareHandler {
  return async (c, next) => {
    const { path } = c.req;
    if (!path.endsWith('/') || path.startsWith('/v1/')) return await next();
    const trimmed = path.replace(/\/+$/, '');
    const isThere = routes().some(
      ({ path: pattern }) => !pattern.includes('*') && pattern !== '/' && matches(pattern, trimmed),
    );
    if (!isThere) return await next();
    const { pathname, search } = new URL(c.req.url);
    // The URL may contain a token.
    return c.body(null, 308, {
      location: pathname.replace(/\/+$/, '') + search,
      'content-length': '0',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  };
}
