/** What a mail server answered, and to which command. */
export interface SmtpReply {
  responseCode: number;
  /** The reply as it came, the code first. */
  response: string;
  command: string | undefined;
}

// RFC 3463 and its registry: what is wrong with the recipient's mailbox or domain, or with the mail.
const ABOUT_MAIL = /^\d{3}[ -]5\.(?:1\.(?:[0-6]|10)|2\.\d+|3\.4|6\.\d+)\b/;
// What is wrong with the sender, the login, the session, or how this server is known.
const ABOUT_SERVER =
  /^\d{3}[ -](?:5\.1\.[78]|5\.5\.\d+|5\.7\.(?:[389]|1[1-4]|2[0-9]|30|5[47]|60|64|606|70[0-9]))\b/;
// What servers without these codes say, or with one that can mean anything, such as 5.7.1.
const SAYS_ABOUT_SERVER =
  /\brelay|authenticat|\bauth(?:orization)? required|not (?:logged|signed) in|log ?in (?:first|required)|must issue a starttls|client host|rcpthosts|blocked using|blacklist|blocklist|block list|\brbl\b|dnsbl|spamhaus|spf\b|dkim|dmarc|\bptr\b|reverse dns|your (?:ip|host|server)|sender (?:address )?(?:rejected|denied|verif)/i;
// Authentication is missing, too weak, refused, or needs TLS; a command is unknown, out of order or has bad parameters; the
// host takes no mail at all.
const CODES_ABOUT_SERVER = [500, 502, 503, 504, 521, 523, 530, 534, 535, 538];

/**
 * Whether a refusal (RFC 5321, 5yz) is of this very recipient or mail, so that the server would refuse it again. All others
 * are of this server's login, sender, address or permission to relay: a person can mend those before the invitation ends,
 * and one such fault must not lose everybody's mail.
 */
export function isForGood({ responseCode, response, command }: SmtpReply): boolean {
  if (responseCode < 500 || responseCode > 599) return false;
  if (CODES_ABOUT_SERVER.includes(responseCode)) return false;
  if (command === 'MAIL FROM') {
    // The size and the kind of letters are told along with the sender.
    return responseCode === 552 || /^\d{3}[ -]5\.(?:3\.4|6\.7)\b/.test(response);
  }
  if (command !== 'RCPT TO' && command !== 'DATA') return false;
  if (ABOUT_MAIL.test(response)) return true;
  const text = response.replace(/\S+@\S+/g, '');
  return !ABOUT_SERVER.test(response) && !SAYS_ABOUT_SERVER.test(text);
}
