import {
  FeatureNotEnabled,
  InvalidInvitationToken,
  ResourceNotFound,
  TooManyStreams,
} from '../../domain/errors.ts';
import { claimBody, parseClaim } from '../parse.ts';
import { components } from './components.ts';
import { plainError } from './error-schemas.ts';
import { claimedSeat, DEMO, SESSION_TOKEN } from './examples.ts';
import { BAD_BODY, BAD_TOKEN, type Failure, type Operation, refusalOf } from './operation.ts';
import { claimEvents, invitationPath, seatClaimInfo, seatClaimResponse } from './seat-schemas.ts';

const INVITATION_TOKEN = 'q1Xz3zJ9V7nYlZ0mB2cD4eF6gH8iJ0kL2mN4oP6qR8s';

const seatClaim = claimBody.register(components, { id: 'SeatClaim' });

const invitation = {
  schema: invitationPath,
  examples: { invitation_token: INVITATION_TOKEN },
};

// A token with a slash in it makes a path that is no endpoint's.
const noInvitation: readonly Failure[] = [
  new ResourceNotFound('Invalid or expired invitation token'),
  { status: 404, schema: plainError, body: { detail: 'Not Found' } },
];

/** What an invitation is for. */
export const getSeatClaimInfo: Operation = {
  operationId: 'getSeatClaimInfo',
  tag: 'Invitations',
  summary: 'Look at an invitation',
  description:
    'What an invitation is for, to show before the seat is claimed. Changes nothing, so that a mail scanner that follows the link does no harm.',
  security: [],
  path: invitation,
  answer: {
    status: 200,
    description: 'What the invitation is for.',
    schema: seatClaimInfo,
    examples: {
      open: {
        summary: 'An open invitation',
        value: {
          product_name: 'Acme Design',
          product_id: DEMO.product,
          organization_name: 'Acme Software',
          organization_slug: 'acme',
          customer_email: 'sam@globex.example',
          can_claim: true,
        },
      },
    },
  },
  failures: [...BAD_TOKEN, new FeatureNotEnabled(), ...noInvitation],
};

/** The claim, as it happens. */
export const streamSeatClaim: Operation = {
  operationId: 'streamSeatClaim',
  tag: 'Invitations',
  summary: 'Wait for a claim',
  description:
    'Server-sent events that tell when the invitation\'s own seat was claimed: one event with the key `customer_seat.claimed`, a comment every 15 seconds to show that the stream is alive, and after 10 minutes `{"type": "reconnect"}`, with which it ends. It ends with the invitation too: when that is claimed, revoked, resent or expired. At most 5 streams of one invitation are open at a time.',
  security: [],
  path: invitation,
  answer: {
    status: 200,
    description: 'The events.',
    contentType: 'text/event-stream',
    schema: claimEvents,
    examples: {
      claimed: {
        summary: 'A sign of life, then the claim',
        value: `: ping - 2026-03-02 11:40:05.120000+00:00\r\n\r\ndata: ${JSON.stringify({
          id: 'b0f4e3c2-9d1a-4f5b-8c6d-7e2f1a0b3c4d',
          key: 'customer_seat.claimed',
          payload: {
            seat_id: claimedSeat.id,
            subscription_id: DEMO.subscription,
            order_id: null,
            product_id: DEMO.product,
          },
        })}\r\n\r\n`,
      },
    },
  },
  failures: [...BAD_TOKEN, ...noInvitation, new TooManyStreams()],
};

/** The claim of a seat. */
export const claimSeat: Operation = {
  operationId: 'claimSeat',
  tag: 'Invitations',
  summary: 'Claim a seat',
  description:
    "Hands a pending seat over to whoever holds its invitation's token, and begins their hour in the customer portal. Of any number of claims of one token exactly one succeeds.",
  security: [],
  body: {
    schema: seatClaim,
    examples: {
      token: { summary: "The link's token", value: { invitation_token: INVITATION_TOKEN } },
    },
  },
  answer: {
    status: 200,
    description: 'The seat, claimed, and a session for its holder.',
    schema: seatClaimResponse,
    examples: {
      claimed: {
        summary: 'A claimed seat',
        value: { seat: claimedSeat, customer_session_token: SESSION_TOKEN },
      },
    },
  },
  failures: [
    new InvalidInvitationToken(),
    ...BAD_BODY,
    ...BAD_TOKEN,
    new FeatureNotEnabled(),
    refusalOf(() => parseClaim({})),
  ],
};
