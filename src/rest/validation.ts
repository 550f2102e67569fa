import { z } from 'zod';
import { echo } from './echo.ts';

/** A problem of a request, in the form and key order of pydantic. */
export type ValidationItem = {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
};

/** Result of a failed check. zod and `validationErrors` add its location and input. */
export type Failure = Pick<ValidationItem, 'type' | 'msg' | 'ctx'>;

/** Error of an invalid request, answered with 422 and these items. */
export class RequestValidationError extends Error {
  override readonly name = 'RequestValidationError';
  readonly items: ValidationItem[];

  constructor(items: ValidationItem[]) {
    super(items.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '));
    this.items = items;
  }
}

/** Fails a transform of a schema with one issue, which `validationErrors` converts to one item. */
export function refuse(
  ctx: z.RefinementCtx,
  failure: Failure,
  path: (string | number)[] = [],
): never {
  ctx.addIssue({ code: 'custom', message: failure.msg, params: { failure }, path });
  return z.NEVER;
}

/** Returns the failure of a broken rule, which is a `ValueError` in Python. */
export function valueError(reason: string): Failure {
  return { type: 'value_error', msg: `Value error, ${reason}`, ctx: { error: {} } };
}

/** Failure of a missing field or body. */
export const MISSING: Failure = { type: 'missing', msg: 'Field required' };

const NOT_AN_OBJECT: Failure = {
  type: 'model_attributes_type',
  msg: 'Input should be a valid dictionary or object to extract fields from',
};

/** Converts zod's issues to the items of the 422 answer, in the schema's order of declaration. */
export function validationErrors(
  error: z.ZodError,
  location: 'body' | 'query' | 'path',
  input: unknown,
): ValidationItem[] {
  return error.issues.map(issue => {
    const path = issue.path.filter(key => typeof key !== 'symbol');
    const { type, msg, ctx } = failureOf(issue, input);
    const subject = type === MISSING.type ? input : valueAt(input, path);
    return {
      type,
      loc: [location, ...path],
      msg,
      input: echo(subject ?? null),
      ...(ctx && { ctx }),
    };
  });
}

/** Returns the error of a body that is not JSON, with the parser's `reason` and `offset`. */
export function malformedJson(reason: string, offset: number): RequestValidationError {
  const item = { type: 'json_invalid', loc: ['body', offset], msg: 'JSON decode error' };
  return new RequestValidationError([{ ...item, input: {}, ctx: { error: reason } }]);
}

function failureOf(issue: z.core.$ZodIssue, input: unknown): Failure {
  if (issue.code === 'custom') {
    const failure: Failure | undefined = issue.params?.failure;
    if (failure) return failure;
  }
  if (issue.code === 'invalid_type' && issue.path.length === 0) {
    return input === null || input === undefined ? MISSING : NOT_AN_OBJECT;
  }
  return { type: 'value_error', msg: issue.message };
}

function valueAt(input: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** Returns whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
