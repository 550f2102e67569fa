import type { Ctx } from '../../context.ts';

/** Returns the context for a request that changes nothing: a replica may answer its reads if the caller has a token. */
export function reading(ctx: Ctx): Ctx {
  return ctx.reads === undefined || ctx.actor.kind === 'anonymous'
    ? ctx
    : { ...ctx, ...ctx.reads, primary: ctx.db };
}

/** Returns the context with `db` on the primary, for reads about secrets. */
export function onPrimary(ctx: Ctx): Ctx {
  return ctx.primary === undefined ? ctx : { ...ctx, db: ctx.primary };
}
