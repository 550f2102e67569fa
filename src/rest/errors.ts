import { InvalidToken } from '../auth/authenticate.ts';
import {
  type ErrorCode,
  IdempotencyInProgress,
  InsufficientScope,
  InvalidInput,
  RateLimited,
  TooManyStreams,
  Unauthenticated,
  UserError,
} from '../domain/errors.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { TooManyRequests } from '../rate-limits/too-many-requests.ts';
import { RequestValidationError, type ValidationItem } from './validation.ts';

/** HTTP status of each domain error. `satisfies` makes the compiler require one for a new error. */
export const STATUS = {
  SEAT_NOT_AVAILABLE: 400,
  SEAT_ALREADY_ASSIGNED: 400,
  SEAT_NOT_PENDING: 400,
  SEAT_NOT_LIVE: 400,
  INVALID_INVITATION_TOKEN: 400,
  INVALID_SEAT_ASSIGNMENT_REQUEST: 400,
  MEMBER_EMAIL_MISMATCH: 400,
  CUSTOMER_NOT_FOUND: 404,
  MEMBER_NOT_FOUND: 404,
  RESOURCE_NOT_FOUND: 404,
  POOL_TOO_SMALL: 409,
  FEATURE_NOT_ENABLED: 403,
  NOT_PERMITTED: 403,
  INVALID_INPUT: 422,
  INVITATIONS_DECLINED: 400,
  RATE_LIMITED: 429,
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_IN_PROGRESS: 409,
} as const satisfies Record<ErrorCode, number>;

/** Error of a request whose parts are valid but whose combination is not. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** Error of a request that the server does not finish because it shuts down. */
export class Stopping extends Error {
  override readonly name = 'ServiceUnavailable';

  constructor() {
    super('The server is shutting down.');
  }
}

/** Error of a body that is not UTF-8 or is nested too deeply. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
}

const REALM = 'Bearer realm="usher"';
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const;

/** Returns a JSON response like the reference's: compact, without a charset, and not cacheable. */
export function json(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'private, no-store',
      ...ANY_ORIGIN,
      ...headers,
    },
  });
}

/** Returns the response to an error; undefined if the error is unexpected. */
export function errorResponse(error: Error): Response | undefined {
  if (error instanceof InvalidToken) {
    return oauthError(401, 'invalid_token', error.message);
  }
  if (error instanceof InsufficientScope) {
    const description = 'The request requires higher privileges than provided by the access token.';
    return oauthError(
      403,
      'insufficient_scope',
      description,
      ` scope="${error.scopes.join(' ')}",`,
    );
  }
  if (error instanceof UserError) {
    const isLater = error instanceof RateLimited || error instanceof IdempotencyInProgress;
    const headers = isLater && { 'retry-after': String(error.retryAfter) };
    return json(errorBody(error), STATUS[error.code], headers || {});
  }
  if (error instanceof RequestValidationError) return json(errorBody(error), 422);
  if (error instanceof Unauthenticated) {
    const body = { error: 'Unauthorized', detail: 'Unauthorized' };
    return json(body, 401, { 'www-authenticate': REALM });
  }
  if (error instanceof TooManyStreams) {
    const body = { error: error.name, detail: error.message };
    return json(body, 429, { 'retry-after': String(error.retryAfter) });
  }
  if (error instanceof TooManyRequests) {
    return json({ error: 'RateLimited', detail: error.message }, 429, error.headers);
  }
  if (error instanceof Stopping) {
    return json({ error: error.name, detail: error.message }, 503, { 'retry-after': '1' });
  }
  if (error instanceof BadRequest) {
    return json({ error: error.name, detail: error.message }, 400);
  }
  if (error instanceof UnreadableBody) {
    return json({ detail: 'There was an error parsing the body' }, 400);
  }
  return undefined;
}

/** An expected error in the vendors' form: its name for programs, and its message or the problems of the request. */
export interface ErrorBody {
  error: string;
  detail: string | ValidationItem[];
}

/** Returns the body of the answer to an expected error. */
export function errorBody(error: UserError | RequestValidationError): ErrorBody {
  if (error instanceof RequestValidationError) return { error: error.name, detail: error.items };
  if (!(error instanceof InvalidInput)) return { error: error.name, detail: error.message };
  const detail = error.issues.map(({ path, message }) => ({
    type: 'value_error',
    loc: ['body', ...path.map(toLocation)],
    msg: message,
    input: null,
  }));
  return { error: 'PolarRequestValidationError', detail };
}

/** Returns an OAuth 2.0 error (RFC 6750). Like the reference, its JSON has spaces after colons and commas. */
function oauthError(status: 401 | 403, code: string, description: string, scope = ''): Response {
  const challenge = `${REALM},${scope} error="${code}", error_description="${description}"`;
  return new Response(`{"error": "${code}", "error_description": "${description}"}`, {
    status,
    headers: {
      'content-type': 'application/json',
      'www-authenticate': challenge,
      ...NO_STORE,
      ...ANY_ORIGIN,
    },
  });
}

/** Returns a key in snake case, or the index in a list. */
function toLocation(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : snakeCase(key);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
