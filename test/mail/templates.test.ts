import { expect, test } from 'vitest';
import { INVITATION_TEMPLATES } from '../../src/mail/invitation-templates.ts';
import {
  checkTemplates,
  INVITATION_VARIABLES,
  type InvitationVariables,
  renderTemplate,
} from '../../src/mail/templates.ts';

const VARIABLES: InvitationVariables = {
  organizationName: 'Acme & Sons',
  productName: 'Team <Pro>',
  inviter: 'Globex {{claimUrl}} (billing@globex.example)',
  inviterName: 'Globex {{claimUrl}}',
  inviterEmail: 'billing@globex.example',
  recipientEmail: "o'hara@globex.example",
  claimUrl: 'https://seats.acme.example/claim?token=abc',
  expiresAt: '22 November 2026 at 14:05 UTC',
  expiresIn: 'in about 24 hours',
  isReminder: '',
  unsubscribeUrl: 'https://seats.acme.example/unsubscribe?mail=1&token=x',
};

function codesOf(templates: Parameters<typeof checkTemplates>[0]): string[] {
  return checkTemplates(templates).map(({ field, code }) => `${field} ${code}`);
}

test('usher’s own templates and missing templates are valid', () => {
  expect(checkTemplates(INVITATION_TEMPLATES)).toEqual([]);
  expect(checkTemplates({})).toEqual([]);
  expect(checkTemplates({ subject: null, text: null, html: undefined })).toEqual([]);
});

test('every variable is valid as a tag and as a section', () => {
  const all = Object.keys(INVITATION_VARIABLES)
    .map(name => `{{${name}}}{{#${name}}}x{{/${name}}}{{^${name}}}y{{/${name}}}`)
    .join('\n');
  expect(checkTemplates({ text: all, html: all })).toEqual([]);
  expect(checkTemplates({ subject: 'For {{recipientEmail}} {{! a comment }}' })).toEqual([]);
  const text = '{{=<% %>=}} <% claimUrl %>';
  expect(checkTemplates({ text })).toEqual([]);
  expect(renderTemplate('text', text, VARIABLES)).toBe(` ${VARIABLES.claimUrl}`);
});

test('values are escaped in HTML only, and are not rendered as templates', () => {
  const template = '{{productName}} {{inviterName}} {{recipientEmail}} {{claimUrl}}';
  expect(renderTemplate('text', template, VARIABLES)).toBe(
    "Team <Pro> Globex {{claimUrl}} o'hara@globex.example https://seats.acme.example/claim?token=abc",
  );
  expect(renderTemplate('subject', '{{organizationName}}', VARIABLES)).toBe('Acme & Sons');
  expect(renderTemplate('html', template, VARIABLES)).toBe(
    'Team &lt;Pro&gt; Globex {{claimUrl}} o&#39;hara@globex.example https:&#x2F;&#x2F;seats.acme.example&#x2F;claim?token&#x3D;abc',
  );
  expect(renderTemplate('text', '{{{productName}}} {{&claimUrl}}', VARIABLES)).toContain('<Pro>');
});

const LINK = '{{claimUrl}}';

