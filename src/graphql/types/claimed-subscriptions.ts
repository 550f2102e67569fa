import { claimedBy } from '../../seats/read/claimed-subscriptions.ts';
import { builder } from '../builder.ts';
import { pageComplexity } from '../pages.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { pageOfSubscriptions, SubscriptionConnection } from './pool-connections.ts';

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
        return pageOfSubscriptions(ctx, args, info, list, where);
      },
    },
    SubscriptionConnection,
  ),
);
