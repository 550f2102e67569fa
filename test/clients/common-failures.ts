import { randomUUID } from 'node:crypto';
import type { Fixture } from '../support/fixture.ts';
import {
  type Failure,
  INSUFFICIENT_SCOPE,
  INVALID_TOKEN,
  invalid,
  NOT_ENABLED,
  refusal,
  type Scene,
  switchOff,
  UNAUTHORIZED,
} from './failure.ts';
import type { PoolCalls } from './seat-calls.ts';

/** Who calls, on either side: somebody who may, whose token is over, who is on the wrong side, who may only read. */
export const SIDES = [
  {
    side: 'customerSeats',
    operations: 'CustomerSeats',
    caller: 'organization',
    expired: 'expired',
    stranger: 'customer',
    reader: 'reader',
    readOnly: () => INSUFFICIENT_SCOPE,
  },
  {
    side: 'customerPortal',
    operations: 'CustomerPortalSeats',
    caller: 'owner',
    expired: 'expiredSession',
    stranger: 'organization',
    reader: 'member',
    readOnly: refusal(
      'NotPermitted',
      'Only owners and billing managers can access billing features.',
    ),
  },
] as const;

/** The calls that both sides have, by their id: a pool's, or a seat's. */
const METHODS: {
  operation: keyof PoolCalls;
  call: (calls: PoolCalls, token: string, id: string) => Promise<unknown>;
  ownId: (scene: Scene) => string;
  loc: [string, string];
  missing: string;
}[] = [
  {
    operation: 'listSeats',
    call: (calls, token, subscriptionId) => calls.listSeats(token, { subscriptionId }),
    ownId: ({ fixture }) => fixture.ids.subscription,
    loc: ['query', 'subscription_id'],
    missing: 'Subscription not found',
  },
  {
    operation: 'assignSeat',
    call: (calls, token, subscriptionId) =>
      calls.assignSeat(token, { subscriptionId, email: 'kim@globex.example' }),
    ownId: ({ fixture }) => fixture.ids.subscription,
    loc: ['body', 'subscription_id'],
    missing: 'Subscription not found',
  },
  {
    operation: 'revokeSeat',
    call: (calls, token, seatId) => calls.revokeSeat(token, seatId),
    ownId: ({ seatId }) => seatId,
    loc: ['path', 'seat_id'],
    missing: 'Seat not found',
  },
  {
    operation: 'resendInvitation',
    call: (calls, token, seatId) => calls.resendInvitation(token, seatId),
    ownId: ({ seatId }) => seatId,
    loc: ['path', 'seat_id'],
    missing: 'Seat not found',
  },
];

/** What every call refuses alike: who may not ask, and what is not there. */
export const commonFailures: readonly Failure[] = SIDES.flatMap(who =>
  METHODS.flatMap(({ operation, call, ownId, loc, missing }): Failure[] => {
    const as = (token: keyof Fixture['tokens'], idOf = ownId): Failure['attempt'] => {
      return (calls, scene) => call(calls[who.side], scene.fixture.tokens[token], idOf(scene));
    };
    const base = { operation: who.operations + capitalized(operation) };
    const malformed = {
      type: 'uuid_parsing',
      loc,
      msg: 'Input should be a valid UUID, invalid character: found `n` at 1',
      input: 'nonsense',
    };
    return [
      {
        ...base,
        why: 'a token whose time is over',
        attempt: as(who.expired),
        status: 401,
        body: () => INVALID_TOKEN,
      },
      {
        ...base,
        why: 'a token of the other side',
        attempt: as(who.stranger),
        status: 401,
        body: () => UNAUTHORIZED,
      },
      ...(operation === 'listSeats'
        ? []
        : [
            {
              ...base,
              why: 'somebody who may only look',
              attempt: as(who.reader),
              status: 403 as const,
              body: who.readOnly,
            },
          ]),
      {
        ...base,
        why: 'an organization that sells no seats any more',
        prepare: switchOff,
        attempt: as(who.caller),
        status: 403,
        body: NOT_ENABLED,
      },
      {
        ...base,
        why: 'an id that nothing has',
        attempt: as(who.caller, () => randomUUID()),
        status: 404,
        body: refusal('ResourceNotFound', missing),
      },
      {
        ...base,
        why: 'an id that is none',
        attempt: as(who.caller, () => 'nonsense'),
        status: 422,
        body: invalid(malformed),
      },
    ];
  }),
);

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
