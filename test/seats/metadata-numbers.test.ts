import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJson as parseFile } from '../../src/import/json-text.ts';
import type { Fixture } from '../support/fixture.ts';
import { assign } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 200 });
});
afterAll(() => usher.close());

const CHANGED = [
  '12345678901234567890',
  '-9007199254740993',
  '9007199254740993.0',
  '1e400',
  '-1e400',
  '1e-400',
  '-0',
  '-0.0',
  '0.1000000000000000055511151231257827',
  '1.00000000000000000001',
  '123456789012345678e3',
];

const KEPT = [
  '0',
  '7',
  '-1.50',
  '9007199254740991',
  '12345678901234567000',
  '1e3',
  '1E+22',
  '5e-324',
  '1.7976931348623157e308',
  '0.1',
  '100000000000000000000.0',
];

let people = 0;
const person = () => `person${people++}@globex.example`;

const MUTATION = `mutation Assign($input: AssignSeatInput!) {
  assignSeat(input: $input) {
    __typename
    ... on InvalidInputError { issues { path code } }
    ... on AssignSeatSuccess { seat { id metadata } }
  }
}`;

async function post(body: string) {
  const response = await fetch(`${usher.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${fixture.tokens.organization}`,
    },
    body,
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data.assignSeat;
}

const variables = (metadata: string) =>
  post(`{"query":${JSON.stringify(MUTATION)},"variables":{"input":{
    "source":{"subscriptionId":"${fixture.ids.subscription}"},
    "recipient":{"email":"${person()}"},"metadata":${metadata}}}}`);

const literal = (metadata: string) =>
  post(
    JSON.stringify({
      query: MUTATION.replace('($input: AssignSeatInput!)', '').replace(
        '$input',
        `{ source: { subscriptionId: "${fixture.ids.subscription}" },
           recipient: { email: "${person()}" }, metadata: ${metadata} }`,
      ),
    }),
  );

const rest = (metadata: string) =>
  usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    headers: { 'content-type': 'application/json' },
    body: `{"subscription_id":"${fixture.ids.subscription}","email":"${person()}","metadata":${metadata}}`,
  });

describe.each([...CHANGED, 'NaN', 'Infinity'])(
  'a number that would be changed in silence (%s)',
  token => {
    test('is refused by REST, at its place', async () => {
      const shallow = await rest(`{"crm":${token}}`);
      expect([shallow.status, shallow.body.detail?.[0]]).toMatchObject([
        422,
        { type: 'value_error', loc: ['body', 'metadata', 'crm'] },
      ]);
      const deep = await rest(`{"a":[1,{"b":${token}}]}`);
      expect(deep.body.detail?.[0].loc).toEqual(['body', 'metadata', 'a', 1, 'b']);
    });

    test('is refused in a GraphQL literal, at its place', async () => {
      expect(await literal(`{ a: [1, { b: ${token} }] }`)).toEqual({
        __typename: 'InvalidInputError',
        issues: [{ path: ['metadata', 'a', '1', 'b'], code: 'INEXACT_NUMBER' }],
      });
    });
  },
);

describe.each(CHANGED)('in a variable or a file (%s)', token => {
  test('it is refused by GraphQL, at the first and at later executions', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await variables(`{"a":[1,{"b":${token}}]}`)).toEqual({
        __typename: 'InvalidInputError',
        issues: [{ path: ['metadata', 'a', '1', 'b'], code: 'INEXACT_NUMBER' }],
      });
    }
  });

  test('it is refused in a file, with line, column and path', () => {
    expect(() => parseFile(`{"seats": [\n  {"metadata": {"crm": ${token}}}]}`)).toThrow(
      `line 2, column 24: seats[0].metadata.crm: ${token} cannot be kept exactly`,
    );
  });
});

test.each(KEPT)('a number that can be kept comes back the same (%s)', async token => {
  const value = Number(token);
  const { body } = await rest(`{"crm":${token}}`);
  expect(body.seat_metadata).toEqual({ crm: value });
  for (const answer of [
    await literal(`{ crm: ${token} }`),
    await variables(`{"crm":${token}}`),
    await variables(`{"crm":${token}}`),
  ]) {
    expect(answer.seat?.metadata).toEqual({ crm: value });
  }
  expect(parseFile(`{"crm":${token}}`)).toEqual({ crm: value });
});

test('an inexact number beside one that is no JSON is refused too', async () => {
  const { status, body } = await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    headers: { 'content-type': 'application/json' },
    body: `{"x":NaN,"subscription_id":"${fixture.ids.subscription}","email":"${person()}","metadata":{"a":12345678901234567890}}`,
  });
  expect([status, body.detail[0].loc]).toEqual([422, ['body', 'metadata', 'a']]);
});

test('the same digits in a text are nobody’s business', async () => {
  const answer = await assign(usher, fixture, {
    email: person(),
    metadata: { a: '12345678901234567890', b: ', 1e400' },
  });
  expect(answer.body.seat_metadata).toEqual({ a: '12345678901234567890', b: ', 1e400' });
});
