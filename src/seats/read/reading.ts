import type { Ctx } from '../../context.ts';

/** Returns the context of a request that changes nothing, whose reads a replica may answer. The caller has a token. */
export function reading(ctx: Ctx): Ctx {
  return ctx.reads === undefined || ctx.actor.kind === 'anonymous'
    ? ctx
    : { ...ctx, ...ctx.reads, primary: ctx.db };
}

/** Returns the context with `db` on the primary, for what is about secrets. */
export function onPrimary(ctx: Ctx): Ctx {
  return ctx.primary === undefined ? ctx : { ...ctx, db: ctx.primary };
}
