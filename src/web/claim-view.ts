import { html } from 'hono/html';
import { type Inviter, inviterOf } from '../mail/shown-name.ts';
import type {
  InvitationDescription,
  InvitationOrigin,
} from '../seats/invitation/describe-invitation.ts';
import { withAddresses } from './address.ts';
import { type BadgeKind, badge, monogram } from './badge.ts';
import type { Html, Page } from './layout.ts';
import { policySource, returnAddress } from './return-address.ts';

type Open = Extract<InvitationDescription, { state: 'open' }>;

/** Returns the page of an open invitation, with a button that claims the seat. */
export function openPage(invitation: Open, token: string, now: Date): Page {
  const { organizationName, productName, email, billingCustomer, expiresAt } = invitation;
  const address = returnAddress(invitation.returnUrl);
  return {
    title: `You’re invited to ${productName} – ${organizationName}`,
    isLive: true,
    // Browsers also apply this to the redirect after the form.
    formAction: address ? ["'self'", policySource(address)] : ["'self'"],
    body: html`<p id="announcement" class="unseen" role="status"></p>
<div id="invitation">
${from(organizationName, monogram(organizationName))}
<h1>You’re invited to ${name(productName)}</h1>
<p class="lead">${name(organizationName)} has kept a seat for you. Claim it, and you’re in.</p>
<dl>
${invitedBy(inviterOf(billingCustomer))}
${email === null ? '' : html`<div><dt>For</dt><dd>${name(email)}</dd></div>`}
${expiresAt && html`<div><dt>Ends</dt><dd><time datetime="${expiresAt.toISOString()}">${inUtc(expiresAt)}</time> <span id="left"></span></dd></div>`}
</dl>
<form method="post" action="/claim" data-now="${now.toISOString()}">
<input type="hidden" name="token" value="${token}">
<button data-busy="Claiming…">Claim your seat</button>
</form>
${address && html`<p class="fine">You will go on to ${name(address.host)}.</p>`}
<p class="fine">Not expecting this? Close the page; nothing happens until you claim.</p>
</div>
<template id="used" data-title="${usedTitle(invitation)}" data-announcement="This invitation has just been used.">
${usedBody(invitation)}
</template>`,
  };
}

/** Returns the inviter's name and address. The inviter chooses the name freely, so the address is shown too. */
function invitedBy(inviter: Inviter): Html | string {
  const lines = [inviter.name, inviter.email].filter(line => line !== '');
  return lines.length === 0
    ? ''
    : html`<div><dt>Invited by</dt><dd>${lines.map(line => html`<span class="line">${name(line)}</span> `)}</dd></div>`;
}

/** Returns the page of an invitation that cannot be claimed, with the reason and advice. */
export function deadEndPage(invitation: Exclude<InvitationDescription, Open>): Page {
  switch (invitation.state) {
    case 'expired':
      return {
        title: titleOf('Invitation expired', invitation),
        body: message(invitation, 'clock', 'This invitation has expired', [
          html`It was for a seat in ${name(invitation.productName)}. Your seat may still be there, but the link is too old.`,
          html`Ask ${name(invitation.organizationName)}, or whoever invited you, to send the invitation again. The new mail has a new link.`,
        ]),
      };
    case 'used':
      return { title: usedTitle(invitation), body: usedBody(invitation) };
    case 'revoked':
      return {
        title: titleOf('Invitation withdrawn', invitation),
        body: message(invitation, 'minus', 'This invitation was withdrawn', [
          html`The seat in ${name(invitation.productName)} that it was for is no longer yours to take.`,
          html`If you think that is a mistake, ask ${name(invitation.organizationName)} or whoever invited you.`,
        ]),
      };
    case 'unknown':
      return {
        title: 'Unknown invitation',
        body: html`<p class="from">${badge('question')}</p>
<h1>We don’t know this invitation</h1>
<p>Check that you copied the whole link: mail programs sometimes break long ones in two.</p>
<p>If you were invited more than once, use the newest mail. An older link stops working when a newer one is sent.</p>`,
      };
  }
}

/** Returns the page after a claim, for an organization without a return address. */
export function claimedPage(invitation: InvitationOrigin): Page {
  return {
    title: titleOf('You’re in', invitation),
    body: message(invitation, 'check', 'You’re in', [
      html`You now have a seat in ${name(invitation.productName)}.`,
      html`There is nothing more to do here, and you can close this page.`,
    ]),
  };
}

/**
 * Returns the page of an open invitation whose claim failed, for example because the person holds another seat of the pool.
 */
export function refusedPage(invitation: InvitationOrigin): Page {
  return {
    title: titleOf('Seat not claimed', invitation),
    body: message(invitation, 'minus', 'This seat could not be claimed', [
      html`You may already have a seat in ${name(invitation.productName)}, under this address or another.`,
      html`If you don’t, ask ${name(invitation.organizationName)} or whoever invited you.`,
    ]),
  };
}

function usedTitle(invitation: InvitationOrigin): string {
  return titleOf('Invitation used', invitation);
}

function usedBody(invitation: InvitationOrigin): Html {
  const { organizationName, productName, returnUrl } = invitation;
  const address = returnAddress(returnUrl);
  return html`${message(invitation, 'check', 'This invitation has been used', [
    html`If it was you, you’re in: you have your seat in ${name(productName)}.`,
    address &&
      html`<a class="button" href="${address.href}">Continue to ${name(organizationName)}</a>`,
  ])}
<p class="fine">If it was not you, tell ${name(organizationName)} or whoever invited you: somebody else has your seat.</p>`;
}

function message(
  { organizationName }: InvitationOrigin,
  kind: BadgeKind,
  heading: string,
  paragraphs: readonly (Html | undefined)[],
): Html {
  return html`${from(organizationName, badge(kind))}
<h1 tabindex="-1">${heading}</h1>
${paragraphs.map(paragraph => paragraph && html`<p>${paragraph}</p>`)}`;
}

function from(organizationName: string, picture: Html): Html {
  return html`<p class="from">${picture} ${name(organizationName)}</p>`;
}

/** Marks up an untrusted text, isolating its direction. */
function name(text: string): Html {
  return html`<bdi>${withAddresses(text)}</bdi>`;
}

function titleOf(what: string, { organizationName, productName }: InvitationOrigin): string {
  return `${what} – ${productName} – ${organizationName}`;
}

const UTC_DATE = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

function inUtc(date: Date): string {
  return `${UTC_DATE.format(date)} UTC`;
}
