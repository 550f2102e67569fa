import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepMail, listMailbox, MAILBOX_SIZE, readMailbox } from '../../src/mail/mailbox.ts';
import { MailNotSent, type OutgoingMail } from '../../src/mail/message.ts';
import { openMailTransport } from '../../src/mail/transport.ts';

let parent: string;
let dir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'usher-mailbox-'));
  dir = join(parent, 'data', 'mailbox');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const NOON = new Date('2026-11-22T12:00:00.123Z');

function mail(number = 0): OutgoingMail {
  return {
    messageId: `<${number}@localhost>`,
    date: new Date(NOON.getTime() + number * 1_000),
    from: { name: 'Acme via usher', address: 'no-reply@localhost' },
    to: 'sam@globex.example',
    subject: `Mail ${number}`,
    text: 'Text',
    html: '<p>HTML</p>',
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

test('a mailbox lists its mails, newest first', async () => {
  const transport = openMailTransport({ mailbox: dir });
  for (const number of [1, 3, 2]) await transport?.send(mail(number));
  const mails = await listMailbox(dir);
  expect(mails.map(({ subject }) => subject)).toEqual(['Mail 3', 'Mail 2', 'Mail 1']);
  expect(mails[2]).toEqual({
    id: expect.stringMatching(/^20261122T120001123Z-[0-9a-f]{16}$/),
    date: mail(1).date,
    from: 'Acme via usher <no-reply@localhost>',
    to: 'sam@globex.example',
    subject: 'Mail 1',
    text: 'Text',
    html: '<p>HTML</p>',
    headers: { 'Message-ID': '<1@localhost>', 'Auto-Submitted': 'auto-generated' },
  });
  expect(await readMailbox(dir, mails[1]?.id ?? '')).toEqual(mails[1]);
});

test('a mailbox is empty before the first mail', async () => {
  expect(await listMailbox(dir)).toEqual([]);
  expect(await readMailbox(dir, '20261122T120001123Z-0123456789abcdef')).toBeUndefined();
});

test('only the owner can read the files', async () => {
  await keepMail(dir, mail());
  const [name = ''] = await readdir(dir);
  expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
});

test('a mailbox keeps the newest mails and deletes old drafts of dead processes', async () => {
  await keepMail(dir, mail(-1));
  const [first = ''] = await readdir(dir);
  await writeFile(join(dir, first.replace('.json', '.draft')), '{"half":');
  await Promise.all(
    Array.from({ length: MAILBOX_SIZE }, (_, number) => keepMail(dir, mail(number))),
  );
  expect((await readdir(dir)).length).toBe(MAILBOX_SIZE);
  const mails = await listMailbox(dir);
  expect(mails.length).toBe(MAILBOX_SIZE);
  expect(mails[0]?.subject).toBe(`Mail ${MAILBOX_SIZE - 1}`);
  expect(mails.at(-1)?.subject).toBe('Mail 0');
});

describe('a mailbox has no mail', () => {
  test.each([
    '../secret.key',
    '..%2fsecret',
    '20261122T120000123Z-0123456789abcdef/../../secret',
    '20261122T120000123Z-0123456789abcdef\n',
    '',
    '.',
    '\0',
    'x'.repeat(10_000),
  ])('with the id %j', async id => {
    await keepMail(dir, mail());
    await writeFile(join(parent, 'secret.key'), '{}');
    expect(await readMailbox(dir, id)).toBeUndefined();
  });

  test('for other files and empty files', async () => {
    await keepMail(dir, mail());
    await writeFile(join(dir, 'notes.json'), '{}');
    await writeFile(join(dir, '20271122T120000123Z-0123456789abcdef.json'), '');
    expect((await listMailbox(dir)).map(({ subject }) => subject)).toEqual(['Mail 0']);
  });
});

test('a mail is not sent if the mailbox is not writable', async () => {
  await writeFile(join(parent, 'data'), '');
  const sending = openMailTransport({ mailbox: dir })?.send(mail());
  await expect(sending).rejects.toThrow(MailNotSent);
  await expect(sending).rejects.toMatchObject({ isPermanent: false });
});
