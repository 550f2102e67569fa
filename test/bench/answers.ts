import { z } from 'zod';
import type { Api, Task } from './workloads.ts';

/** How a good answer is known. */
interface Answer {
  /** What each begins with. */
  beginning: string;
  /** What some are held against in full. */
  schema: z.ZodType;
}

const PAGE = 50;

const member = z.strictObject({ id: z.uuid(), email: z.email(), name: z.string().nullable() });
const seat = z.strictObject({
  id: z.uuid(),
  status: z.enum(['PENDING', 'CLAIMED', 'pending', 'claimed']),
  email: z.email(),
  member,
});
const pool = {
  totalSeats: z.int(),
  availableSeats: z.int(),
  pendingSeats: z.int(),
  claimedSeats: z.int(),
  seats: z.strictObject({ nodes: z.array(seat).min(1).max(PAGE) }),
};
const restSeat = z.object({
  id: z.uuid(),
  status: z.string(),
  email: z.email(),
  subscription_id: z.uuid(),
  member: z.object({ id: z.uuid(), email: z.email() }),
});
const restList = z.strictObject({
  seats: z.array(restSeat).length(PAGE),
  available_seats: z.int(),
  total_seats: z.int(),
});

// No object but these: an answer with errors is none of them.
const data = (shape: z.ZodRawShape) => z.strictObject({ data: z.strictObject(shape) });

const ANSWERS: Record<Api, Partial<Record<Task, Answer>>> = {
  graphql: {
    seat: { beginning: '{"data":{"customerSeat":{"id":', schema: data({ customerSeat: seat }) },
    subscription: {
      beginning: '{"data":{"customerSubscription":{"totalSeats":',
      schema: data({
        customerSubscription: z.strictObject(pool),
      }),
    },
    assign: {
      beginning: '{"data":{"assignSeat":{"seat":{"id":',
      schema: data({ assignSeat: z.strictObject({ seat }) }),
    },
  },
  rest: {
    assign: { beginning: '{"created_at":', schema: restSeat },
    list: { beginning: '{"seats":[{"created_at":', schema: restList },
  },
  bare: {
    seat: { beginning: '{"id":', schema: seat },
    subscription: {
      beginning: '{"totalSeats":',
      schema: z.strictObject(pool),
    },
    assign: { beginning: '{"created_at":', schema: restSeat },
    list: { beginning: '{"seats":[{"created_at":', schema: restList },
  },
};

// Each 32nd answer is read in full.
const SAMPLED = 32;

/** Looks at the answers of one run; returns what is wrong with one, or undefined. `expected` is a text that it has to hold. */
export function createCheck(
  api: Api,
  task: Task,
): (status: number, body: Buffer, expected: string) => string | undefined {
  const answer = ANSWERS[api][task];
  if (!answer) throw new Error(`${api} has no ${task}.`);
  const { beginning, schema } = answer;
  let seen = 0;
  return (status, body, expected) => {
    const isGood =
      status === 200 &&
      body.toString('latin1', 0, beginning.length) === beginning &&
      body.includes(expected);
    if (!isGood) return `${status} ${body}`;
    if (seen++ % SAMPLED !== 0) return undefined;
    const { error } = schema.safeParse(JSON.parse(body.toString()));
    return error && `${z.prettifyError(error)}\n${body}`;
  };
}
