import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { changesSince, REMOVAL } from './changes.ts';

const TODAY = '2027-05-01';

const breakingFrom = async (from: string, to: string) =>
  (await changesSince(buildSchema(from), buildSchema(to), TODAY))
    .filter(({ isBreaking }) => isBreaking)
    .map(({ message }) => message);

const due = '@deprecated(reason: "Use `b`. Removed after 2027-04-30.")';
const notDue = '@deprecated(reason: "Use `b`. Removed after 2027-05-01.")';
const undated = '@deprecated(reason: "Use `b`.")';
const root = 'type Query { a(b: Int): E }';

/** Each kind of element that can be deprecated, with a place for the deprecation, and the schema without it. */
const ELEMENTS: [kind: string, deprecating: (reason: string) => string, without: string][] = [
  ['a field', it => `type Query { a: Int ${it} b: Int }`, 'type Query { b: Int }'],
  ['an argument', it => `type Query { a(b: Int ${it}): Int }`, 'type Query { a: Int }'],
  ['a value', it => `${root} enum E { A ${it} B }`, `${root} enum E { B }`],
  [
    'a field of an input',
    it => `type Query { a(b: I): Int } input I { a: Int ${it} b: Int }`,
    'type Query { a(b: I): Int } input I { b: Int }',
  ],
];

describe.each(ELEMENTS)('the removal of %s', (_kind, schemaWith, without) => {
  test.each([
    ['that is not deprecated', ''],
    ['whose deprecation has no day', undated],
    ['on the day that its deprecation names', notDue],
  ])('%s is breaking', async (_case, deprecated) => {
    expect(await breakingFrom(schemaWith(deprecated), without)).not.toEqual([]);
  });

  test('is possible after the day that its deprecation names', async () => {
    expect(await breakingFrom(schemaWith(due), without)).toEqual([]);
  });
});

test.each([
  ['another type', 'type Query { a: Int }', 'type Query { a: String }'],
  ['a field that can be null', 'type Query { a: Int! }', 'type Query { a: Int }'],
  ['a new argument that is required', 'type Query { a: Int }', 'type Query { a(b: Int!): Int }'],
  [
    'an input that takes one field now',
    'type Query { a(b: I): Int } input I { a: Int b: Int }',
    'type Query { a(b: I): Int } input I @oneOf { a: Int b: Int }',
  ],
  [
    'a type that a union loses',
    'type Query { a: U } union U = A | B type A { a: Int } type B { a: Int }',
    'type Query { a: U } union U = A type A { a: Int } type B { a: Int }',
  ],
])('%s is breaking', async (_name, from, to) => {
  expect(await breakingFrom(from, to)).not.toEqual([]);
});

test.each([
  ['a new field', 'type Query { a: Int }', 'type Query { a: Int b: Int }'],
  ['a new argument', 'type Query { a: Int }', 'type Query { a(b: Int): Int }'],
  ['a new description', 'type Query { a: Int }', '"all" type Query { a: Int }'],
  ['a new value', `${root} enum E { A }`, `${root} enum E { A B }`],
])('%s is compatible', async (_name, from, to) => {
  expect(await breakingFrom(from, to)).toEqual([]);
});

/** What can be deprecated in a type. */
function elementsOf(
  type: GraphQLNamedType,
): { name: string; deprecationReason?: string | null | undefined }[] {
  if (isEnumType(type)) return [...type.getValues()];
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(field => [field, ...field.args]);
}

test('each deprecation in the schema names the day after which it ends', () => {
  const undatedReasons = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap(elementsOf)
    .filter(({ deprecationReason }) => deprecationReason && !REMOVAL.test(deprecationReason));
  expect(undatedReasons.map(({ name }) => name)).toEqual([]);
});
