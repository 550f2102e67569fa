import { expect } from 'vitest';
import type { TestUsher } from './usher.ts';

/** Sends a GraphQL document, expects no errors, and returns the data. */
export async function ask<Data>(
  usher: TestUsher,
  document: string,
  token: string,
  variables: object = {},
): Promise<Data> {
  const { data, errors } = await usher.graphql<Data, object>(document, variables, token);
  expect(errors).toBeUndefined();
  return data as Data;
}
