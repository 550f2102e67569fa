import type { z } from 'zod';
import { InvalidToken } from '../../auth/authenticate.ts';
import { InsufficientScope, Unauthenticated } from '../../domain/errors.ts';
import { TooManyRequests } from '../../rate-limits/too-many-requests.ts';
import { UnreadableBody } from '../errors.ts';
import { RequestValidationError } from '../validation.ts';
import { domainError } from './error-schemas.ts';

/** What the API's description says of one endpoint, in the terms of the code that serves it. */
export interface Operation {
  operationId: string;
  tag: Tag;
  summary: string;
  description: string;
  /** The schemes of which one must do, each with the scopes that it needs; none where no token is needed. */
  security: readonly Partial<Record<SecurityScheme, readonly string[]>>[];
  path?: Parameters;
  query?: Parameters;
  body?: { schema: z.ZodType; examples: Record<string, Example> };
  answer: {
    status: 200 | 201;
    description: string;
    contentType?: string;
    schema: z.ZodType;
    examples: Record<string, Example>;
  };
  /** What can go wrong: an instance of each error, which is answered and described as the server answers it. */
  failures: readonly Failure[];
}

/** Parameters of one place, and a value for each to try. */
interface Parameters {
  schema: z.ZodType;
  examples: Record<string, unknown>;
}

/** An error that `errorResponse` knows, or the answer itself where something else gives it. */
export type Failure = Error | { status: number; schema: z.ZodType; body: Record<string, unknown> };

/** A value to copy, and what it shows. */
export interface Example {
  summary: string;
  value: unknown;
}

/** The groups of endpoints, in the order in which they are shown. */
export const TAGS = {
  Seats: 'For the organization that sells the seats.',
  Invitations: 'For whoever holds an invitation. The token of its link is all that these need.',
  'Customer portal': 'For the customer who bought the seats, and the members of its team.',
  Sessions: 'How an integration lets its customers into the portal.',
  Health: 'For whoever runs the server.',
} as const;

type Tag = keyof typeof TAGS;

/** How a caller says who it is. */
export const SECURITY_SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An organization access token, or the personal access token of one of its users. Each has scopes: `customer_seats:read` lists seats; `customer_seats:write` lists, assigns, revokes and resends; `customer_sessions:write` begins customer sessions.',
  },
  customerSession: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token of a customer session: an hour in the portal for the customer who pays, who may do everything there.',
  },
  memberSession: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token of a member session: an hour in the portal for one member. All of them see seats; owners and billing managers manage them.',
  },
} as const;

type SecurityScheme = keyof typeof SECURITY_SCHEMES;

/** A token was sent and is not good: every endpoint refuses that, open ones too. */
export const BAD_TOKEN: readonly Failure[] = [new InvalidToken()];

/** There is no token that counts here. */
export const NO_TOKEN: readonly Failure[] = [new Unauthenticated(), ...BAD_TOKEN];

/** There is no token that counts here, or it lacks all of these scopes. */
export function noScope(...scopes: string[]): readonly Failure[] {
  return [...NO_TOKEN, new InsufficientScope(scopes)];
}

/** A rate limit is used up: of the caller's token, or of the address where there is none or a wrong one. */
export const TOO_MANY_REQUESTS = new TooManyRequests(
  'Too many requests.',
  { name: 'anonymous', limit: 600 },
  7_000,
);

/** The body cannot be read, or is too large to. */
export const BAD_BODY: readonly Failure[] = [
  new UnreadableBody(),
  {
    status: 413,
    schema: domainError(['RequestBodyTooLarge']),
    body: {
      error: 'RequestBodyTooLarge',
      detail: 'Request body exceeded the maximum allowed size of 65536 bytes.',
    },
  },
];

/** What a parser of ours says to an input that it refuses. */
export function refusalOf(parse: () => unknown): RequestValidationError {
  try {
    parse();
  } catch (error) {
    if (error instanceof RequestValidationError) return error;
    throw error;
  }
  throw new Error('An example of a bad input was accepted.');
}
