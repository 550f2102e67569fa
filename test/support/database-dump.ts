import type { TestUsher } from './usher.ts';

/**
 * Returns a digest of every table's rows, except for the time when tokens were last used, and the position of every
 * sequence.
 */
export async function dumpOf({ db }: Pick<TestUsher, 'db'>): Promise<Record<string, string>> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`;
  const dump: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<{ digest: string }[]>(
      `SELECT md5(coalesce(string_agg(t.text, E'\\n' ORDER BY t.text), '')) AS digest
         FROM (SELECT (to_jsonb(r) - 'last_used_at')::text AS text FROM "${name}" r) t`,
    );
    dump[name] = rows[0]?.digest ?? '';
  }
  const sequences = await db.$queryRaw<{ name: string; last: string }[]>`
    SELECT sequencename AS name, coalesce(last_value::text, 'unused') AS last FROM pg_sequences`;
  for (const { name, last } of sequences) dump[name] = last;
  return dump;
}
