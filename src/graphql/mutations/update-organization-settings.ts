import * as errors from '../../domain/errors.ts';
import { KEPT_ORGANIZATION } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { INVITATION_VARIABLES } from '../../mail/templates.ts';
import { updateOrganizationSettings } from '../../organizations/update-settings.ts';
import { builder } from '../builder.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { Organization } from '../types/organization.ts';

const VARIABLES = Object.keys(INVITATION_VARIABLES).map(name => `\`${name}\``);
const TEMPLATE = `a Mustache template with any of ${VARIABLES.join(', ')}; null for usher's own.`;
const BODY = `${TEMPLATE} It has to show \`claimUrl\`, and has at most 64 KiB.`;

const UpdateOrganizationSettingsInput = builder.inputType('UpdateOrganizationSettingsInput', {
  description: 'Input of `updateOrganizationSettings`. Fields that are not set stay unchanged.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    sendsInvitations: t.boolean({
      description:
        'Whether usher mails invitations. If not, a caller with an access token gets the link in `CustomerSeat.invitationUrl`. Null leaves it unchanged.',
    }),
    reminderHours: t.int({
      description:
        'How many hours before an invitation expires a reminder is sent: 1 to 23; null for none.',
    }),
    returnUrl: t.string({
      description:
        'The URL that holders go to after they claim a seat, with their session token in the fragment: https://, or http:// for localhost, at most 2048 characters; null for none.',
    }),
    invitationSubject: t.string({
      description: `The subject of an invitation, at most 200 characters: ${TEMPLATE}`,
    }),
    invitationText: t.string({ description: `The text of an invitation: ${BODY}` }),
    invitationHtml: t.string({
      description: `The HTML of an invitation, in which values are escaped: ${BODY}`,
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateOrganizationSettings', t =>
  t.field({
    type: Organization,
    nullable: true,
    description:
      "Updates how an organization's invitations are sent, all or nothing. Requires an access token with `organizations:write`.",
    args: {
      input: t.arg({
        type: UpdateOrganizationSettingsInput,
        required: true,
        description: 'The organization and its new settings.',
      }),
    },
    errors: {
      dataField: { name: 'organization', description: 'The organization after the change.' },
      union: { description: 'Result of `updateOrganizationSettings`.' },
      result: { description: 'The settings were updated.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) => {
      const { organizationId, sendsInvitations, ...change } = input;
      return onceInTransaction(
        ctx,
        { operation: 'updateOrganizationSettings', key, input },
        KEPT_ORGANIZATION,
        keyed =>
          updateOrganizationSettings(keyed, organizationId, {
            ...change,
            sendsInvitations: sendsInvitations ?? undefined,
          }),
      );
    },
  }),
);
