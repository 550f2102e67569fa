import type { Actor as Caller } from '../../auth/actor.ts';
import type { RecordedActor } from '../../auth/recorded-actor.ts';
import { builder } from '../builder.ts';

const ActorKind = builder.enumType('ActorKind', {
  description: 'Kind of an actor.',
  values: {
    ORGANIZATION: { value: 'organization', description: 'An access token of an organization.' },
    USER: { value: 'user', description: 'A person with a personal access token.' },
    CUSTOMER: { value: 'customer', description: 'A session of a customer.' },
    MEMBER: { value: 'member', description: 'A session of a member.' },
    INVITEE: { value: 'invitee', description: 'A person with an invitation.' },
    SYSTEM: { value: 'system', description: 'usher itself.' },
  } as const,
});

const ActorChannel = builder.enumType('ActorChannel', {
  description: 'What an actor used.',
  values: {
    GRAPHQL: { value: 'graphql', description: 'The GraphQL API.' },
    REST: { value: 'rest', description: 'The REST API.' },
    CLAIM_PAGE: { value: 'claim_page', description: 'The claim page.' },
    IMPORT: { value: 'import', description: 'An import.' },
    WORKER: { value: 'worker', description: 'The worker.' },
    COMMAND: { value: 'command', description: 'A command on the server.' },
  } as const,
});

/** Who did something, as an event recorded it. */
export const Actor = builder.objectRef<RecordedActor>('Actor').implement({
  description: 'The person or program that did something, as a value from that time.',
  fields: t => ({
    kind: t.expose('kind', { type: ActorKind, description: 'The kind of actor.' }),
    id: t.field({
      type: 'ID',
      nullable: true,
      description:
        "The id of the access token, user, customer or member; null for usher itself, and for a session that looks at the seller's actors.",
      resolve: (actor, _args, ctx) => (maySee(ctx.actor, actor) ? actor.id : null),
    }),
    label: t.string({
      nullable: true,
      description:
        "The e-mail address of a person, or the id of an organization's access token; null like `id`.",
      resolve: (actor, _args, ctx) => (maySee(ctx.actor, actor) ? actor.label : null),
    }),
    via: t.field({
      type: ActorChannel,
      description: 'What the actor used.',
      resolve: ({ channel }) => channel,
    }),
  }),
});

/** Returns whether a caller may know who an actor is. Customers may not see the seller's people. */
function maySee(caller: Caller, { kind }: RecordedActor): boolean {
  return 'scopes' in caller || (kind !== 'organization' && kind !== 'user');
}
