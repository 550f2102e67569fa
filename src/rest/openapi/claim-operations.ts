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
import { BAD_BODY, BAD_TOKEN, type Failure, type Operation, parseErrorOf } from './operation.ts';
import { claimEvents, invitationPath, seatClaimInfo, seatClaimResponse } from './seat-schemas.ts';

const INVITATION_TOKEN = 'q1Xz3zJ9V7nYlZ0mB2cD4eF6gH8iJ0kL2mN4oP6qR8s';

const seatClaim = claimBody.register(components, { id: 'SeatClaim' });

const invitation = {
  schema: invitationPath,
  examples: { invitation_token: INVITATION_TOKEN },
};

// The path of a token with a slash matches no endpoint.
const noInvitation: readonly Failure[] = [
  new ResourceNotFound('Invalid or expired invitation token'),
  { status: 404, schema: plainError, body: { detail: 'Not Found' } },
];

/** Describes an invitation. */
export const getSeatClaimInfo: Operation = {
  operationId: 'getSeatClaimInfo',
  tag: 'Invitations',
  summary: 'Get an invitation',
  description:
    'Describes an invitation before its seat is claimed. The request changes nothing, so that mail scanners can follow the link.',
  security: [],
  path: invitation,
  answer: {
    status: 200,
    description: 'The invitation.',
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

/** Streams the claim of a seat. */
export const streamSeatClaim: Operation = {
  operationId: 'streamSeatClaim',
  tag: 'Invitations',
  summary: 'Wait for a claim',
  description:
    'Sends server-sent events until the seat of the invitation is claimed. The claim is one event with the key `customer_seat.claimed`. A comment every 15 seconds keeps the connection alive. After 10 minutes the stream sends `{"type": "reconnect"}` and ends. It also ends when the invitation is claimed, revoked, resent or expired. At most 5 streams of one invitation can be open concurrently.',
  security: [],
  path: invitation,
  answer: {
    status: 200,
    description: 'The events.',
    contentType: 'text/event-stream',
    schema: claimEvents,
    examples: {
      claimed: {
        summary: 'A comment, then the claim',
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

/** Claims a seat. */
export const claimSeat: Operation = {
  operationId: 'claimSeat',
  tag: 'Invitations',
  summary: 'Claim a seat',
  description:
    'Claims a pending seat with the token of its invitation, and starts a session of one hour in the customer portal for its holder. Of concurrent claims with one token, exactly one succeeds.',
  security: [],
  body: {
    schema: seatClaim,
    examples: {
      token: { summary: "The link's token", value: { invitation_token: INVITATION_TOKEN } },
    },
  },
  answer: {
    status: 200,
    description: 'The claimed seat and a session for its holder.',
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
    parseErrorOf(() => parseClaim({})),
  ],
};
