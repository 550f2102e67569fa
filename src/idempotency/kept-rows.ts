import { mayRead, organizationsInReach } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import type {
  Member,
  Organization,
  WebhookDelivery,
  WebhookEndpoint,
} from '../db/generated/prisma/client.ts';
import { requireMemberManager } from '../members/access.ts';
import type { RemovedMember } from '../members/remove.ts';
import { requireSettingsManager } from '../organizations/access.ts';
import type { EndedMembership } from '../organizations/end-membership.ts';
import { notFound } from '../seats/source.ts';
import { lookAtSeats } from '../seats/store/seat-facts.ts';
import { requireWebhookManager } from '../webhooks/access.ts';
import type { Kept } from './once-in-transaction.ts';

/** The key of a row of an organization. */
interface Key {
  organizationId: string;
  id: string;
}

const keyOf = ({ organizationId, id }: Key): Key => ({ organizationId, id });

/** The member that a verb returns. */
export const KEPT_MEMBER: Kept<Member, Key> = {
  authorize: ctx => void requireMemberManager(ctx.actor),
  store: keyOf,
  async restore(ctx, key) {
    const where = { organizationId_id: keyOf(key) };
    const member = await ctx.db.member.findUnique({ where });
    if (member === null || !mayRead(ctx.actor, member)) notFound('Member not found');
    return member;
  },
};

/** The member that was removed, and the seats that were revoked. */
export const KEPT_REMOVAL: Kept<RemovedMember, { member: Key; seatIds: string[] }> = {
  authorize: KEPT_MEMBER.authorize,
  store: ({ member, revokedSeats }) => ({
    member: keyOf(member),
    seatIds: revokedSeats.map(({ id }) => id),
  }),
  async restore(ctx, { member, seatIds }) {
    const facts = await lookAtSeats(ctx.sql, requireMemberManager(ctx.actor), seatIds);
    return {
      member: await KEPT_MEMBER.restore(ctx, member),
      revokedSeats: seatIds.flatMap(id => facts.get(id)?.seat ?? []),
    };
  },
};

/** The webhook endpoint that a verb returns, even a deleted one. */
export const KEPT_ENDPOINT: Kept<WebhookEndpoint, Key> = {
  authorize: ctx => void requireWebhookManager(ctx.actor),
  store: keyOf,
  async restore(ctx, key) {
    const where = { organizationId_id: requireReach(ctx, keyOf(key)) };
    return (
      (await ctx.db.webhookEndpoint.findUnique({ where })) ?? notFound('Webhook endpoint not found')
    );
  },
};

/** The delivery that a verb returns. */
export const KEPT_DELIVERY: Kept<WebhookDelivery, Key> = {
  authorize: KEPT_ENDPOINT.authorize,
  store: keyOf,
  async restore(ctx, key) {
    const where = { organizationId_id: requireReach(ctx, keyOf(key)) };
    return (
      (await ctx.db.webhookDelivery.findUnique({ where })) ?? notFound('Webhook delivery not found')
    );
  },
};

/** The organization whose settings were changed. */
export const KEPT_ORGANIZATION: Kept<Organization, Key> = {
  authorize: ctx => void requireSettingsManager(ctx.actor),
  store: ({ id }) => ({ organizationId: id, id }),
  async restore(ctx, key) {
    const { id } = requireReach(ctx, key);
    return (
      (await ctx.db.organization.findUnique({ where: { id } })) ??
      notFound('Organization not found')
    );
  },
};

/** The membership that was ended. */
export const KEPT_MEMBERSHIP: Kept<EndedMembership, EndedMembership> = {
  authorize: KEPT_ORGANIZATION.authorize,
  store: membership => membership,
  restore: async (ctx, membership) => requireReach(ctx, membership),
};

/** Returns a key of an organization that the caller still reaches. Throws ResourceNotFound for any other. */
function requireReach<Of extends { organizationId: string }>({ actor }: Ctx, key: Of): Of {
  const isReachable =
    actor.kind !== 'anonymous' && organizationsInReach(actor).includes(key.organizationId);
  return isReachable ? key : notFound('Resource not found');
}
