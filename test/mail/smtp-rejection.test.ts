import { expect, test } from 'vitest';
import { isPermanentRejection } from '../../src/mail/smtp-rejection.ts';

test.each([
  ['RCPT TO', '550 No such user here'],
  ['RCPT TO', '550 5.1.1 <sam@globex.example>: Recipient address rejected: User unknown'],
  ['RCPT TO', '550-5.1.1 The email account that you tried to reach does not exist.'],
  ['RCPT TO', '550 5.1.1 <relay@globex.example>: unknown'],
  ['RCPT TO', '550 <spf@authentication.example> is not here'],
  ['RCPT TO', '550 5.1.10 Recipient not found; authentication of the domain failed'],
  ['RCPT TO', '550 5.2.1 The mailbox is disabled'],
  ['RCPT TO', '550 5.7.1 Delivery not authorized, message refused'],
  ['RCPT TO', '551 User not local'],
  ['RCPT TO', '552 5.2.2 Mailbox full'],
  ['RCPT TO', '553 Requested action not taken: mailbox name not allowed'],
  ['RCPT TO', '501 5.1.3 Bad recipient address syntax'],
  ['RCPT TO', '556 5.1.10 Recipient address has null MX'],
  ['MAIL FROM', '552 5.3.4 Message size exceeds the limit'],
  ['MAIL FROM', '550 5.6.7 SMTPUTF8 is not supported'],
  ['DATA', '554 5.6.0 Message content rejected'],
  ['DATA', '550 5.7.1 Message rejected as spam'],
  ['DATA', '554 Transaction failed'],
])('a rejection of the recipient or the mail is permanent: %s, %s', (command, response) => {
  expect(
    isPermanentRejection({ command, response, responseCode: Number(response.slice(0, 3)) }),
  ).toBe(true);
});

test.each([
  ['RCPT TO', '450 4.2.0 Greylisted'],
  ['RCPT TO', '550 5.7.1 Unable to relay for sam@globex.example'],
  ['RCPT TO', '550 relay not permitted'],
  ['RCPT TO', '554 5.7.1 <sam@globex.example>: Relay access denied'],
  ['RCPT TO', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
  ['RCPT TO', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain'],
  ['RCPT TO', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example'],
  ['RCPT TO', '530 5.7.0 Must issue a STARTTLS command first'],
  ['RCPT TO', '530 Authentication required'],
  ['RCPT TO', '550 5.1.8 Sender address rejected: Domain not found'],
  ['RCPT TO', '503 5.5.1 Error: need MAIL command'],
  ['RCPT TO', '550 5.7.25 The sending IP does not have a PTR record'],
  ['DATA', '550 5.7.26 This message does not pass authentication checks (SPF and DKIM)'],
  ['DATA', '554 5.7.5 Permanent error evaluating DMARC policy'],
  ['MAIL FROM', '550 5.7.1 Sender not allowed'],
  ['MAIL FROM', '553 5.7.1 Sender address rejected: not owned by user'],
  ['AUTH PLAIN', '535 5.7.8 Authentication credentials invalid'],
  ['EHLO', '550 Go away'],
  ['CONN', '554 No SMTP service here'],
  [undefined, '550 No'],
])('a rejection of this server is not permanent: %s, %s', (command, response) => {
  expect(
    isPermanentRejection({ command, response, responseCode: Number(response.slice(0, 3)) }),
  ).toBe(false);
});
