import Mustache, { type TemplateSpans } from 'mustache';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { plainLine } from './plain-line.ts';

/** Variables of invitation templates, with their descriptions. An empty variable makes its section false. */
export const INVITATION_VARIABLES = {
  organizationName: 'The name of the organization that sells the product.',
  productName: 'The name of the product.',
  inviter:
    'The name and e-mail address of the billing customer, such as "Globex (billing@globex.example)". Empty if both are unknown.',
  inviterName:
    'The name of the billing customer, or their e-mail address if they have no name. Empty if both are unknown.',
  inviterEmail:
    'The e-mail address of the billing customer, or of their owner if they have none. Empty if both are unknown.',
  recipientEmail: 'The e-mail address of the recipient.',
  claimUrl: 'The link that claims the seat. The text and the HTML must show it.',
  expiresAt:
    'The time at which the invitation expires, such as "22 November 2026 at 14:05 UTC". Empty if it does not expire.',
  expiresIn:
    'The time until the invitation expires, such as "in about 24 hours". Empty if it does not expire.',
  isReminder: 'Not empty in a reminder, empty in an invitation. For sections.',
  unsubscribeUrl:
    'The link with which the recipient unsubscribes from the organization’s invitations.',
} as const;

/** Values of the variables of an invitation. */
export type InvitationVariables = Record<keyof typeof INVITATION_VARIABLES, string>;

/** A part of an invitation that an organization can replace. */
export type TemplateField = 'subject' | 'text' | 'html';

/** Problem of a template. */
export interface TemplateProblem {
  field: TemplateField;
  code:
    | 'TOO_LONG'
    | 'TEXT'
    | 'SYNTAX'
    | 'UNKNOWN_VARIABLE'
    | 'PARTIAL'
    | 'UNESCAPED'
    | 'CLAIM_URL_MISSING'
    | 'BLANK';
  message: string;
}

const LONGEST_SUBJECT = 200;
const LARGEST_BODY = 65_536;
// The parser's time is quadratic in the length of a run of spaces.
const LONG_SPACE = /\s{1000}/;
const DEEPEST = 20;

/** Returns the problems of an organization's own templates. Null and omitted templates have none. */
export function checkTemplates(
  templates: Partial<Record<TemplateField, string | null | undefined>>,
): TemplateProblem[] {
  return (['subject', 'text', 'html'] as const).flatMap(field => {
    const template = templates[field];
    const found = typeof template === 'string' ? problemOf(field, template) : undefined;
    return found ? [{ field, ...found }] : [];
  });
}

/**
 * Renders a template. Values are escaped in HTML, and unchanged in a subject or a text. Returns undefined if the template is
 * invalid, or if the result has no claim link or an empty subject.
 */
export function renderTemplate(
  field: TemplateField,
  template: string,
  variables: InvitationVariables,
): string | undefined {
  const read = readTemplate(field, template);
  if ('code' in read) return undefined;
  const result = read.render(variables);
  return problemOfResult(field, result, variables) ? undefined : result;
}

type Problem = Omit<TemplateProblem, 'field'>;

interface Template {
  render(variables: InvitationVariables): string;
}

function problemOf(field: TemplateField, template: string): Problem | undefined {
  const read = readTemplate(field, template);
  if ('code' in read) return read;
  for (const variables of samples()) {
    const problem = problemOfResult(field, read.render(variables), variables);
    if (problem) return problem;
  }
  return undefined;
}

function readTemplate(field: TemplateField, template: string): Template | Problem {
  if (isTooLong(field, template)) {
    const limit =
      field === 'subject' ? `${LONGEST_SUBJECT} characters` : `${LARGEST_BODY / 1024} KiB`;
    return { code: 'TOO_LONG', message: `At most ${limit}.` };
  }
  if (!isStorable(template)) return { code: 'TEXT', message: NOT_STORABLE };
  if (LONG_SPACE.test(template)) {
    return { code: 'SYNTAX', message: 'At most 999 spaces or line breaks in a row.' };
  }
  // A writer caches everything that it parses, so each template has its own.
  const writer = new Mustache.Writer();
  const options = { escape: field === 'html' ? Mustache.escape : String };
  try {
    const forbidden = forbiddenTag(field, writer.parse(template));
    if (forbidden) return forbidden;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 'SYNTAX', message: `This is no Mustache template: ${shown(reason)}.` };
  }
  return {
    render: variables =>
      // Without a prototype, so that a name resolves to a variable or to nothing.
      writer.render(template, Object.assign(Object.create(null), variables), {}, options),
  };
}

function isTooLong(field: TemplateField, template: string): boolean {
  return field === 'subject'
    ? [...template].length > LONGEST_SUBJECT
    : Buffer.byteLength(template) > LARGEST_BODY;
}

/**
 * Returns the problem of the first tag that is not a variable, a section of one, a comment or a change of delimiters.
 * Unknown names are invalid, because they could resolve to properties of JavaScript objects, such as functions.
 */
function forbiddenTag(field: TemplateField, tokens: TemplateSpans, depth = 0): Problem | undefined {
  if (depth > DEEPEST) {
    return { code: 'SYNTAX', message: `At most ${DEEPEST} sections in one another.` };
  }
  for (const [type, name, , , inner] of tokens) {
    if (type === '>') return { code: 'PARTIAL', message: `There are no partials: ${shown(name)}.` };
    const isNaming = type === 'name' || type === '&' || type === '#' || type === '^';
    if (isNaming && !Object.hasOwn(INVITATION_VARIABLES, name)) {
      const known = Object.keys(INVITATION_VARIABLES).join(', ');
      return { code: 'UNKNOWN_VARIABLE', message: `${shown(name)} is none of ${known}.` };
    }
    if (type === '&' && field === 'html') {
      return { code: 'UNESCAPED', message: `In HTML, write {{${name}}}: values are escaped.` };
    }
    const found = Array.isArray(inner) ? forbiddenTag(field, inner, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function shown(text: string): string {
  return plainLine(text, 80);
}

/** Returns the problem of a rendered part: an empty subject or a missing claim link. */
function problemOfResult(
  field: TemplateField,
  result: string,
  { claimUrl }: InvitationVariables,
): Problem | undefined {
  if (field === 'subject') {
    return result.trim() === ''
      ? { code: 'BLANK', message: 'A subject cannot be empty.' }
      : undefined;
  }
  if (result.includes(field === 'html' ? Mustache.escape(claimUrl) : claimUrl)) return undefined;
  const message = 'It has to show {{claimUrl}}, in the invitation and in its reminder.';
  return { code: 'CLAIM_URL_MISSING', message };
}

/** Returns variables with each combination of the ones that can be empty. */
function samples(): InvitationVariables[] {
  return ['', 'x'].flatMap(inviterName =>
    ['', 'x'].flatMap(inviterEmail =>
      ['', 'x'].flatMap(expiresAt =>
        ['', 'x'].map(isReminder => ({
          organizationName: 'x',
          productName: 'x',
          inviter: inviterName || inviterEmail,
          inviterName: inviterName || inviterEmail,
          inviterEmail,
          recipientEmail: 'x',
          claimUrl: 'https://sample.example/claim',
          expiresAt,
          expiresIn: expiresAt,
          isReminder,
          unsubscribeUrl: 'x',
        })),
      ),
    ),
  );
}
