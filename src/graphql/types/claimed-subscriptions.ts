import type { Subscription } from '../../db/generated/prisma/client.ts';
import { claimedBy } from '../../seats/read/claimed-subscriptions.ts';
import { builder } from '../builder.ts';
import { pageComplexity, pageOfRows } from '../pages.ts';
import { CustomerSubscription } from './customer-subscription.ts';

const CustomerSubscriptionConnection = builder.connectionObject({
  type: CustomerSubscription,
  name: 'CustomerSubscriptionConnection',
  description: 'A page of subscriptions, from oldest to newest.',
});

builder.queryField('claimedSubscriptions', t =>
  t.connection(
    {
      type: CustomerSubscription,
      nullable: true,
      description:
        'The subscriptions in which you have claimed a seat, from oldest to newest. Requires a session of a customer or a member.',
      complexity: pageComplexity,
      resolve: (_root, args, ctx, info) => {
        const where = claimedBy(ctx.actor);
        const list = ['claimedSubscriptions', JSON.stringify(where)];
        return pageOfRows<Subscription>(
          { args, ctx, info, type: 'CustomerSubscription', list },
          ({ beyond, ...page }) =>
            ctx.db.subscription.findMany({ ...page, where: { ...where, AND: beyond } }),
          () => ctx.db.subscription.count({ where }),
        );
      },
    },
    CustomerSubscriptionConnection,
  ),
);
