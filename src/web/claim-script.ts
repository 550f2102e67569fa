/**
 * Script of the claim page, which also works without it. It shows the expiry in the reader's time zone, prevents a second
 * submission of the form, and shows immediately when the seat is claimed elsewhere.
 */
export const CLAIM_SCRIPT_TEXT = `
const form = document.querySelector('form');
const button = form.querySelector('button');
const label = button.textContent;
const card = document.getElementById('invitation');
const used = document.getElementById('used');
const announcement = document.getElementById('announcement');
const end = card.querySelector('time');
const left = document.getElementById('left');
const stream = '/v1/customer-seats/claim/' + encodeURIComponent(form.elements.token.value) + '/stream';
const clockOffset = new Date(form.dataset.now) - Date.now();
const RETRY_MS = 10000;
let source;
let later;
let isUsed = false;

function showExpiry() {
  const date = new Date(end.dateTime);
  const ms = date - Date.now() - clockOffset;
  const language = navigator.language.startsWith('en') ? navigator.language : 'en-GB';
  const [amount, unit] =
    ms < 5400000 ? [ms / 60000, 'minute'] : ms < 129600000 ? [ms / 3600000, 'hour'] : [ms / 86400000, 'day'];
  end.textContent = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(date);
  left.textContent = new Intl.RelativeTimeFormat(language).format(Math.max(1, Math.round(amount)), unit);
  if (ms < -1000) look();
}

function isSending() {
  return button.getAttribute('aria-disabled') === 'true';
}

function resetButton() {
  clearTimeout(later);
  button.removeAttribute('aria-disabled');
  button.textContent = label;
}

function watch() {
  source?.close();
  if (isUsed || isSending()) return;
  source = new EventSource(stream);
  source.onmessage = ({ data }) => {
    if (JSON.parse(data).key === 'customer_seat.claimed') showUsed();
  };
  // The browser reconnects, unless the answer was an error.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) look();
  };
}

// Checks whether the invitation can still be claimed. If not, reloads the page, which then shows the reason.
async function look() {
  try {
    const { status } = await fetch(location.href, { method: 'HEAD' });
    if ((status === 404 || status === 410) && !isSending()) return location.reload();
  } catch {}
  setTimeout(watch, RETRY_MS);
}

function showUsed() {
  isUsed = true;
  source?.close();
  card.replaceChildren(used.content.cloneNode(true));
  document.title = used.dataset.title;
  announcement.textContent = used.dataset.announcement;
  card.querySelector('h1').focus();
}

form.addEventListener('submit', event => {
  if (isSending()) return event.preventDefault();
  // The next claim is this page's own.
  source?.close();
  button.setAttribute('aria-disabled', 'true');
  button.textContent = button.dataset.busy;
  later = setTimeout(resetButton, RETRY_MS);
});

addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', event => {
  if (!event.persisted) return;
  resetButton();
  look();
});

watch();
if (end) {
  showExpiry();
  setInterval(() => isUsed || showExpiry(), 20000);
}
`;
