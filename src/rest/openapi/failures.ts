import type { z } from 'zod';
import { InvalidToken } from '../../auth/authenticate.ts';
import { InsufficientScope, InvalidInput } from '../../domain/errors.ts';
import { errorResponse, UnreadableBody } from '../errors.ts';
import { RequestValidationError } from '../validation.ts';
import { domainError, oauthError, plainError, validationError } from './error-schemas.ts';
import { type JsonSchema, schemaOf } from './json-schema.ts';
import type { Example, Failure } from './operation.ts';

/** The answers of an operation with one status. */
export interface DescribedResponse {
  description: string;
  headers?: Record<string, unknown>;
  content: Record<string, { schema: JsonSchema; examples: Record<string, Example> }>;
}

const REASONS: Record<number, string> = {
  400: 'The operation is not possible.',
  401: 'The token is missing or not valid for this endpoint.',
  403: 'The caller is not permitted to do this.',
  404: 'The resource does not exist, or the caller is not allowed to see it.',
  409: 'The request does not fit the present state. Nothing was changed.',
  413: 'The body is too large.',
  422: 'The request is invalid.',
  429: 'Too many requests. Nothing was changed; `Retry-After` is the number of seconds after which to retry.',
  503: 'The server is unavailable.',
};

/**
 * Returns the error answers of an operation by status. Each status has all its answers as examples, and one schema for all
 * of them.
 */
export async function describeFailures(
  failures: readonly Failure[],
): Promise<Record<string, DescribedResponse>> {
  const answers = await Promise.all(failures.map(answerTo));
  const responses: Record<string, DescribedResponse> = {};
  for (const [status, description] of Object.entries(REASONS)) {
    const alike = answers.filter(answer => answer.status === Number(status));
    if (alike.length === 0) continue;
    responses[status] = {
      description,
      ...headersOf(alike),
      content: {
        'application/json': { schema: schemaOfAll(alike), examples: examplesOf(alike) },
      },
    };
  }
  return responses;
}

const HEADERS = {
  'WWW-Authenticate': {
    description: 'The authentication scheme and the error of the token (RFC 6750).',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds after which to retry.',
    schema: { type: 'integer' },
  },
  'RateLimit-Policy': {
    description: 'The exceeded rate limit: its name, the quota `q`, and the window `w` in seconds.',
    schema: { type: 'string' },
  },
  RateLimit: {
    description:
      'The exceeded rate limit: its name, the remaining requests `r`, and the seconds `t` until there are more.',
    schema: { type: 'string' },
  },
};

function headersOf(answers: readonly Answer[]): Pick<DescribedResponse, 'headers'> {
  const described = Object.entries(HEADERS).filter(([name]) =>
    answers.some(({ headers }) => headers.has(name)),
  );
  return described.length > 0 ? { headers: Object.fromEntries(described) } : {};
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
  /** The name of a domain error, or the schema of another error. */
  form: string | z.ZodType;
}

async function answerTo(failure: Failure): Promise<Answer> {
  if (!(failure instanceof Error)) {
    return { ...failure, headers: new Headers(), form: failure.schema };
  }
  const response = errorResponse(failure);
  if (!response) throw new TypeError(`${failure.name} has no answer.`);
  const { status, headers } = response;
  const body = await response.json();
  return { status, body, headers, form: formOf(failure, body) };
}

function formOf(error: Error, body: { error: string }): Answer['form'] {
  if (error instanceof InvalidToken || error instanceof InsufficientScope) return oauthError;
  if (error instanceof RequestValidationError || error instanceof InvalidInput) {
    return validationError;
  }
  return error instanceof UnreadableBody ? plainError : body.error;
}

function schemaOfAll(answers: readonly Answer[]): JsonSchema {
  const forms = [...new Set(answers.map(answer => answer.form))];
  const names = forms.filter(form => typeof form === 'string');
  const others = forms.filter(form => typeof form !== 'string');
  const schemas = [...(names.length > 0 ? [domainError(names)] : []), ...others].map(schemaOf);
  const [only, ...rest] = schemas;
  return only && rest.length === 0 ? only : { anyOf: schemas };
}

/** Returns the answers by name. Further answers with the same name get a number. */
function examplesOf(answers: readonly Answer[]): Record<string, Example> {
  const examples: Record<string, Example> = {};
  for (const { body } of answers) {
    const name = String(body.error ?? body.status ?? 'Plain');
    const taken = Object.keys(examples).filter(key => key.replace(/\d+$/, '') === name).length;
    examples[taken === 0 ? name : `${name}${taken + 1}`] = {
      summary: summaryOf(body),
      value: body,
    };
  }
  return examples;
}

function summaryOf({ error_description, detail, status }: Record<string, unknown>): string {
  if (Array.isArray(detail))
    return detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return String(error_description ?? detail ?? status);
}
