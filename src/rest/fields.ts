import { z } from 'zod';
import { isStorable, LONGEST_EXTERNAL_ID, NOT_STORABLE } from '../domain/storable-text.ts';
import { parseEmail } from '../email/parse-email.ts';
import { inexactNumberIn } from '../json/exact-numbers.ts';
import { checkMetadata } from '../seats/metadata.ts';
import { isUuidV4, parseUuid } from './uuid.ts';
import { type Failure, isObject, MISSING, refuse, valueError } from './validation.ts';

/** Type of a field: its JSON schema and its parser. */
type FieldKind<T> = {
  json: { type: string; [keyword: string]: unknown };
  parse: (value: unknown, ctx: z.RefinementCtx) => T;
};

/** Documentation of a field. */
type FieldDescription = { description: string; examples?: unknown[]; default?: unknown };

/** Returns the schema of a required field. */
export function required<T>({ json, parse }: FieldKind<T>, about: FieldDescription) {
  return z
    .unknown()
    .meta({ ...json, ...about })
    .transform((value, ctx) => (value === undefined ? refuse(ctx, MISSING) : parse(value, ctx)));
}

/** Returns the schema of a field that may be absent, but not null. */
export function optional<T>(kind: FieldKind<T>, about: FieldDescription) {
  return required(kind, about).optional();
}

/** Returns the schema of a field that may be absent or null, which mean the same. */
export function nullable<T>({ json, parse }: FieldKind<T>, about: FieldDescription) {
  const orNull = { ...json, type: [json.type, 'null'] };
  return z
    .unknown()
    .meta({ ...orNull, ...about })
    .transform((value, ctx) => (value === null ? undefined : parse(value, ctx)))
    .optional();
}

const STRING_TYPE: Failure = { type: 'string_type', msg: 'Input should be a valid string' };
const BOOL_TYPE: Failure = { type: 'bool_type', msg: 'Input should be a valid boolean' };
const BOOL_PARSING: Failure = {
  type: 'bool_parsing',
  msg: 'Input should be a valid boolean, unable to interpret input',
};

/** A UUID of any version, in any notation. The result is in lower case with hyphens. */
export const anyUuid: FieldKind<string> = {
  json: { type: 'string', format: 'uuid' },
  parse(value, ctx) {
    if (typeof value !== 'string') {
      const msg = 'UUID input should be a string, bytes or UUID object';
      return refuse(ctx, { type: 'uuid_type', msg });
    }
    const parsed = parseUuid(value);
    if (parsed.ok) return parsed.uuid;
    const { reason } = parsed;
    const msg = `Input should be a valid UUID, ${reason}`;
    return refuse(ctx, { type: 'uuid_parsing', msg, ctx: { error: reason } });
  },
};

/** A UUID of version 4, in any notation. The result is in lower case with hyphens. */
export const uuidV4: FieldKind<string> = {
  json: { type: 'string', format: 'uuid4' },
  parse(value, ctx) {
    const uuid = anyUuid.parse(value, ctx);
    if (ctx.issues.length > 0 || isUuidV4(uuid)) return uuid;
    const msg = 'UUID version 4 expected';
    return refuse(ctx, { type: 'uuid_version', msg, ctx: { expected_version: 4 } });
  },
};

/** Possibly empty text that PostgreSQL can store, without U+0000 and lone surrogates. */
export const text: FieldKind<string> = {
  json: { type: 'string' },
  parse(value, ctx) {
    if (typeof value !== 'string') return refuse(ctx, STRING_TYPE);
    return isStorable(value) ? value : refuse(ctx, valueError(NOT_STORABLE));
  },
};

/** An id from the organization's own system: text that PostgreSQL can store and index. */
export const externalId: FieldKind<string> = {
  json: { type: 'string', maxLength: LONGEST_EXTERNAL_ID },
  parse(value, ctx) {
    const id = text.parse(value, ctx);
    if (ctx.issues.length > 0 || id.length <= LONGEST_EXTERNAL_ID) return id;
    const msg = `String should have at most ${LONGEST_EXTERNAL_ID} characters`;
    return refuse(ctx, { type: 'string_too_long', msg, ctx: { max_length: LONGEST_EXTERNAL_ID } });
  },
};

