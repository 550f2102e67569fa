import pg from 'pg';
import type { NamedFinding } from '../../src/doctor/examine.ts';
import { runToEnd } from '../support/programs.ts';
import { SECRET_KEY } from '../support/usher.ts';

/** Runs `npm run doctor` on a database, with further variables, and returns what it found. */
export async function runDoctor(
  env: Record<string, string>,
  args: readonly string[] = ['--json'],
): Promise<{ code: number | null; stdout: string; stderr: string; findings: NamedFinding[] }> {
  const settings = { SECRET_KEY, PUBLIC_URL: 'https://seats.example', ...env };
  const output = await runToEnd('doctor', args, settings);
  const lines = args.includes('--json')
    ? output.stdout.split('\n').filter(line => line !== '')
    : [];
  return { ...output, findings: lines.map(line => JSON.parse(line)) };
}

/** Runs statements as one script; with `role`, as that role. */
export async function execute(url: string, sql: string, role?: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Whatever the test has made of the settings of the database.
    await client.query(
      'SET default_transaction_read_only = off; SET search_path = public; SET session_replication_role = origin',
    );
    if (role !== undefined) await client.query(`SET ROLE ${role}`);
    await client.query(sql);
  } finally {
    await client.end();
  }
}
