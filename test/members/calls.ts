import {
  RemoveMemberDocument,
  UpdateMemberDocument,
  type UpdateMemberInput,
} from '../support/operations/graphql.ts';
import type { TestUsher } from '../support/usher.ts';

/** The outcome of a call. */
export interface Outcome {
  /** `ok`, or the name of the domain error. */
  word: string;
  member?: { id: string; email: string; name?: string | null; role?: string };
  issues?: { path: string[]; code: string; message: string }[];
}

interface Result {
  __typename: string;
  member?: NonNullable<Outcome['member']>;
  issues?: NonNullable<Outcome['issues']>;
}

/** Changes a member, and returns the outcome. */
export async function update(
  usher: TestUsher,
  token: string,
  input: UpdateMemberInput,
): Promise<Outcome> {
  const { data, errors } = await usher.graphql(UpdateMemberDocument, { input }, token);
  return outcomeOf(data?.updateMember, errors);
}

/** Removes a member, and returns the outcome. */
export async function remove(usher: TestUsher, token: string, memberId: string): Promise<Outcome> {
  const variables = { input: { memberId } };
  const { data, errors } = await usher.graphql(RemoveMemberDocument, variables, token);
  return outcomeOf(data?.removeMember, errors);
}

function outcomeOf(result: Result | null | undefined, errors: unknown): Outcome {
  if (!result) throw new Error(JSON.stringify(errors));
  const { __typename, member, issues } = result;
  return {
    word: __typename.endsWith('Success') ? 'ok' : __typename.replace(/Error$/, ''),
    ...(member && { member }),
    ...(issues && { issues }),
  };
}
