import { html } from 'hono/html';
import type { MailboxMail } from '../mail/mailbox.ts';
import { withAddresses } from './address.ts';
import type { Html, Page } from './layout.ts';

/** Path of the local mailbox. */
export const MAILBOX_PATH = '/dev/mailbox';

/** Returns the list of mails, newest first. */
export function mailboxPage(mails: readonly MailboxMail[]): Page {
  return {
    title: 'Mailbox',
    layout: 'column',
    body: html`<div class="bar"><h1>Mailbox</h1><a class="small button" href="${MAILBOX_PATH}">Reload</a></div>
<p>Mail stays on this machine until <code>SMTP_URL</code> names a server that sends it.</p>
${mails.length === 0 ? EMPTY : html`<ul class="mails">${mails.map(row)}</ul>`}`,
  };
}

const EMPTY = html`<div class="panel"><h2>No mail yet</h2>
<p>Assign a seat by an e-mail address, and its invitation arrives here: in <a href="/graphql">GraphiQL</a> run the first tab, or paste the first <code>curl</code> that the server printed when it started.</p></div>`;

function row({ id, subject, to, date }: MailboxMail): Html {
  return html`<li><a href="${MAILBOX_PATH}/${id}"><strong><bdi>${subject}</bdi></strong> <span>to <bdi>${withAddresses(to)}</bdi></span> ${time(date)}</a></li>`;
}

/** Returns the page of a mail: its envelope, its HTML in a sandboxed frame, its text and its headers. */
export function mailPage(mail: MailboxMail): Page {
  const { id, subject, from, to, date, text, headers } = mail;
  return {
    title: `${subject} – Mailbox`,
    layout: 'column',
    hasFrame: true,
    body: html`<nav><a href="${MAILBOX_PATH}">Mailbox</a></nav>
<h1><bdi>${subject}</bdi></h1>
<dl class="envelope">
${entry('From', from)}
${entry('To', to)}
<div><dt>Date</dt><dd>${time(date)}</dd></div>
</dl>
<iframe title="The mail as HTML" src="${MAILBOX_PATH}/${id}/html" sandbox="${SANDBOX}"></iframe>
<h2>As text</h2>
<pre class="panel">${text.split(LINK).map(linked)}</pre>
<h2>Headers</h2>
<dl class="panel headers">
${Object.entries(headers).map(([name, value]) => entry(name, value))}
</dl>`,
  };
}

/** Permissions of the mail's frame: links may open new tabs. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** Returns a mail's HTML for the frame. Its links open new tabs, as in a mail client. */
export function framedMail({ html: markup }: MailboxMail): string {
  return `<!doctype html><base target="_blank">${markup}`;
}

function entry(name: string, value: string): Html {
  return html`<div><dt>${name}</dt><dd><bdi>${withAddresses(value)}</bdi></dd></div>`;
}

const LINK = /(https?:\/\/[^\s<>"]+)/;

/** Returns a piece of a text that was split at its links. Pieces with odd indexes are links. */
function linked(piece: string, index: number): Html {
  return index % 2 === 0
    ? html`${withAddresses(piece)}`
    : html`<a href="${piece}" target="_blank" rel="noreferrer">${piece}</a>`;
}

// The reader and the server have the same time zone, because they are on one machine.
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

function time(date: Date): Html {
  return html`<time datetime="${date.toISOString()}">${DATE.format(date)}</time>`;
}
