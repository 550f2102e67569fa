import type { z } from 'zod';
import { InvalidToken } from '../../auth/authenticate.ts';
import { InsufficientScope, Unauthenticated } from '../../domain/errors.ts';
import { LARGEST_BODY } from '../../http/limits.ts';
import { TooManyRequests } from '../../rate-limits/too-many-requests.ts';
import { UnreadableBody } from '../errors.ts';
import { RequestValidationError } from '../validation.ts';
import { domainError } from './error-schemas.ts';

/** Description of an endpoint, with the schemas and errors of its implementation. */
export interface Operation {
  operationId: string;
  tag: Tag;
  summary: string;
  description: string;
  /** Alternative security schemes with their required scopes; empty if no token is required. */
  security: readonly Partial<Record<SecurityScheme, readonly string[]>>[];
  path?: Parameters;
  query?: Parameters;
  /** Request headers, all optional. */
  header?: Parameters;
  body?: Content & { csv?: Content };
  answer: Content & {
    status: 200 | 201;
    description: string;
    contentType?: string;
    csv?: Content;
  };
  /** An instance of each possible error, from which its answer is generated. */
  failures: readonly Failure[];
}

/** A body of one content type; `csv` beside it is its other form, as CSV. */
export interface Content {
  schema: z.ZodType;
  examples: Record<string, Example>;
}

/** Parameters of one location, with an example of each. */
interface Parameters {
  schema: z.ZodType;
  examples: Record<string, unknown>;
}

/** An error that `errorResponse` converts, or the answer of other code. */
export type Failure = Error | { status: number; schema: z.ZodType; body: Record<string, unknown> };

/** An example value and its summary. */
export interface Example {
  summary: string;
  value: unknown;
}

/** Groups of endpoints, in display order. */
export const TAGS = {
  Seats: 'For the organization that sells the seats.',
  Invitations: 'For people with an invitation. These endpoints need only the token of its link.',
  'Customer portal': 'For billing customers and their members.',
  Sessions: 'For integrations that give their customers access to the portal.',
  Billing: "For billing systems. These endpoints are usher's own.",
  Health: 'For operators of the server.',
} as const;

type Tag = keyof typeof TAGS;

/** Kinds of tokens. */
export const SECURITY_SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An organization access token, or the personal access token of one of its users. The scope `customer_seats:read` allows listing seats, `customer_seats:write` allows listing, assigning, revoking and resending, `customer_sessions:write` allows creating customer sessions, and `billing:write` allows reporting the state of the billing system.',
  },
  customerSession: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token of a customer session: one hour in the portal for a billing customer, with all permissions.',
  },
  memberSession: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token of a member session: one hour in the portal for one member. All members can list seats; owners and billing managers can manage them.',
  },
} as const;

type SecurityScheme = keyof typeof SECURITY_SCHEMES;

/** Error of an invalid token. Every endpoint rejects one, even if it needs no token. */
export const BAD_TOKEN: readonly Failure[] = [new InvalidToken()];

/** Errors of a missing, unsuitable or invalid token. */
export const NO_TOKEN: readonly Failure[] = [new Unauthenticated(), ...BAD_TOKEN];

/** Returns the errors of a missing, unsuitable or invalid token, or one that has none of these scopes. */
export function noScope(...scopes: string[]): readonly Failure[] {
  return [...NO_TOKEN, new InsufficientScope(scopes)];
}

/** Error of an exceeded rate limit. */
export const TOO_MANY_REQUESTS = new TooManyRequests(
  'Too many requests.',
  { name: 'anonymous', limit: 600 },
  7_000,
);

/** Errors of an unreadable or too large body. */
export const BAD_BODY = badBody(LARGEST_BODY);

/** Returns the errors of a body that is unreadable, or larger than `largest` bytes. */
export function badBody(largest: number): readonly Failure[] {
  return [
    new UnreadableBody(),
    {
      status: 413,
      schema: domainError(['RequestBodyTooLarge']),
      body: {
        error: 'RequestBodyTooLarge',
        detail: `Request body exceeded the maximum allowed size of ${largest} bytes.`,
      },
    },
  ];
}

/** Returns the error with which a parser rejects an input. */
export function parseErrorOf(parse: () => unknown): RequestValidationError {
  try {
    parse();
  } catch (error) {
    if (error instanceof RequestValidationError) return error;
    throw error;
  }
  throw new Error('An example of a bad input was accepted.');
}