test.each([
  ['an open section', { text: `{{#isReminder}} ${LINK}` }, 'text SYNTAX'],
  ['an open tag', { html: '{{claimUrl' }, 'html SYNTAX'],
  ['a section that was not opened', { subject: '{{/isReminder}}' }, 'subject SYNTAX'],
  ['a partial', { html: `{{> header}} ${LINK}` }, 'html PARTIAL'],
  [
    'a partial in a section',
    { text: `{{#isReminder}}{{>x}}{{/isReminder}}${LINK}` },
    'text PARTIAL',
  ],
  ['an unknown name', { subject: 'Hello {{name}}' }, 'subject UNKNOWN_VARIABLE'],
  ['an unknown section', { text: `{{^nobody}}x{{/nobody}} ${LINK}` }, 'text UNKNOWN_VARIABLE'],
  [
    'the current value of a section',
    { text: `{{#claimUrl}}{{.}}{{/claimUrl}}` },
    'text UNKNOWN_VARIABLE',
  ],
  ['a property of every object', { html: `{{constructor}} ${LINK}` }, 'html UNKNOWN_VARIABLE'],
  [
    'a property of every function',
    {
      html: `{{#claimUrl.constructor.constructor}}return 1{{/claimUrl.constructor.constructor}} ${LINK}`,
    },
    'html UNKNOWN_VARIABLE',
  ],
  ['a prototype', { text: `{{__proto__}} ${LINK}` }, 'text UNKNOWN_VARIABLE'],
  ['an unescaped value', { html: `{{{productName}}} ${LINK}` }, 'html UNESCAPED'],
  [
    'an unescaped value, in the other notation',
    { html: `{{&productName}} ${LINK}` },
    'html UNESCAPED',
  ],
  ['no link', { text: 'Welcome' }, 'text CLAIM_URL_MISSING'],
  ['a link in a comment', { html: '{{! claimUrl }}' }, 'html CLAIM_URL_MISSING'],
  [
    'a link in the reminder only',
    { html: `{{#isReminder}}${LINK}{{/isReminder}}` },
    'html CLAIM_URL_MISSING',
  ],
  [
    'a link only if the inviter has a name',
    { text: `{{#inviterName}}${LINK}{{/inviterName}}` },
    'text CLAIM_URL_MISSING',
  ],
  ['an empty subject', { subject: ' ' }, 'subject BLANK'],
  ['a subject that can be empty', { subject: '{{inviterName}}' }, 'subject BLANK'],
  ['a long subject', { subject: 'x'.repeat(201) }, 'subject TOO_LONG'],
  ['a long text', { text: LINK.padEnd(65_537, 'ä') }, 'text TOO_LONG'],
  ['a long HTML', { html: LINK.padEnd(65_537, 'x') }, 'html TOO_LONG'],
  ['characters that cannot be stored', { subject: 'x\0' }, 'subject TEXT'],
  [
    'deeply nested sections',
    { text: `${'{{#claimUrl}}'.repeat(2_000)}${LINK}${'{{/claimUrl}}'.repeat(2_000)}` },
    'text SYNTAX',
  ],
])('a template is invalid with %s', (_, templates, problem) => {
  expect(codesOf(templates)).toEqual([problem]);
  for (const [field, template] of Object.entries(templates)) {
    // These templates are invalid for some mails only.
    if (/MISSING|BLANK/.test(problem)) continue;
    expect(renderTemplate(field as 'text', template, VARIABLES)).toBeUndefined();
  }
});

test('all problems are reported together, in short messages', () => {
  const problems = checkTemplates({
    subject: `{{${'x'.repeat(150)}}}`,
    text: '{{#a}}',
    html: 'nothing',
  });
  expect(problems.map(({ field }) => field)).toEqual(['subject', 'text', 'html']);
  for (const { message } of problems) expect(message.length).toBeLessThan(300);
});

test('templates of the maximum size are checked quickly', () => {
  const space = ' '.repeat(998);
  const spaces = `{{! ${`${space}x`.repeat(60)} }}${LINK}`;
  const tags = LINK.repeat(5_000);
  // CPU time, which does not count the time of other processes.
  const started = process.cpuUsage();
  expect(checkTemplates({ text: spaces, html: tags })).toEqual([]);
  expect(codesOf({ text: `${LINK}{{!${' '.repeat(32_000)}x${' '.repeat(32_000)}x}}` })).toEqual([
    'text SYNTAX',
  ]);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1_000).toBeLessThan(1_500);
});

test('a mail without a link or a subject is not rendered', () => {
  const only = `{{#isReminder}}${LINK}{{/isReminder}}`;
  expect(renderTemplate('text', only, VARIABLES)).toBeUndefined();
  expect(renderTemplate('text', only, { ...VARIABLES, isReminder: 'yes' })).toBe(
    VARIABLES.claimUrl,
  );
  expect(renderTemplate('subject', '{{isReminder}} ', VARIABLES)).toBeUndefined();
});
