import * as errors from '../../domain/errors.ts';
import { INVITATION_VARIABLES } from '../../mail/templates.ts';
import { updateOrganizationSettings } from '../../organizations/update-settings.ts';
import { builder } from '../builder.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { Organization } from '../types/organization.ts';

const VARIABLES = Object.keys(INVITATION_VARIABLES).map(name => `\`${name}\``);
const TEMPLATE = `a Mustache template with any of ${VARIABLES.join(', ')}; null for usher's own.`;
const BODY = `${TEMPLATE} It has to show \`claimUrl\`, and has at most 64 KiB.`;

const UpdateOrganizationSettingsInput = builder.inputType('UpdateOrganizationSettingsInput', {
  description: 'What an organization decides. What is left out stays.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    sendsInvitations: t.boolean({
      description:
        'Whether usher mails invitations. Where not, `CustomerSeat.invitationUrl` has the link for whoever assigns a seat with an access token. Null stays as it is.',
    }),
    reminderHours: t.int({
      description:
        'How many hours before an invitation ends its recipient is reminded: 1 to 23; null is never.',
    }),
    returnUrl: t.string({
      description:
        "Where people go once they have claimed a seat, with their session's token in the fragment: an https:// address, or http:// of localhost, of at most 2048 characters; null for nowhere.",
    }),
    invitationSubject: t.string({
      description: `The subject of an invitation, at most 200 characters: ${TEMPLATE}`,
    }),
    invitationText: t.string({ description: `The text of an invitation: ${BODY}` }),
    invitationHtml: t.string({
      description: `The HTML of an invitation, in which values are escaped: ${BODY}`,
    }),
  }),
});

builder.mutationField('updateOrganizationSettings', t =>
  t.field({
    type: Organization,
    nullable: true,
    description:
      "Changes how an organization's invitations are sent: all that is named, or nothing. Requires an access token with `organizations:write`.",
    args: {
      input: t.arg({
        type: UpdateOrganizationSettingsInput,
        required: true,
        description: 'What to change.',
      }),
    },
    errors: {
      dataField: { name: 'organization', description: 'The organization as it is now.' },
      union: { description: 'The organization, or why it stays as it was.' },
      result: { description: 'The settings are changed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input: { organizationId, sendsInvitations, ...change } }, ctx) =>
      updateOrganizationSettings(ctx, organizationId, {
        ...change,
        sendsInvitations: sendsInvitations ?? undefined,
      }),
  }),
);
