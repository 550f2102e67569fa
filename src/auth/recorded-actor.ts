import type { ActorChannel, ActorKind } from '../db/generated/prisma/enums.ts';
import type { KnownActor } from './access.ts';

/** Who did something, as an event records it: a copy that outlives the person and the token (decision 22). */
export interface RecordedActor {
  kind: ActorKind;
  /** The id of the access token, user, customer or member; null for usher itself. */
  id: string | null;
  /** What people know the actor by: an e-mail address, or the id of an access token. */
  label: string | null;
  channel: ActorChannel;
}

/** Returns the record of an actor who uses a channel. */
export function recordActor(actor: KnownActor, channel: ActorChannel): RecordedActor {
  return { kind: actor.kind, id: idOf(actor), label: actor.label, channel };
}

/** Returns the record of usher itself, such as for a pool that ends. */
export function recordSystem(channel: ActorChannel): RecordedActor {
  return { kind: 'system', id: null, label: null, channel };
}

/** Returns the columns of an event for who did it. */
export function actorColumns({ kind, id, label, channel }: RecordedActor) {
  return { actorKind: kind, actorId: id, actorLabel: label, actorChannel: channel };
}

/** Returns the id of an actor: of the access token, user, customer or member. Sessions have no id. */
export function idOf(actor: KnownActor): string {
  switch (actor.kind) {
    case 'organization':
      return actor.tokenId;
    case 'user':
      return actor.userId;
    case 'customer':
      return actor.customerId;
    case 'member':
      return actor.memberId;
  }
}
