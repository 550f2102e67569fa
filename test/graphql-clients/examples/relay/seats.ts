import { commitMutation, type Environment, fetchQuery, graphql } from 'relay-runtime';
import type { seatsAssignMutation } from './__generated__/seatsAssignMutation.graphql.ts';
import type { seatsQuery as SeatsQuery } from './__generated__/seatsQuery.graphql.ts';
import type { seatsRevokeMutation } from './__generated__/seatsRevokeMutation.graphql.ts';

/** A pool with its seats, two at a time. */
export const seatsQuery = graphql`
  query seatsQuery($source: SeatSourceInput!, $after: String) {
    seatPool(source: $source) {
      __typename
      id
      availableSeats
      usage {
        id
        available
        pending
        claimed
      }
      seats(first: 2, after: $after) @connection(key: "Pool_seats") {
        edges {
          node {
            id
            status
            email
            member {
              id
              name
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

/** Reads the first seats, or with a cursor more of them, which join those of the store. */
export function loadSeats(
  environment: Environment,
  variables: SeatsQuery['variables'],
): Promise<unknown> {
  return fetchQuery<SeatsQuery>(environment, seatsQuery, variables).toPromise();
}

/** Assigns a seat, which joins the end of the connections. */
export function assignSeat(
  environment: Environment,
  input: seatsAssignMutation['variables']['input'],
  connections: string[],
): Promise<seatsAssignMutation['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<seatsAssignMutation>(environment, {
      mutation: graphql`
        mutation seatsAssignMutation($input: AssignSeatInput!, $connections: [ID!]!) {
          assignSeat(input: $input) {
            __typename
            ... on AssignSeatSuccess {
              seat @appendNode(connections: $connections, edgeTypeName: "CustomerSeatEdge") {
                id
                status
                email
                member {
                  id
                  name
                }
                pool {
                  __typename
                  id
                  availableSeats
                  usage {
                    id
                    available
                    pending
                    claimed
                  }
                }
              }
            }
            ... on UserError {
              code
              message
            }
          }
        }
      `,
      variables: { input, connections },
      onCompleted: resolve,
      onError: reject,
    });
  });
}

/** Revokes a seat, which stays in its pool. */
export function revokeSeat(
  environment: Environment,
  seatId: string,
): Promise<seatsRevokeMutation['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<seatsRevokeMutation>(environment, {
      mutation: graphql`
        mutation seatsRevokeMutation($input: RevokeSeatInput!) {
          revokeSeat(input: $input) {
            __typename
            ... on RevokeSeatSuccess {
              seat {
                id
                status
                email
                member {
                  id
                  name
                }
                pool {
                  __typename
                  id
                  availableSeats
                  usage {
                    id
                    available
                    pending
                    claimed
                  }
                }
              }
            }
            ... on UserError {
              code
              message
            }
          }
        }
      `,
      variables: { input: { seatId } },
      onCompleted: resolve,
      onError: reject,
    });
  });
}
