import type { Client } from '@urql/core';
import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './generated/graphql-env.d.ts';

/** Types documents by the schema. */
const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; EmailAddress: string; JSONObject: Record<string, unknown> };
}>();

const assignSeatDocument = graphql(`
  mutation AssignSeat($input: AssignSeatInput!) {
    assignSeat(input: $input) {
      __typename
      ... on AssignSeatSuccess {
        seat {
          id
          status
          metadata
          invitationTokenExpiresAt
        }
      }
      ... on SeatNotAvailableError {
        reason
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export type AssignSeatResult = ResultOf<typeof assignSeatDocument>['assignSeat'];

/** Assigns a seat of a subscription. */
export async function assignSeat(
  client: Client,
  subscriptionId: string,
  email: string,
): Promise<AssignSeatResult | undefined> {
  const input = { source: { subscriptionId }, recipient: { email } };
  const { data, error } = await client.mutation(assignSeatDocument, { input });
  if (error) throw error;
  return data?.assignSeat;
}

/** Says what came of it, in a text for people. */
export function describeResult(result: AssignSeatResult): string {
  switch (result?.__typename) {
    case 'AssignSeatSuccess':
      return `The seat is ${result.seat.status.toLowerCase()}.`;
    case 'SeatNotAvailableError':
      return result.reason === 'FULL' ? 'All seats are taken.' : 'Seats are not sold now.';
    default:
      return result?.message ?? 'Try again later.';
  }
}
