import { randomUUID } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Decision 19: a malformed id is one that is not there. So every answer about it is the answer about an unknown UUID. An id
// that the caller chooses is refused instead, where it is malformed.

let usher: TestUsher;
let fixture: Fixture;
let seatId: string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  seatId = (await givenSeat(usher, fixture, { email: 'sam@globex.example' })).id;
});
afterAll(() => usher.close());

type Input = GraphQLArgument | GraphQLInputField;

/** The paths to the ids in an input, which is an id itself or an object with some. Leaves out those that are chosen. */
function pathsToIds({ name, type, extensions }: Input): string[][] {
  const named = getNamedType(type);
  if (named.name === 'ID') return 'isChosenId' in extensions ? [] : [[name]];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap(field =>
    pathsToIds(field).map(path => [name, ...path]),
  );
}

/** What an input is given: the id where the path leads, and something good where a value is required. */
function givenValue(input: Input, path: readonly string[] | undefined, id: unknown): unknown {
  const { type } = input;
  const named = getNamedType(type);
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  return isList ? [itemOf()] : itemOf();

  function itemOf(): unknown {
    if (path?.length === 0) return id;
    if (isEnumType(named)) return named.getValues()[0]?.name;
    if (named.name === 'Boolean') return false;
    if (named.name === 'DateTime') return '2026-01-01T00:00:00Z';
    if (!isInputObjectType(named)) return input.name === 'url' ? 'https://a.example' : knownId();
    const [next, ...rest] = path ?? [];
    const fields = Object.values(named.getFields());
    const chosen = named.isOneOf
      ? fields.filter(({ name }, index) => (next ? name === next : index === 0))
      : fields.filter(({ name, type: ofField }) => name === next || isNonNullType(ofField));
    return Object.fromEntries(
      chosen.map(field => [
        field.name,
        givenValue(field, field.name === next ? rest : undefined, id),
      ]),
    );
  }

  function knownId(): string {
    const known: Record<string, string> = { ...fixture.ids, seat: seatId };
    return known[input.name.replace(/Id$/, '')] ?? 'a';
  }
}

const asked = [schema.getQueryType(), schema.getMutationType()].flatMap(root =>
  Object.values(root?.getFields() ?? {}).flatMap(field =>
    field.args.flatMap(arg =>
      pathsToIds(arg).map(
        path => [`${field.name}(${path.join('.')})`, { root: root?.name, field, path }] as const,
      ),
    ),
  ),
);

const UUIDS = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;
const MALFORMED = ['', 'x', '5', 'é\u0000', `{${randomUUID()}}`, randomUUID().replaceAll('-', '')];

describe.each(asked)('%s', (_name, { root, field, path }) => {
  test('a malformed id is unknown', async () => {
    const [first = '', ...rest] = path;
    const used = field.args.filter(({ name, type }) => name === first || isNonNullType(type));
    const parameters = used.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const args = used.map(({ name }) => `${name}: $${name}`).join(', ');
    const selection =
      root === 'Query' ? '__typename' : '__typename ... on UserError { code message }';
    const document = `${root?.toLowerCase()} (${parameters}) { ${field.name}(${args}) { ${selection} } }`;
    const answerFor = async (id: unknown) => {
      const variables = Object.fromEntries(
        used.map(arg => [arg.name, givenValue(arg, arg.name === first ? rest : undefined, id)]),
      );
      const { status, data, errors } = await usher.graphql(
        document,
        variables,
        fixture.tokens.organization,
      );
      return {
        status,
        // A message can name the id, or the unknown UUID that stands for it.
        data: JSON.stringify(data).replace(UUIDS, 'id'),
        errors: errors?.map(({ message, extensions }) => [message, extensions]),
      };
    };
    const unknown = await answerFor(randomUUID());
    expect(unknown.errors).toBeUndefined();
    for (const id of MALFORMED) expect(await answerFor(id)).toEqual(unknown);
  });
});
