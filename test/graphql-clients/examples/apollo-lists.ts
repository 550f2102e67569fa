import type { ApolloClient } from '@apollo/client';
import {
  ClaimSeatDocument,
  CreateWebhookEndpointDocument,
  type CreateWebhookEndpointInput,
  DeleteWebhookEndpointDocument,
  RemoveMemberDocument,
  RevokeSeatDocument,
} from './generated/graphql.ts';

/** Revokes a seat, and forgets the list of the seats that its holder has. */
export function revokeSeat(client: ApolloClient, seatId: string) {
  return client.mutate({
    mutation: RevokeSeatDocument,
    variables: { input: { seatId } },
    update(cache, { data }) {
      if (data?.revokeSeat?.__typename !== 'RevokeSeatSuccess') return;
      const id = data.revokeSeat.formerHolder?.memberId;
      cache.evict({ id: cache.identify({ __typename: 'Member', id }), fieldName: 'seats' });
    },
  });
}

/** Removes a member, and forgets the member. */
export function removeMember(client: ApolloClient, memberId: string) {
  return client.mutate({
    mutation: RemoveMemberDocument,
    variables: { input: { memberId } },
    update(cache, { data }) {
      if (data?.removeMember?.__typename !== 'RemoveMemberSuccess') return;
      cache.evict({ id: cache.identify({ __typename: 'Member', id: memberId }) });
    },
  });
}

/** Claims a seat, and forgets what the invitation said before. */
export function claimSeat(client: ApolloClient, invitationToken: string) {
  return client.mutate({
    mutation: ClaimSeatDocument,
    variables: { input: { invitationToken } },
    update(cache) {
      cache.evict({ id: 'ROOT_QUERY', fieldName: 'seatClaimInfo', args: { invitationToken } });
    },
  });
}

/** Creates a webhook endpoint, and forgets the list of endpoints. */
export function createEndpoint(client: ApolloClient, input: CreateWebhookEndpointInput) {
  return client.mutate({
    mutation: CreateWebhookEndpointDocument,
    variables: { input },
    update: cache => void cache.evict({ id: 'ROOT_QUERY', fieldName: 'webhookEndpoints' }),
  });
}

/** Deletes a webhook endpoint, and forgets it and the list of endpoints. */
export function deleteEndpoint(client: ApolloClient, id: string) {
  return client.mutate({
    mutation: DeleteWebhookEndpointDocument,
    variables: { input: { id } },
    update(cache, { data }) {
      if (data?.deleteWebhookEndpoint?.__typename !== 'DeleteWebhookEndpointSuccess') return;
      cache.evict({ id: cache.identify({ __typename: 'WebhookEndpoint', id }) });
      cache.evict({ id: 'ROOT_QUERY', fieldName: 'webhookEndpoints' });
    },
  });
}
