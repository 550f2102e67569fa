import Mustache from 'mustache';

/** Escapes text for HTML content and attributes. */
export const escapeHtml: (text: string) => string = Mustache.escape;

const FONT =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif";
const TEXT = '#171d29';
const MUTED = '#525d6e';
const ACCENT = '#3b46c4';

export interface MailPage {
  title: string;
  /** Text that a mail client shows after the subject in its list of mails. */
  preview: string;
  content: string;
  footer: string;
}

/**
 * Returns the HTML of a mail: one card, made of tables and inline styles for mail clients, with a dark mode and a layout for
 * phones. It loads no external resources. All arguments are HTML.
 */
export function mailPage({ title, preview, content, footer }: MailPage): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .outer { padding: 12px !important; }
  .inner { padding: 28px 22px !important; }
  .action { width: 100% !important; }
  .button a { display: block !important; text-align: center !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #0e1117 !important; }
  .card { background-color: #181d26 !important; border-color: #2b3340 !important; }
  .text { color: #eceff4 !important; }
  .muted { color: #a6b0bf !important; }
  .link { color: #a5adff !important; }
  .button { background-color: #a5adff !important; }
  .button a { color: #12153a !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#eef0f4;-webkit-text-size-adjust:100%;text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preview}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;background-color:#eef0f4">
<tr><td class="outer" align="center" style="padding:32px 16px">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:560px;background-color:#ffffff;border:1px solid #dde1e8;border-radius:16px;border-collapse:separate">
<tr><td class="inner" align="left" style="padding:40px 44px">
${content}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:560px">
<tr><td align="left" style="padding:20px 8px 0">
${footer}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`;
}

/** Returns the heading of a mail. */
export function heading(html: string): string {
  return `<h1 class="text" style="margin:0 0 16px;${FONT};font-size:24px;line-height:1.25;font-weight:700;color:${TEXT};overflow-wrap:anywhere;word-break:break-word">${html}</h1>`;
}

/** Returns a paragraph. */
export function paragraph(html: string): string {
  return `<p class="text" style="margin:0 0 16px;${FONT};font-size:16px;line-height:1.55;color:${TEXT};overflow-wrap:anywhere;word-break:break-word">${html}</p>`;
}

/** Returns a paragraph of small, muted text. */
export function smallPrint(html: string): string {
  return `<p class="muted" style="margin:0 0 12px;${FONT};font-size:14px;line-height:1.5;color:${MUTED};overflow-wrap:anywhere;word-break:break-word">${html}</p>`;
}

/** Returns a link styled as a button. */
export function button(url: string, label: string): string {
  return `<table role="presentation" class="action" cellpadding="0" cellspacing="0" border="0" style="margin:28px 0;border-collapse:separate">
<tr><td class="button" align="center" bgcolor="${ACCENT}" style="background-color:${ACCENT};border-radius:10px"><a href="${url}" style="display:inline-block;padding:14px 28px;${FONT};font-size:16px;line-height:1.25;font-weight:600;color:#ffffff;text-decoration:none">${label}</a></td></tr>
</table>`;
}

/** Returns an inline link. */
export function link(url: string, label: string): string {
  return `<a class="link" href="${url}" style="color:${ACCENT};text-decoration:underline;word-break:break-all">${label}</a>`;
}
