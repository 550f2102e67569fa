import { requireSeatManager } from '../auth/access.ts';
import { assignBatch } from '../seats/batch/assign-batch.ts';
import { revokeBatch } from '../seats/batch/revoke-batch.ts';
import { assignTable } from './csv-assign.ts';
import { isCsv } from './csv-body.ts';
import { revokeTable } from './csv-revoke.ts';
import { answerFile } from './csv-table.ts';
import { json } from './errors.ts';
import * as docs from './openapi/batch-operations.ts';
import { parseAssignBatch, parseAssignFileQuery, parseRevokeBatch } from './parse-batch.ts';
import { representAssigned, representRevoked } from './represent-batch.ts';
import { adminCtx, type Route, readBody } from './routing.ts';

/** Endpoints for many seats at once. usher's own: the vendors have none. Each authorizes the caller before it reads the body. */
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
      const batch = parseAssignBatch(await readBody(c));
      return json(await representAssigned(ctx, await assignBatch(ctx, batch)));
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
      const { unreadable, ...batch } = parseRevokeBatch(await readBody(c));
      return json(await representRevoked(ctx, await revokeBatch(ctx, batch), unreadable));
    },
  },
];
