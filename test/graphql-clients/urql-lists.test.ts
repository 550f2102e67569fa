import { type Client, gql, type TypedDocumentNode } from '@urql/core';
import type { DocumentNode } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { ENDPOINT_URL } from '../support/webhooks.ts';
import {
  ClaimSeatDocument,
  CreateWebhookEndpointDocument,
  DeleteWebhookEndpointDocument,
  EndpointsScreenDocument,
  MemberScreenDocument,
  RemoveMemberDocument,
  RevokeSeatDocument,
} from './examples/generated/graphql.ts';
import { createClient } from './examples/urql-client.ts';
import { requestsOf } from './requests.ts';
import { type Scene, setScene } from './scene.ts';
import { expectNoWarnings } from './warnings.ts';

let usher: TestUsher;
let scene: Scene;
beforeAll(async () => {
  usher = await startUsher();
  scene = await setScene(usher);
});
afterAll(() => usher.close());

expectNoWarnings();

const startClient = (token = scene.fixture.tokens.organization) =>
  createClient(`${usher.url}/graphql`, token);

interface Seats {
  totalCount: number;
  nodes: { id: string }[];
  pageInfo: { endCursor: string };
}

const SEATS: TypedDocumentNode<{ customerSubscription: { seats: Seats } }> = gql`
  query Seats($pool: ID!, $after: String, $filter: CustomerSeatFilter) {
    customerSubscription(id: $pool) {
      id
      seats(first: 2, after: $after, filter: $filter) {
        totalCount
        nodes { id status }
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

test('a page joins those before it, and another filter has pages of its own', async () => {
  const { fixture, claimedSeat, pendingSeat, revokedSeat, invitedSeat } = scene;
  const client = startClient();
  const variables = { pool: fixture.ids.subscription };
  const idsOf = async (more: object = {}) => {
    const { data } = await client.query(SEATS, { ...variables, ...more });
    return data?.customerSubscription.seats.nodes.map(({ id }) => id);
  };
  expect(await idsOf()).toEqual([claimedSeat, pendingSeat]);
  const { data } = await client.query(SEATS, variables);
  const after = data?.customerSubscription.seats.pageInfo.endCursor;
  expect(await idsOf({ after })).toEqual([claimedSeat, pendingSeat, revokedSeat, invitedSeat]);
  expect(await idsOf({ filter: { status: ['REVOKED'] } })).toEqual([revokedSeat]);
});

test('a list that the caller may not see stays null', async () => {
  const { tokens } = scene.fixture;
  const client = startClient(tokens.scopeless);
  const query = gql`query Seats { organization { id seats(first: 2) { nodes { id } } } }`;
  const requests = await requestsOf(async () => {
    for (const _ of ['the server', 'the cache']) {
      const { data } = await client.query(query, {});
      expect(data).toMatchObject({ organization: { seats: null } });
    }
  });
  expect(requests).toBe(1);
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

const FORGOTTEN: [name: string, Screen, (client: Client, scene: Scene) => PromiseLike<unknown>][] =
  [
    [
      'the seats of the former holder',
      memberScreen,
      (client, { claimedSeat }) =>
        client.mutation(RevokeSeatDocument, { input: { seatId: claimedSeat } }),
    ],
    [
      'a removed member',
      memberScreen,
      (client, { fixture }) =>
        client.mutation(RemoveMemberDocument, { input: { memberId: fixture.ids.member } }),
    ],
    [
      'what the invitation said',
      claimScreen,
      (client, { invitationToken }) =>
        client.mutation(ClaimSeatDocument, { input: { invitationToken } }),
    ],
    [
      'the endpoints before a new one',
      endpointsScreen,
      client => client.mutation(CreateWebhookEndpointDocument, { input: newEndpoint }),
    ],
    [
      'a deleted endpoint',
      endpointsScreen,
      (client, { endpoint }) =>
        client.mutation(DeleteWebhookEndpointDocument, { input: { id: endpoint } }),
    ],
  ];

test.each(FORGOTTEN)('a screen reads again, once: %s', async (_name, screen, change) => {
  const client = startClient();
  const variables = screen.variables(scene);
  const { data: before } = await client.query(screen.query, variables);
  const requests = await requestsOf(async () => {
    await change(client, scene);
    await client.query(screen.query, variables);
  });
  expect(requests).toBe(2);
  const { data } = await client.query(screen.query, variables);
  const fresh = await startClient().query(screen.query, variables);
  expect(data).toEqual(fresh.data);
  expect(data).not.toEqual(before);
});

test('a refusal is answered, and changes nothing', async () => {
  const { fixture } = scene;
  const client = startClient(fixture.tokens.reader);
  const { data } = await client.mutation(RevokeSeatDocument, {
    input: { seatId: fixture.ids.subscription },
  });
  expect(data?.revokeSeat).toMatchObject({ __typename: 'NotPermittedError' });
});
