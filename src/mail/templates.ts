import Mustache, { type TemplateSpans } from 'mustache';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { plainLine } from './plain-line.ts';

/** What an invitation's templates can show, and what each of it is. An empty one is a false section. */
export const INVITATION_VARIABLES = {
  organizationName: 'The name of the organization that sells the product.',
  productName: 'The name of the product.',
  inviter:
    'The customer who gives the seat, by name and e-mail address, such as "Globex (billing@globex.example)". Empty where they have neither.',
  inviterName: 'Their name, or else their e-mail address. Empty where they have neither.',
  inviterEmail: 'Their e-mail address, or else that of their owner. Empty where they have none.',
  recipientEmail: 'The address that the seat is for.',
  claimUrl: 'The link that claims the seat. The text and the HTML have to show it.',
  expiresAt:
    'When the invitation ends, such as "22 November 2026 at 14:05 UTC". Empty where it never does.',
  expiresIn: 'How far off that is, such as "in about 24 hours". Empty where it never ends.',
  isReminder: 'For sections: set in the reminder, empty in the invitation itself.',
  unsubscribeUrl: 'The link for whoever wants no invitations from the organization any more.',
} as const;

/** The values of an invitation's variables. */
export type InvitationVariables = Record<keyof typeof INVITATION_VARIABLES, string>;

/** A part of an invitation that an organization can replace. */
export type TemplateField = 'subject' | 'text' | 'html';

/** One thing wrong with a template. */
export interface TemplateProblem {
  field: TemplateField;
  code:
    | 'TOO_LONG'
    | 'NOT_STORABLE'
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
// The parser's time grows with the square of a run of spaces.
const LONG_SPACE = /\s{1000}/;
const DEEPEST = 20;

/** What is wrong with an organization's own templates. Those that are null or left out are usher's, and right. */
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
 * Fills in a template. Values are escaped in HTML, and stand as they are in a subject or a text. Undefined for a template
 * that `checkTemplates` finds a problem with.
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
  if (!isStorable(template)) return { code: 'NOT_STORABLE', message: NOT_STORABLE };
  if (LONG_SPACE.test(template)) {
    return { code: 'SYNTAX', message: 'At most 999 spaces or line breaks in a row.' };
  }
  // A writer keeps all that it ever parsed, and so each template has its own.
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
      // Without a prototype, so that a name leads to a variable or to nothing.
      writer.render(template, Object.assign(Object.create(null), variables), {}, options),
  };
}

function isTooLong(field: TemplateField, template: string): boolean {
  return field === 'subject'
    ? [...template].length > LONGEST_SUBJECT
    : Buffer.byteLength(template) > LARGEST_BODY;
}

/**
 * The first tag that is more than a variable, a section of one, a comment or a change of delimiters. A name that is no
 * variable could lead to what every JavaScript object has, functions among it.
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

/** What a mail would lack: its link, or a subject. */
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

/** Variables with and without what can be empty. */
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
