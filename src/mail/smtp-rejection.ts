/** Reply of a mail server to a command. */
export interface SmtpReply {
  responseCode: number;
  /** The complete reply, starting with the code. */
  response: string;
  command: string | undefined;
}

// RFC 3463 and its registry: errors of the recipient's mailbox or domain, or of the mail.
const ABOUT_MAIL = /^\d{3}[ -]5\.(?:1\.(?:[0-6]|10)|2\.\d+|3\.4|6\.\d+)\b/;
// Errors of the sender, the login, the session, or this server's reputation.
const ABOUT_SERVER =
  /^\d{3}[ -](?:5\.1\.[78]|5\.5\.\d+|5\.7\.(?:[389]|1[1-4]|2[0-9]|30|5[47]|60|64|606|70[0-9]))\b/;
// Wording of servers without these codes, or with an ambiguous code such as 5.7.1.
const SAYS_ABOUT_SERVER =
  /\brelay|authenticat|\bauth(?:orization)? required|not (?:logged|signed) in|log ?in (?:first|required)|must issue a starttls|client host|rcpthosts|blocked using|blacklist|blocklist|block list|\brbl\b|dnsbl|spamhaus|spf\b|dkim|dmarc|\bptr\b|reverse dns|your (?:ip|host|server)|sender (?:address )?(?:rejected|denied|verif)/i;
// Authentication is missing, too weak, rejected, or needs TLS; a command is unknown, out of order or has invalid parameters;
// the host accepts no mail.
const CODES_ABOUT_SERVER = [500, 502, 503, 504, 521, 523, 530, 534, 535, 538];

/**
 * Returns whether an SMTP reply rejects this recipient or this mail permanently (RFC 5321, 5yz). Other rejections concern
 * the login, the sender, the address or the relay permission of this server. An administrator can fix those before the
 * invitation expires, and such an error must not make all mails fail.
 */
export function isPermanentRejection({ responseCode, response, command }: SmtpReply): boolean {
  if (responseCode < 500 || responseCode > 599) return false;
  if (CODES_ABOUT_SERVER.includes(responseCode)) return false;
  if (command === 'MAIL FROM') {
    // MAIL FROM announces the size and the character set of the mail.
    return responseCode === 552 || /^\d{3}[ -]5\.(?:3\.4|6\.7)\b/.test(response);
  }
  if (command !== 'RCPT TO' && command !== 'DATA') return false;
  if (ABOUT_MAIL.test(response)) return true;
  const text = response.replace(/\S+@\S+/g, '');
  return !ABOUT_SERVER.test(response) && !SAYS_ABOUT_SERVER.test(text);
}
