import { z } from 'zod';
import {
  FeatureNotEnabled,
  InvalidInput,
  ResourceNotFound,
  SeatNotAvailable,
} from '../../domain/errors.ts';
import { LARGEST_BATCH_BODY } from '../../http/limits.ts';
import { BadRequest } from '../errors.ts';
import {
  assignBatchBody,
  assignFileQuery,
  assignItem,
  parseAssignBatch,
  parseRevokeBatch,
  revokeBatchBody,
} from '../parse-batch.ts';
import { assignedBatch, revokedBatch } from './batch-schemas.ts';
import { components } from './components.ts';
import { DEMO, pendingSeat, revokedSeat } from './examples.ts';
import { IDEMPOTENCY_FAILURES, idempotencyHeader } from './idempotency-header.ts';
import {
  badBody,
  type Content,
  type Failure,
  noScope,
  type Operation,
  parseErrorOf,
} from './operation.ts';

assignItem.register(components, { id: 'SeatAssignItem' });
const seatBatchAssign = assignBatchBody.register(components, { id: 'SeatBatchAssign' });
const seatBatchRevoke = revokeBatchBody.register(components, { id: 'SeatBatchRevoke' });

const security: Operation['security'] = [{ accessToken: ['customer_seats:write'] }];

const file = z
  .string()
  .describe('A CSV file in UTF-8: a header row, and rows separated by commas, semicolons or tabs.')
  .register(components, { id: 'CsvFile' });

const results = z
  .string()
  .describe('A CSV file: a header row, and one row for each row of the file that was sent.')
  .register(components, { id: 'CsvResults' });

const csv = (schema: z.ZodType, summary: string, ...lines: readonly string[]): Content => ({
  schema,
  examples: { file: { summary, value: lines.map(line => `${line}\r\n`).join('') } },
});

const failuresOf = (items: string, parse: (body: unknown) => unknown): readonly Failure[] => [
  ...noScope('customer_seats:write'),
  ...badBody(LARGEST_BATCH_BODY),
  new BadRequest('A CSV file has to be in UTF-8, not iso-8859-1.'),
  parseErrorOf(() => parse({})),
  ...IDEMPOTENCY_FAILURES,
  new InvalidInput([
    { path: [items], code: 'TOO_MANY', message: 'Give 1 to 1000 items, not 1001.' },
  ]),
];

const FILES =
  'A body of the type `text/csv` can have any number of rows. It is processed in the mode `best_effort`, up to 1,000 rows in each transaction, while it is received, and the answer is CSV with one row for each.';
const ENDPOINT = "The endpoint is usher's own: the vendors have none for many seats.";

/** Assigns seats to many people. */
export const assignSeats: Operation = {
  operationId: 'assignSeats',
  tag: 'Seats',
  summary: 'Assign seats to many people',
  description: `Assigns seats of one pool to 1 to 1,000 people in one transaction, with a result for each. An item that is invalid or refused is the only one that is refused; with the mode \`all_or_nothing\`, nothing changes then. The body can have 2 MiB. ${FILES} The query then names the pool. ${ENDPOINT} Needs the scope \`customer_seats:write\`.`,
  security,
  header: idempotencyHeader,
  query: { schema: assignFileQuery, examples: {} },
  body: {
    schema: seatBatchAssign,
    csv: csv(
      file,
      'Two colleagues',
      'email,external_member_id,immediate_claim,metadata.department',
      'sam@globex.example,,,Engineering',
      ',globex-7,true,',
    ),
    examples: {
      twoPeople: {
        summary: 'Two colleagues',
        value: {
          subscription_id: DEMO.subscription,
          mode: 'best_effort',
          seats: [
            { email: 'sam@globex.example', metadata: { department: 'Engineering' } },
            { external_member_id: 'globex-7', immediate_claim: true },
          ],
        },
      },
    },
  },
  answer: {
    status: 200,
    description: 'One result for each person, and the number of free seats.',
    schema: assignedBatch,
    csv: csv(
      results,
      'One of two people gets a seat',
      'row,email,external_member_id,result,error,detail,seat_id,status,holder_email,invitation_url',
      `2,sam@globex.example,,assigned,,,${pendingSeat.id},pending,sam@globex.example,`,
      '3,,globex-7,refused,MemberNotFound,Member not found: globex-7,,,,',
    ),
    examples: {
      oneRefused: {
        summary: 'One of two people gets a seat',
        value: {
          is_committed: true,
          assigned_count: 1,
          refused_count: 1,
          results: [
            { status: 'assigned', seat: pendingSeat },
            {
              status: 'refused',
              error: 'MemberNotFound',
              detail: 'Member not found: globex-7',
            },
          ],
          available_seats: 24,
          total_seats: 25,
        },
      },
    },
  },
  failures: [
    ...failuresOf('seats', parseAssignBatch),
    new SeatNotAvailable('Order must be paid before assigning seats', DEMO.order, 'not_paid'),
    new FeatureNotEnabled(),
    new ResourceNotFound('Subscription not found'),
  ],
};

/** Revokes many seats. */
export const revokeSeats: Operation = {
  operationId: 'revokeSeats',
  tag: 'Seats',
  summary: 'Revoke many seats',
  description: `Revokes 1 to 1,000 seats of any pools in one transaction, with a result for each. A seat that was revoked before is answered as it is. With the mode \`all_or_nothing\`, nothing changes if an id is refused. The body can have 2 MiB. ${FILES} ${ENDPOINT} Needs the scope \`customer_seats:write\`.`,
  security,
  header: idempotencyHeader,
  body: {
    schema: seatBatchRevoke,
    csv: csv(file, 'One seat', 'seat_id', DEMO.pendingSeat),
    examples: {
      oneSeat: { summary: 'One seat', value: { seat_ids: [DEMO.pendingSeat] } },
    },
  },
  answer: {
    status: 200,
    description: 'One result for each seat, and the number of free seats of each changed pool.',
    schema: revokedBatch,
    csv: csv(
      results,
      'A revoked seat',
      'row,seat_id,result,error,detail,status,former_holder_email',
      `2,${DEMO.pendingSeat},revoked,,,revoked,sam@globex.example`,
    ),
    examples: {
      revoked: {
        summary: 'A revoked seat',
        value: {
          is_committed: true,
          revoked_count: 1,
          refused_count: 0,
          results: [{ status: 'revoked', seat: revokedSeat }],
          pools: [
            {
              subscription_id: DEMO.subscription,
              order_id: null,
              available_seats: 25,
              total_seats: 25,
            },
          ],
        },
      },
    },
  },
  failures: failuresOf('seat_ids', parseRevokeBatch),
};
