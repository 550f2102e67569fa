import type { Context } from 'hono';
import { requireSeatManager, requireSeatReader } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import { CSV } from '../csv/write-rows.ts';
import { preferredType } from '../http/accept.ts';
import { assignSeat } from '../seats/assign.ts';
import { listSeatPages, listSeats, type SeatList } from '../seats/read/list.ts';
import { reading } from '../seats/read/reading.ts';
import { resendSeatInvitation } from '../seats/resend.ts';
import { revokeSeat } from '../seats/revoke.ts';
import { representSeat } from '../seats/view.ts';
import { BY_ACCEPT, seatsAsCsv } from './csv-list.ts';
import { BadRequest, json } from './errors.ts';
import { answerOnce } from './idempotency.ts';
import {
  adminSeatOperations,
  portalSeatOperations,
  type SeatOperations,
} from './openapi/seat-operations.ts';
import { parseAssign, parseListQuery, parseSeatId } from './parse.ts';
import { representInvited } from './represent-invited.ts';
import { type AppEnv, adminCtx, portalCtx, type Route, readBody } from './routing.ts';

const admin = seatRoutes('/v1/customer-seats', adminCtx, adminSeatOperations);
const portal = seatRoutes('/v1/customer-portal/seats', portalCtx, portalSeatOperations);

/** Endpoints for organization and personal access tokens. */
export const adminSeats: readonly Route[] = [admin.assign, admin.list, admin.revoke, admin.resend];

/** Endpoints for customer and member sessions. */
export const portalSeats: readonly Route[] = [
  portal.list,
  portal.assign,
  portal.revoke,
  portal.resend,
];

/** Returns the four endpoints for one kind of callers. Each authorizes the caller before it validates the input. */
function seatRoutes(base: string, ctxOf: (c: Context<AppEnv>) => Ctx, docs: SeatOperations) {
  return {
    list: {
      method: 'GET',
      path: base,
      docs: docs.list,
      async handler(c) {
        const ctx = ctxOf(c);
        requireSeatReader(ctx.actor);
        if (preferredType(c.req.header('accept'), ['application/json', CSV]) === CSV) {
          return await seatsAsCsv(c, await listSeatPages(reading(ctx), parsePool(c)));
        }
        return json(representList(await listSeats(reading(ctx), parsePool(c))), 200, BY_ACCEPT);
      },
    },
    assign: {
      method: 'POST',
      path: base,
      docs: docs.assign,
      async handler(c) {
        const body = await readBody(c);
        const ctx = ctxOf(c);
        requireSeatManager(ctx.actor);
        const input = parseAssign(body);
        return await answerOnce(c, ctx, { operation: 'assign', input }, async keyed =>
          representInvited(await assignSeat(keyed, input)),
        );
      },
    },
    revoke: {
      method: 'DELETE',
      path: `${base}/:seat_id`,
      docs: docs.revoke,
      async handler(c) {
        const ctx = ctxOf(c);
        requireSeatManager(ctx.actor);
        const input = seatId(c);
        return await answerOnce(c, ctx, { operation: 'revoke', input }, async keyed => {
          const { seat } = await revokeSeat(keyed, input);
          return representSeat(seat);
        });
      },
    },
    resend: {
      method: 'POST',
      path: `${base}/:seat_id/resend`,
      docs: docs.resend,
      async handler(c) {
        const ctx = ctxOf(c);
        requireSeatManager(ctx.actor);
        const input = seatId(c);
        return await answerOnce(c, ctx, { operation: 'resend', input }, async keyed =>
          representInvited(await resendSeatInvitation(keyed, input)),
        );
      },
    },
  } as const satisfies Record<string, Route>;
}

function seatId(c: Context): string {
  return parseSeatId(c.req.param('seat_id') ?? '');
}

/** Returns the pool of the query. If both ids are given, the order is ignored. */
function parsePool(c: Context) {
  const { subscriptionId, orderId } = parseListQuery(new URL(c.req.url).searchParams);
  if (subscriptionId !== undefined) return { kind: 'subscription', id: subscriptionId } as const;
  if (orderId !== undefined) return { kind: 'order', id: orderId } as const;
  throw new BadRequest('Either subscription_id or order_id must be provided');
}

function representList({ seats, availableSeats, totalSeats }: SeatList) {
  return {
    seats: seats.map(representSeat),
    available_seats: availableSeats,
    total_seats: totalSeats,
  };
}
