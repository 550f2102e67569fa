import { requireSeatManager } from '../auth/access.ts';
import { type AssignBatch, assignBatch } from '../seats/batch/assign-batch.ts';
import { revokeBatch } from '../seats/batch/revoke-batch.ts';
import { assignTable } from './csv-assign.ts';
import { isCsv } from './csv-body.ts';
import { revokeTable } from './csv-revoke.ts';
import { answerFile } from './csv-table.ts';
import { answerOnce } from './idempotency.ts';
import * as docs from './openapi/batch-operations.ts';
import { parseAssignBatch, parseAssignFileQuery, parseRevokeBatch } from './parse-batch.ts';
import { representAssigned, representRevoked } from './represent-batch.ts';
import { adminCtx, type Route, readBody } from './routing.ts';

/**
 * Endpoints for batches of seats. usher's own: the vendors have none. Each authorizes the caller before it reads the body.
 */
export const batches: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/customer-seats/batch',
    docs: docs.assignSeats,
    async handler(c) {
      const ctx = adminCtx(c);
      requireSeatManager(ctx.actor);
      if (isCsv(c.req.header('content-type'))) {
        const assignment = parseAssignFileQuery(new URL(c.req.url).searchParams);
        return await answerFile(c, header => assignTable(ctx, assignment, header));
      }
      const input = await readBody(c);
      const batch = parseAssignBatch(input);
      return await answerOnce(c, ctx, { operation: 'assign batch', input }, async keyed => {
        const { results, ...assigned } = await assignBatch(keyed, batch);
        return await representAssigned(ctx, {
          ...assigned,
          // Items that could not be parsed get their parse errors, also in a replay.
          results: results.map((result, index) => errorOf(batch.seats[index]) ?? result),
        });
      });
    },
  },
  {
    method: 'POST',
    path: '/v1/customer-seats/revoke-batch',
    docs: docs.revokeSeats,
    async handler(c) {
      const ctx = adminCtx(c);
      requireSeatManager(ctx.actor);
      if (isCsv(c.req.header('content-type'))) {
        return await answerFile(c, header => revokeTable(ctx, header));
      }
      const input = await readBody(c);
      const { unreadable, ...batch } = parseRevokeBatch(input);
      return await answerOnce(c, ctx, { operation: 'revoke batch', input }, async keyed =>
        representRevoked(ctx, await revokeBatch(keyed, batch), unreadable),
      );
    },
  },
];

/** Returns why an item could not be parsed; undefined if it could. */
function errorOf(item: AssignBatch['seats'][number] | undefined) {
  return item?.recipient.kind === 'unreadable' ? item.recipient.error : undefined;
}
