import type { z } from 'zod';
import type { InputIssueCode } from '../domain/errors.ts';

/** A problem of the file, or a note about it. */
export interface Problem {
  /** The path, such as `organizations[0].customers[2].email`; empty for the whole file. */
  path: string;
  /** A short text that never contains a secret. */
  message: string;
  /** What is wrong with the value, for programs; undefined for problems that only a file can have. */
  code?: InputIssueCode | undefined;
}

/** Error for a file with invalid rows. Nothing was imported. The message has one line for each problem. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** Returns a line that describes the problem. */
export function describeProblem({ path, message }: Problem): string {
  return path === '' ? `The file ${message}` : `${path}: ${message}`;
}

/** Returns the path of a key or a list item below another path. */
export function below(path: string, ...keys: readonly PropertyKey[]): string {
  let deeper = path;
  for (const key of keys) {
    if (typeof key === 'number') deeper += `[${key}]`;
    else if (!/^\w+$/.test(String(key))) deeper += `[${JSON.stringify(String(key))}]`;
    else deeper += deeper === '' ? String(key) : `.${String(key)}`;
  }
  return deeper;
}

/** Returns the problems that a schema found at a path. The parser must have `explain` as its `error`. */
export function problemsAt(path: string, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap(issue => {
    const at = below(path, ...issue.path);
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: at, message: issue.message, code: codeOf(issue) }];
    }
    return issue.keys.map(key => ({
      path: below(at, key),
      message: 'is not a key of the import file',
    }));
  });
}

function codeOf(issue: z.core.$ZodIssue): InputIssueCode | undefined {
  switch (issue.code) {
    case 'custom':
      return issue.params?.code;
    case 'invalid_type':
      return 'REQUIRED';
    case 'invalid_format':
      return issue.format === 'guid' ? 'UUID' : undefined;
    case 'too_small':
      return issue.origin === 'string' ? 'BLANK' : 'RANGE';
    case 'too_big':
      return issue.origin === 'string' ? 'TOO_LONG' : 'RANGE';
    default:
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  guid: 'a UUID',
  datetime: 'an RFC 3339 time such as 2026-01-31T12:00:00Z',
};

/** Returns the message for an invalid value; undefined if the schema has its own message. */
export function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? issue.format}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at least ${issue.minimum}`
        : 'must not be empty';
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}
