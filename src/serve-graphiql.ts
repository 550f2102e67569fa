import type { Context, Env, Hono } from 'hono';
import { GRAPHQL_PATH } from './graphql/endpoint.ts';
import { GRAPHIQL_HEADERS, type GraphiQLTab, graphiqlPage } from './graphql/graphiql.ts';
import { GRAPHIQL_FOLDER, loadGraphiQL } from './graphql/graphiql-assets.ts';
import { serveHashedAssets } from './hashed-assets.ts';
import { wantsPage } from './http/accept.ts';
import { once, type Packed, pack, sendPacked } from './packed.ts';

/** Serves GraphiQL to browsers at the path of the API, and its files to everyone, cacheable forever. */
export function serveGraphiQL<E extends Env>(
  app: Hono<E>,
  tabsOf: (c: Context<E>) => readonly GraphiQLTab[],
): void {
  const assets = once(loadGraphiQL);
  // One page per list of tabs. `tabsOf` returns only a few different lists.
  const pages = new WeakMap<readonly GraphiQLTab[], Packed>();
  app.get(GRAPHQL_PATH, async (c, next) => {
    if (!wantsPage(c.req.header('accept'))) return await next();
    const tabs = tabsOf(c);
    const page = pages.get(tabs) ?? pack(graphiqlPage(await assets(), tabs));
    pages.set(tabs, page);
    return await sendPacked(c, page, GRAPHIQL_HEADERS);
  });
  serveHashedAssets(app, GRAPHIQL_FOLDER, async () => {
    const { page, workers } = await assets();
    return [...page, ...Object.values(workers)];
  });
}
