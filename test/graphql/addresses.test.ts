import { readFile } from 'node:fs/promises';
import { buildSchema, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

interface Input {
  mutation: string;
  type: string;
  path: string[];
  input: (email: string) => object;
}

const source = () => ({ subscriptionId: fixture.ids.subscription });

// By the input object that has the address.
const INPUTS: Record<string, Input> = {
  SeatRecipientInput: {
    mutation: 'assignSeat',
    type: 'AssignSeatInput',
    path: ['recipient', 'email'],
    input: email => ({ source: source(), recipient: { email } }),
  },
  ExternalMemberInput: {
    mutation: 'assignSeat',
    type: 'AssignSeatInput',
    path: ['recipient', 'externalMember', 'email'],
    input: email => ({
      source: source(),
      recipient: { externalMember: { externalId: 'usr_new', email } },
    }),
  },
  UpdateMemberInput: {
    mutation: 'updateMember',
    type: 'UpdateMemberInput',
    path: ['email'],
    input: email => ({ memberId: fixture.ids.member, email }),
  },
  MembershipUserInput: {
    mutation: 'endMembership',
    type: 'EndMembershipInput',
    path: ['user', 'email'],
    input: email => ({ user: { email } }),
  },
  PersonInput: {
    mutation: 'erasePerson',
    type: 'ErasePersonInput',
    path: ['person', 'email'],
    input: email => ({ person: { email } }),
  },
  SyncCustomerInput: {
    mutation: 'syncBilling',
    type: 'SyncBillingInput',
    path: ['customers', '0', 'email'],
    input: email => ({
      asOf: '2026-01-01T00:00:00Z',
      customers: [{ id: fixture.ids.customer, email }],
    }),
  },
};

const MALFORMED = [
  '',
  ' ',
  'nobody',
  'a@',
  '@b.example',
  'a@localhost',
  'a@b..example',
  'a\0@b.example',
  'a@b@c.example',
];

describe.each(Object.entries(INPUTS))('a malformed address in %s', (_name, given) => {
  const { mutation, type, path, input } = given;

  test.each(MALFORMED)('is refused at its path: %j', async email => {
    const document = `mutation ($input: ${type}!) {
      ${mutation}(input: $input) {
        __typename
        ... on InvalidInputError { issues { path code message } }
      }
    }`;
    const { data, errors } = await usher.graphql<Record<string, unknown>, object>(
      document,
      { input: input(email) },
      fixture.tokens.organization,
    );
    expect(errors).toBeUndefined();
    expect(data?.[mutation]).toEqual({
      __typename: 'InvalidInputError',
      issues: [{ path, code: 'EMAIL', message: expect.stringMatching(/\w/) }],
    });
  });
});

test('these are all the inputs that take an address', async () => {
  const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'));
  const taking = Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .filter(type => Object.keys(type.getFields()).some(field => /e-?mail/i.test(field)))
    .map(({ name }) => name);
  // A query has no InvalidInputError: nobody has a malformed address.
  const inQueries = ['CustomerLookupInput', 'CustomerSeatFilter'];
  expect(taking.sort()).toEqual([...Object.keys(INPUTS), ...inQueries].sort());
});

test.each(MALFORMED)('a customer with a malformed address does not exist: %j', async email => {
  const { data, errors } = await usher.graphql(
    'query ($email: String!) { customer(by: { email: $email }) { id } }',
    { email },
    fixture.tokens.organization,
  );
  expect([data, errors]).toEqual([{ customer: null }, undefined]);
});
