import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../db/ensure-folder.ts';
import type { OutgoingMail } from './message.ts';

/** Number of mails that a mailbox keeps. Newer mails replace the oldest. */
export const MAILBOX_SIZE = 100;

const PRIVATE = 0o600;
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{16}$/;
const SUFFIX = '.json';
const DRAFT_SUFFIX = '.draft';

/** A mail in the local mailbox. */
export interface MailboxMail {
  /** Unique id: letters, digits and a hyphen. Ids sort by date. */
  id: string;
  date: Date;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Readonly<Record<string, string>>;
}

/** Content of a mail's file. */
type StoredMail = Omit<MailboxMail, 'id' | 'date'> & { date: string };

/** Adds a mail to the mailbox at `dir` and deletes the oldest mails beyond its size. Creates the folder if it is missing. */
export async function keepMail(dir: string, mail: OutgoingMail): Promise<void> {
  await ensureFolder(dir);
  const id = `${mail.date.toISOString().replace(/[-:.]/g, '')}-${randomBytes(8).toString('hex')}`;
  const from =
    mail.from.name === '' ? mail.from.address : `${mail.from.name} <${mail.from.address}>`;
  const stored: StoredMail = {
    date: mail.date.toISOString(),
    from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { 'Message-ID': mail.messageId, ...mail.headers },
  };
  // Written to a draft and then renamed, so that no reader sees a partial file.
  const draft = join(dir, `${id}${DRAFT_SUFFIX}`);
  await writeFile(draft, JSON.stringify(stored), { mode: PRIVATE, flag: 'wx' });
  await rename(draft, join(dir, `${id}${SUFFIX}`));
  // The mail is stored even if the old ones cannot be deleted.
  await prune(dir).catch(() => undefined);
}

/** Returns the mails in the mailbox at `dir`, newest first; none if the folder does not exist. */
export async function listMailbox(dir: string): Promise<MailboxMail[]> {
  const ids = (await filesIn(dir))
    .filter(name => name.endsWith(SUFFIX))
    .map(name => name.slice(0, -SUFFIX.length));
  const mails = await Promise.all(ids.slice(0, MAILBOX_SIZE).map(id => readMailbox(dir, id)));
  return mails.filter(mail => mail !== undefined);
}

/** Returns a mail of the mailbox at `dir`; undefined if the id is unknown or malformed. */
export async function readMailbox(dir: string, id: string): Promise<MailboxMail | undefined> {
  if (!ID.test(id)) return undefined;
  try {
    // Only keepMail writes these files, and atomically.
    const stored = JSON.parse(await readFile(join(dir, id + SUFFIX), 'utf8')) as StoredMail;
    return { ...stored, id, date: new Date(stored.date) };
  } catch (error) {
    // After a power failure, a file may be empty.
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

async function prune(dir: string): Promise<void> {
  // Drafts of dead processes sort by date like mails.
  const outdated = (await filesIn(dir)).slice(MAILBOX_SIZE);
  for (const name of outdated) await rm(join(dir, name), { force: true });
}

/** Returns the names of the mailbox's files, newest first. */
async function filesIn(dir: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const isOwn = (name: string) => ID.test(name.replace(/\.(json|draft)$/, ''));
  return names.filter(isOwn).sort().reverse();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
