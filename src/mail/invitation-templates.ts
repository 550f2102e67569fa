import { button, heading, link, mailPage, paragraph, smallPrint } from './html.ts';
import type { TemplateField } from './templates.ts';

const INVITED =
  '{{#inviter}}{{inviter}} has invited you{{/inviter}}{{^inviter}}You’ve been invited{{/inviter}} to use {{productName}}, from {{organizationName}}.';

const REMINDED =
  '{{#inviter}}{{inviter}} has invited you{{/inviter}}{{^inviter}}You’ve been invited{{/inviter}} to use {{productName}}, from {{organizationName}}, and your seat is still waiting for you.';

const WHY =
  'You get this mail because a seat of {{productName}} was given to {{recipientEmail}}. If you did not expect that, you can ignore it.';

const TEXT = `{{#isReminder}}${REMINDED}{{/isReminder}}{{^isReminder}}${INVITED}{{/isReminder}}

Claim your seat:
{{claimUrl}}

The invitation is for {{recipientEmail}}.
{{#expiresAt}}
It ends on {{expiresAt}}, {{expiresIn}}.
{{/expiresAt}}

${WHY}

No more invitations from {{organizationName}}:
{{unsubscribeUrl}}
`;

const HTML = mailPage({
  title:
    '{{#isReminder}}Your invitation ends soon{{/isReminder}}{{^isReminder}}You’ve been invited{{/isReminder}}',
  preview:
    '{{#expiresAt}}Your seat of {{productName}} is waiting. The invitation ends {{expiresIn}}.{{/expiresAt}}{{^expiresAt}}Your seat of {{productName}} is waiting.{{/expiresAt}}',
  content: [
    heading(
      '{{#isReminder}}Your invitation to {{productName}} ends soon{{/isReminder}}{{^isReminder}}You’ve been invited to {{productName}}{{/isReminder}}',
    ),
    paragraph(`{{#isReminder}}${REMINDED}{{/isReminder}}{{^isReminder}}${INVITED}{{/isReminder}}`),
    button('{{claimUrl}}', 'Claim your seat'),
    paragraph(
      'The invitation is for <strong>{{recipientEmail}}</strong>.{{#expiresAt}} It ends on {{expiresAt}}, {{expiresIn}}.{{/expiresAt}}',
    ),
    smallPrint(
      `If the button does not work, open this link:<br>${link('{{claimUrl}}', '{{claimUrl}}')}`,
    ),
  ].join('\n'),
  footer: [
    smallPrint(WHY),
    smallPrint(link('{{unsubscribeUrl}}', 'No more invitations from {{organizationName}}')),
  ].join('\n'),
});

/** usher's templates of invitations and reminders, for organizations without their own. */
export const INVITATION_TEMPLATES: Readonly<Record<TemplateField, string>> = {
  subject:
    "{{#isReminder}}Reminder: your invitation to access {{productName}} ends soon{{/isReminder}}{{^isReminder}}You've been invited to access {{productName}}{{/isReminder}}",
  text: TEXT,
  html: HTML,
};
