import type { z } from 'zod';

/** One thing that is wrong with the file. */
export interface Problem {
  /** Where, such as `organizations[0].customers[2].email`; empty for the file as a whole. */
  path: string;
  /** What, in a few words that never quote a secret. */
  message: string;
}

/** The file has bad rows, and nothing of it was loaded; the message has a line for each problem. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** A line that says it. */
export function describeProblem({ path, message }: Problem): string {
  return path === '' ? `The file ${message}` : `${path}: ${message}`;
}

/** The path of a key, or of a list's item, below another path. */
export function below(path: string, ...keys: readonly PropertyKey[]): string {
  let deeper = path;
  for (const key of keys) {
    if (typeof key === 'number') deeper += `[${key}]`;
    else if (!/^\w+$/.test(String(key))) deeper += `[${JSON.stringify(String(key))}]`;
    else deeper += deeper === '' ? String(key) : `.${String(key)}`;
  }
  return deeper;
}

/** What a schema found at a path, in this project's words: give `explain` to the parser as its `error`. */
export function problemsAt(path: string, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap(issue => {
    const at = below(path, ...issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path: at, message: issue.message }];
    return issue.keys.map(key => ({
      path: below(at, key),
      message: 'is not a key of the import file',
    }));
  });
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
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

/** Says what is wrong with a value; undefined where the schema has its own words. */
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
