import type { Cache, Entity, UpdatesConfig } from '@urql/exchange-graphcache';
import type {
  ClaimSeatInput,
  DeleteWebhookEndpointInput,
  RemoveMemberInput,
  RevokeSeatMutation,
} from './generated/graphql.ts';

/** What changes forget that their answers do not bring. */
export const updates: UpdatesConfig = {
  Mutation: {
    revokeSeat(result, _args, cache) {
      const { revokeSeat } = result as RevokeSeatMutation;
      if (revokeSeat?.__typename !== 'RevokeSeatSuccess') return;
      const id = revokeSeat.formerHolder?.memberId;
      if (id != null) forget(cache, { __typename: 'Member', id }, 'seats');
    },
    removeMember(result, { input }, cache) {
      if (!succeeded(result.removeMember)) return;
      const { memberId } = input as RemoveMemberInput;
      cache.invalidate({ __typename: 'Member', id: memberId });
    },
    claimSeat(_result, { input }, cache) {
      const { invitationToken } = input as ClaimSeatInput;
      cache.invalidate('Query', 'seatClaimInfo', { invitationToken });
    },
    createWebhookEndpoint(_result, _args, cache) {
      forget(cache, 'Query', 'webhookEndpoints');
    },
    deleteWebhookEndpoint(result, { input }, cache) {
      if (!succeeded(result.deleteWebhookEndpoint)) return;
      const { id } = input as DeleteWebhookEndpointInput;
      cache.invalidate({ __typename: 'WebhookEndpoint', id });
      forget(cache, 'Query', 'webhookEndpoints');
    },
  },
};

function succeeded(answer: unknown): boolean {
  return (answer as { __typename?: string } | null)?.__typename?.endsWith('Success') ?? false;
}

/** Forgets a list, whatever its arguments. */
function forget(cache: Cache, owner: Entity, list: string): void {
  for (const { fieldName, arguments: args } of cache.inspectFields(owner)) {
    if (fieldName === list) cache.invalidate(owner, list, args);
  }
}
