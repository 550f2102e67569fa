import {
  ErasePersonDocument,
  PersonalDataDocument,
  type PersonInput,
} from '../support/operations/graphql.ts';
import type { TestUsher } from '../support/usher.ts';

/** Erases a person; it has to succeed. */
export async function erase(usher: TestUsher, token: string, person: PersonInput) {
  const { data, errors } = await usher.graphql(ErasePersonDocument, { input: { person } }, token);
  const result = data?.erasePerson;
  if (result?.__typename !== 'ErasePersonSuccess') {
    throw new Error(`Nobody was erased: ${JSON.stringify(result ?? errors)}`);
  }
  return result;
}

/** Returns all that is stored of a person; null if nothing is. */
export async function dataOf(
  usher: TestUsher,
  token: string,
  person: PersonInput,
): Promise<Record<string, Record<string, unknown>[]> | null> {
  const { data, errors } = await usher.graphql(PersonalDataDocument, { input: { person } }, token);
  const result = data?.personalData;
  if (result?.__typename !== 'PersonalDataSuccess') {
    throw new Error(`Nothing was read: ${JSON.stringify(result ?? errors)}`);
  }
  return (result.data ?? null) as never;
}
