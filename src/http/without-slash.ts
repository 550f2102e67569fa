import type { MiddlewareHandler } from 'hono';

/** Whether a path is of a pattern, such as `/seats/:id`. */
export function matches(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    expected.length === given.length &&
    expected.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]))
  );
}

/**
 * Leads from an address with slashes at its end to the one without, where there is one. The vendors' endpoints have
 * rules of their own. The address is relative: a proxy in front may have another scheme and another host.
 */
export function withoutSlash(
  routes: () => readonly { method: string; path: string }[],
): MiddlewareHandler {
  return async (c, next) => {
    const { path } = c.req;
    if (!path.endsWith('/') || path.startsWith('/v1/')) return await next();
    const meant = path.replace(/\/+$/, '');
    const isThere = routes().some(
      ({ path: pattern }) => !pattern.includes('*') && pattern !== '/' && matches(pattern, meant),
    );
    if (!isThere) return await next();
    const { pathname, search } = new URL(c.req.url);
    // The address may carry a token.
    return c.body(null, 308, {
      location: pathname.replace(/\/+$/, '') + search,
      'content-length': '0',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  };
}
