import pg from 'pg';
import { breakOff } from '../../db/session.ts';
import { beginSnapshot, exportFile, type LeftBehind } from '../../export/export-file.ts';
import { LONGEST_FILE } from '../../import/json-text.ts';
import type { SealingKeys } from '../../webhooks/sealed-secret.ts';
import { CommandError } from '../run-command.ts';
import { counted, type Work } from './run-export.ts';

/** The minimum length of a write, since each write to a stream has a cost. */
const PIECE = 65_536;

/**
 * Returns the export of all organizations, or of the one with this slug, as an import file. The signal aborts it. Throws
 * CommandError for an unknown organization, and UnreadableSecret.
 */
export function exportAll(
  slug: string | undefined,
  keys: SealingKeys | undefined,
  signal: AbortSignal,
): Work {
  return async function* ({ directUrl }) {
    const client = new pg.Client({
      connectionString: directUrl,
      application_name: 'usher export',
      keepAlive: true,
    });
    // A broken connection fails the next statement.
    client.on('error', () => undefined);
    const stop = () => breakOff(client);
    signal.addEventListener('abort', stop);
    try {
      await client.connect();
      await beginSnapshot(client);
      const file = await exportFile(client, slug, keys);
      if (file === undefined) throw new CommandError(`No organization ${slug}.`);
      let [text, bytes] = ['', 0];
      const next = () => {
        bytes += Buffer.byteLength(text);
        return { text, done: counted(file.count(), 'row') };
      };
      for await (const piece of file.pieces) {
        text += piece;
        if (text.length < PIECE) continue;
        yield next();
        text = '';
      }
      const last = next();
      yield { ...last, notes: notesOn(file.leftBehind, bytes) };
    } finally {
      signal.removeEventListener('abort', stop);
      await client.end();
    }
  };
}

/** Returns notes for the user: what the file lacks, and why an import might refuse it. */
export function notesOn(
  { mails, deliveries, events, rotated, oversold }: LeftBehind,
  bytes: number,
): string[] {
  const waiting = [
    ...(events > 0
      ? [counted(events, 'event that no worker has handled', 'events that no worker has handled')]
      : []),
    ...(mails > 0 ? [counted(mails, 'waiting mail')] : []),
    ...(deliveries > 0
      ? [counted(deliveries, 'waiting webhook delivery', 'waiting webhook deliveries')]
      : []),
  ];
  const notes: string[] = [];
  if (waiting.length > 0) {
    notes.push(
      `Not in the file: ${waiting.join(', ')}. To lose none, stop the servers, let \`npm run worker\` deliver them, and export again`,
    );
  }
  if (rotated > 0) {
    const many = 'webhook endpoints also sign';
    notes.push(
      `${counted(rotated, 'webhook endpoint also signs', many)} with the secret before the last rotation, which is not in the file`,
    );
  }
  if (oversold > 0) {
    const pools = counted(oversold, 'subscription or order', 'subscriptions or orders');
    notes.push(`${pools} with more live seats than were bought: import the file with --oversell`);
  }
  if (bytes > LONGEST_FILE) {
    notes.push(
      'The file is too large for the import, which takes 512 MB: export each organization by itself, or use pg_dump (docs/backup.md)',
    );
  }
  return notes;
}
