import { mayReadSettings } from '../../organizations/access.ts';
import { builder } from '../builder.ts';

/** The settings of an organization, from the organization's own row. */
const OrganizationSettings = builder.prismaObject('Organization', {
  variant: 'OrganizationSettings',
  description: 'Settings of an organization for its invitations.',
  fields: t => ({
    sendsInvitations: t.exposeBoolean('sendsInvitations'),
    reminderHours: t.exposeInt('reminderHours', { nullable: true }),
    returnUrl: t.exposeString('returnUrl', { nullable: true }),
    invitationSubject: t.exposeString('invitationSubject', { nullable: true }),
    invitationText: t.exposeString('invitationText', { nullable: true }),
    invitationHtml: t.exposeString('invitationHtml', { nullable: true }),
  }),
});

/** The tenant. */
export const Organization = builder.prismaObject('Organization', {
  name: 'Organization',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    seatBasedPricingEnabled: t.exposeBoolean('seatBasedPricingEnabled'),
    memberModelEnabled: t.exposeBoolean('memberModelEnabled'),
    settings: t.field({
      type: OrganizationSettings,
      nullable: true,
      description:
        'Settings for invitations. Requires an access token with `organizations:read`, `organizations:write`, `customer_seats:read` or `customer_seats:write`, otherwise null.',
      resolve: (organization, _args, ctx) =>
        mayReadSettings(ctx.actor, organization.id) ? organization : null,
    }),
  }),
});

// The path from a customer, which a mutation's answer contains, to the organization.
builder.prismaObjectField('Customer', 'organization', t =>
  t.relation('organization', { description: 'The organization that the customer buys from.' }),
);
