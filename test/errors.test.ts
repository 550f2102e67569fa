import { readFileSync } from 'node:fs';
import { isEnumType, isInterfaceType } from 'graphql';
import { expect, test } from 'vitest';
import * as errors from '../src/domain/errors.ts';
import { schema } from '../src/graphql/schema.ts';
import { errorResponse, STATUS } from '../src/rest/errors.ts';

/** The rows of the table of expected errors in docs/errors.md, without their back-ticks. */
function documentedRows(): string[][] {
  const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const section = page.split('\n## Expected errors\n')[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| `(\w+)` \| `(\w+)` \|$/gm)].map(row =>
    row.slice(1),
  );
}

/** The class of a failure by its code. */
function className(code: string): string {
  return code.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What REST writes for a failure: its class's name, but for an input that the domain refuses. */
function restName(code: string): string {
  if (code !== 'INVALID_INPUT') return className(code);
  return JSON.parse(REFUSED_INPUT).error;
}

const REFUSED_INPUT =
  (await errorResponse(
    new errors.InvalidInput([{ path: ['a'], code: 'TEXT', message: 'c' }]),
  )?.text()) ?? '{}';

test('docs/errors.md lists every error as REST and GraphQL answer it', () => {
  const codes = Object.keys(STATUS) as (keyof typeof STATUS)[];
  const expected = codes.map(code => [
    code,
    String(STATUS[code]),
    restName(code),
    `${className(code)}Error`,
  ]);
  expect(documentedRows()).toEqual(expected);
});

test('every code is a class, a GraphQL type and a value of the enum', () => {
  const implementing = isInterfaceType(schema.getType('UserError'))
    ? schema.getPossibleTypes(schema.getType('UserError') as never).map(({ name }) => name)
    : [];
  const codeType = schema.getType('ErrorCode');
  const values = isEnumType(codeType) ? codeType.getValues().map(({ name }) => name) : [];
  const codes = Object.keys(STATUS);
  expect(values.sort()).toEqual([...codes].sort());
  expect(implementing.sort()).toEqual(codes.map(code => `${className(code)}Error`).sort());
  for (const code of codes) expect(Object.keys(errors)).toContain(className(code));
});
