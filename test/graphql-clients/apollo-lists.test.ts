import { type ApolloClient, gql, type TypedDocumentNode } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { ENDPOINT_URL } from '../support/webhooks.ts';
import { createClient } from './examples/apollo-client.ts';
import {
  claimSeat,
  createEndpoint,
  deleteEndpoint,
  removeMember,
  revokeSeat,
} from './examples/apollo-lists.ts';
import { EndpointsScreenDocument, MemberScreenDocument } from './examples/generated/graphql.ts';
import { requestsOf } from './requests.ts';
import { type Scene, setScene } from './scene.ts';

let usher: TestUsher;
let scene: Scene;
beforeAll(async () => {
  usher = await startUsher();
  scene = await setScene(usher);
});
afterAll(() => usher.close());

const startClient = (token = scene.fixture.tokens.organization) =>
  createClient(`${usher.url}/graphql`, token);

interface Seats {
  totalCount: number;
  edges: { node: { id: string } }[];
  pageInfo: { endCursor: string };
}

const SEATS: TypedDocumentNode<{ customerSubscription: { seats: Seats } }> = gql`
  query Seats($pool: ID!, $after: String, $filter: CustomerSeatFilter) {
    customerSubscription(id: $pool) {
      id
      seats(first: 2, after: $after, filter: $filter) {
        totalCount
        edges { node { id status } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;
const CLAIM_INFO = gql`
  query ClaimInfo($invitationToken: String!) {
    seatClaimInfo(invitationToken: $invitationToken) { canClaim customerEmail }
  }
`;

interface Screen {
  query: DocumentNode;
  variables(scene: Scene): object;
}

const idsOf = (seats: Seats | undefined) => seats?.edges.map(({ node }) => node.id);

test('a page joins those before it, and another filter has pages of its own', async () => {
  const { fixture, claimedSeat, pendingSeat, revokedSeat, invitedSeat } = scene;
  const client = startClient();
  const variables = { pool: fixture.ids.subscription };
  const { data } = await client.query({ query: SEATS, variables });
  expect(idsOf(data?.customerSubscription.seats)).toEqual([claimedSeat, pendingSeat]);
  const after = data?.customerSubscription.seats.pageInfo.endCursor;
  await client.watchQuery({ query: SEATS, variables }).fetchMore({ variables: { after } });
  const filtered = { ...variables, filter: { status: ['REVOKED'] } };
  const { data: revoked } = await client.query({ query: SEATS, variables: filtered });
  expect(idsOf(revoked?.customerSubscription.seats)).toEqual([revokedSeat]);
  const all = client.readQuery({ query: SEATS, variables });
  expect(idsOf(all?.customerSubscription.seats)).toEqual([
    claimedSeat,
    pendingSeat,
    revokedSeat,
    invitedSeat,
  ]);
});

test('a list that the caller may not see stays null', async () => {
  const { tokens } = scene.fixture;
  const query = gql`query Seats {
    organization { id seats(first: 2) { edges { node { id } } pageInfo { hasNextPage } } }
  }`;
  const { data } = await startClient(tokens.scopeless).query({ query });
  expect(data).toMatchObject({ organization: { seats: null } });
});

const memberScreen = {
  query: MemberScreenDocument,
  variables: ({ fixture: { ids } }: Scene) => ({ customer: ids.customer, member: ids.member }),
};
const endpointsScreen = { query: EndpointsScreenDocument, variables: () => ({}) };
const claimScreen = {
  query: CLAIM_INFO,
  variables: ({ invitationToken }: Scene) => ({ invitationToken }),
};
const newEndpoint = { url: ENDPOINT_URL, events: ['CUSTOMER_SEAT_CLAIMED' as const] };

const FORGOTTEN: [
  name: string,
  Screen,
  (client: ApolloClient, scene: Scene) => Promise<unknown>,
][] = [
  [
    'the seats of the former holder',
    memberScreen,
    (client, { claimedSeat }) => revokeSeat(client, claimedSeat),
  ],
  [
    'a removed member',
    memberScreen,
    (client, { fixture }) => removeMember(client, fixture.ids.member),
  ],
  [
    'what the invitation said',
    claimScreen,
    (client, { invitationToken }) => claimSeat(client, invitationToken),
  ],
  [
    'the endpoints before a new one',
    endpointsScreen,
    client => createEndpoint(client, newEndpoint),
  ],
  [
    'a deleted endpoint',
    endpointsScreen,
    (client, { endpoint }) => deleteEndpoint(client, endpoint),
  ],
];

test.each(FORGOTTEN)(
  'a screen reads again, once: %s',
  async (_name, { query, variables }, change) => {
    const client = startClient();
    const screen = { query, variables: variables(scene) };
    const { data: before } = await client.query(screen);
    const watched = client.watchQuery(screen);
    const requests = await requestsOf(async () => {
      const changed = firstValueFrom(
        watched.pipe(filter(({ data, loading }) => !loading && data !== before)),
      );
      await change(client, scene);
      await changed;
    });
    expect(requests).toBe(2);
    const { data: fresh } = await startClient().query(screen);
    expect(watched.getCurrentResult().data).toEqual(fresh);
    expect(fresh).not.toEqual(before);
  },
);
