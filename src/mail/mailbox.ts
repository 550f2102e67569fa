import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../db/ensure-folder.ts';
import type { OutgoingMail } from './message.ts';

/** How many mails a mailbox keeps; older ones make way. */
export const MAILBOX_SIZE = 100;

const PRIVATE = 0o600;
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{16}$/;
const SUFFIX = '.json';
const DRAFT_SUFFIX = '.draft';

/** A mail in the local mailbox. */
export interface MailboxMail {
  /** Its name in the mailbox: letters, digits and a hyphen, later ones sorting after earlier ones. */
  id: string;
  date: Date;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Readonly<Record<string, string>>;
}

/** A mail as its file has it. */
type Kept = Omit<MailboxMail, 'id' | 'date'> & { date: string };

/** Puts a mail into the mailbox at `dir`, which is made where it is missing, and removes those past its size. */
export async function keepMail(dir: string, mail: OutgoingMail): Promise<void> {
  await ensureFolder(dir);
  const id = `${mail.date.toISOString().replace(/[-:.]/g, '')}-${randomBytes(8).toString('hex')}`;
  const from =
    mail.from.name === '' ? mail.from.address : `${mail.from.name} <${mail.from.address}>`;
  const kept: Kept = {
    date: mail.date.toISOString(),
    from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { 'Message-ID': mail.messageId, ...mail.headers },
  };
  // Written whole beside and then renamed, so that nobody reads half a mail.
  const draft = join(dir, `${id}${DRAFT_SUFFIX}`);
  await writeFile(draft, JSON.stringify(kept), { mode: PRIVATE, flag: 'wx' });
  await rename(draft, join(dir, `${id}${SUFFIX}`));
  // The mail is there, whatever becomes of the old ones.
  await prune(dir).catch(() => undefined);
}

/** The mails in the mailbox at `dir`, the newest first; none where there is no mailbox yet. */
export async function listMailbox(dir: string): Promise<MailboxMail[]> {
  const ids = (await filesIn(dir))
    .filter(name => name.endsWith(SUFFIX))
    .map(name => name.slice(0, -SUFFIX.length));
  const mails = await Promise.all(ids.slice(0, MAILBOX_SIZE).map(id => readMailbox(dir, id)));
  return mails.filter(mail => mail !== undefined);
}

/** One mail of the mailbox at `dir`; undefined where there is none with this id, whatever the id is. */
export async function readMailbox(dir: string, id: string): Promise<MailboxMail | undefined> {
  if (!ID.test(id)) return undefined;
  try {
    // Written by keepMail alone, and whole.
    const kept = JSON.parse(await readFile(join(dir, id + SUFFIX), 'utf8')) as Kept;
    return { ...kept, id, date: new Date(kept.date) };
  } catch (error) {
    // A power cut can leave an empty file behind.
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

async function prune(dir: string): Promise<void> {
  // A draft that a dead process left behind sorts by its age like a mail.
  const outdated = (await filesIn(dir)).slice(MAILBOX_SIZE);
  for (const name of outdated) await rm(join(dir, name), { force: true });
}

/** The mailbox's own files, the newest first. */
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