/** An http or https URL. */
export const webUrl: FieldKind<string> = {
  json: { type: 'string', format: 'uri' },
  parse(value, ctx) {
    const url = text.parse(value, ctx);
    if (ctx.issues.length > 0) return url;
    if (!URL.canParse(url)) {
      const reason = 'relative URL without a base';
      const msg = `Input should be a valid URL, ${reason}`;
      return refuse(ctx, { type: 'url_parsing', msg, ctx: { error: reason } });
    }
    if (/^https?:$/.test(new URL(url).protocol)) return url;
    const schemes = "'http' or 'https'";
    const msg = `URL scheme should be ${schemes}`;
    return refuse(ctx, { type: 'url_scheme', msg, ctx: { expected_schemes: schemes } });
  },
};

/** An e-mail address. The result is normalized. */
export const email: FieldKind<string> = {
  json: { type: 'string', format: 'email' },
  parse(value, ctx) {
    if (typeof value !== 'string') return refuse(ctx, STRING_TYPE);
    const parsed = parseEmail(value);
    if (parsed.ok) return parsed.email;
    const { reason } = parsed;
    const msg = `value is not a valid email address: ${reason}`;
    return refuse(ctx, { type: 'value_error', msg, ctx: { reason } });
  },
};

/** A JSON object within the limits of a seat's metadata. */
export const metadata: FieldKind<Record<string, unknown>> = {
  json: { type: 'object', additionalProperties: true, maxProperties: 10 },
  parse(value, ctx) {
    if (!isObject(value)) {
      return refuse(ctx, { type: 'dict_type', msg: 'Input should be a valid dictionary' });
    }
    const reason = checkMetadata(value);
    if (reason !== undefined) return refuse(ctx, valueError(reason));
    const inexact = inexactNumberIn(value);
    return inexact === undefined ? value : refuse(ctx, valueError(inexact.message), inexact.path);
  },
};

/** Returns the type of a field with one of these texts. */
export function oneOf<Text extends string>(...texts: readonly [Text, ...Text[]]): FieldKind<Text> {
  const quoted = texts.map(text => `'${text}'`);
  const expected = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return {
    json: { type: 'string', enum: texts },
    parse(value, ctx) {
      const text = texts.find(each => each === value);
      if (text !== undefined) return text;
      return refuse(ctx, {
        type: 'enum',
        msg: `Input should be ${expected}`,
        ctx: { expected },
      });
    },
  };
}

/** Returns the type of a list whose items, in this JSON schema, are parsed one by one. */
export function listOf(items: Record<string, unknown>, maxItems: number): FieldKind<unknown[]> {
  return {
    json: { type: 'array', items, minItems: 1, maxItems },
    parse(value, ctx) {
      if (Array.isArray(value)) return value;
      return refuse(ctx, { type: 'list_type', msg: 'Input should be a valid list' });
    },
  };
}

const TRUE_WORDS = new Set(['true', '1', 'yes', 'on', 't', 'y']);
const FALSE_WORDS = new Set(['false', '0', 'no', 'off', 'f', 'n']);

/** A boolean, 0, 1, or one of pydantic's words for a boolean, ignoring case. */
export const lenientBoolean: FieldKind<boolean> = {
  json: { type: 'boolean' },
  parse(value, ctx) {
    if (typeof value === 'boolean') return value;
    if (value === 1 || value === 0) return value === 1;
    if (typeof value === 'string') {
      const word = value.toLowerCase();
      if (TRUE_WORDS.has(word)) return true;
      return FALSE_WORDS.has(word) ? false : refuse(ctx, BOOL_PARSING);
    }
    const is64BitInteger = Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63;
    return refuse(ctx, is64BitInteger ? BOOL_PARSING : BOOL_TYPE);
  },
};

/** Returns the type of a positive integer in a query, in pydantic's notation. A larger number becomes `max`. */
export function positiveInteger(max: number): FieldKind<number> {
  return {
    json: { type: 'integer', exclusiveMinimum: 0 },
    parse(value, ctx) {
      const written = withoutSpace(String(value));
      if (!/^[+-]?\d+(?:_\d+)*(?:\.0+)?$/.test(written)) {
        const msg = 'Input should be a valid integer, unable to parse string as an integer';
        return refuse(ctx, { type: 'int_parsing', msg });
      }
      const number = Number(written.replaceAll('_', ''));
      return number > 0
        ? Math.min(number, max)
        : refuse(ctx, {
            type: 'greater_than',
            msg: 'Input should be greater than 0',
            ctx: { gt: 0 },
          });
    },
  };
}

/** Trims a text. A pattern that ends in `$` would take quadratic time on runs of space. */
function withoutSpace(text: string): string {
  const first = text.search(/\P{White_Space}/u);
  if (first < 0) return '';
  let end = text.length;
  while (/\p{White_Space}/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(first, end);
}
