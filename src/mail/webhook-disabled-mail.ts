import { escapeHtml, heading, mailPage, paragraph, smallPrint } from './html.ts';
import { inUtc, type MailContent } from './invitation-mail.ts';
import { plainLine } from './plain-line.ts';

/** Data of the mail about a disabled endpoint. */
export interface DisabledEndpoint {
  organizationName: string;
  id: string;
  url: string;
  disabledAt: Date;
  /** Number of consecutive events that could not be delivered. */
  failures: number;
  /** Whether the endpoint answered 410 Gone. */
  isGone: boolean;
}

const LONGEST_NAME = 100;
const LONGEST_URL = 500;

/** Returns the content of the mail about a disabled endpoint. */
export function composeWebhookDisabled(endpoint: DisabledEndpoint): MailContent {
  const organization = plainLine(endpoint.organizationName, LONGEST_NAME);
  const url = withoutLogin(endpoint.url);
  const title = `Webhooks to ${hostOf(url)} are disabled`;
  const what = `usher has stopped sending the events of ${organization} to this webhook endpoint:`;
  const reason = endpoint.isGone
    ? 'because it answered 410 Gone.'
    : `after ${endpoint.failures} events in a row could not be delivered, each after several attempts.`;
  const why = `It was disabled on ${inUtc(endpoint.disabledAt)}, ${reason}`;
  const todo =
    'The endpoint’s deliveries show its answers. After you fix the receiver, enable the endpoint again, and usher sends it later events. You can redeliver failed and skipped deliveries one by one.';
  const footer = `You get this mail because you belong to ${organization} at usher.`;
  const identity = `Endpoint ${endpoint.id}`;
  return {
    subject: title,
    text: `${what}\n\n${url}\n${identity}\n\n${why}\n\n${todo}\n\n${footer}\n`,
    html: mailPage({
      title: escapeHtml(title),
      preview: escapeHtml(why),
      content: [
        heading(escapeHtml(title)),
        paragraph(escapeHtml(what)),
        paragraph(`<strong>${escapeHtml(url)}</strong><br>${escapeHtml(identity)}`),
        paragraph(escapeHtml(why)),
        paragraph(escapeHtml(todo)),
      ].join('\n'),
      footer: smallPrint(escapeHtml(footer)),
    }),
  };
}

/** Returns a URL without its user and password. */
function withoutLogin(address: string): string {
  if (!URL.canParse(address)) return plainLine(address, LONGEST_URL);
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return plainLine(url.href, LONGEST_URL);
}

function hostOf(address: string): string {
  return plainLine(URL.canParse(address) ? new URL(address).host : address, LONGEST_NAME);
}
