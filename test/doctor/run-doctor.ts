import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import type { NamedFinding } from '../../src/doctor/examine.ts';
import { SECRET_KEY } from '../support/usher.ts';

/** Runs `npm run doctor` on a database, with further variables, and returns what it found. */
export async function runDoctor(
  env: Record<string, string>,
  args: readonly string[] = ['--json'],
): Promise<{ code: number | null; stdout: string; stderr: string; findings: NamedFinding[] }> {
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/doctor.js', ...args], {
    env: { PATH: process.env.PATH, SECRET_KEY, PUBLIC_URL: 'https://seats.example', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (output.stderr += text));
  const [code] = await once(child, 'close');
  const lines = args.includes('--json')
    ? output.stdout.split('\n').filter(line => line !== '')
    : [];
  return { code, ...output, findings: lines.map(line => JSON.parse(line)) };
}

/** Runs statements as one script. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Whatever the test has made of the settings of the database.
    await client.query(
      'SET default_transaction_read_only = off; SET search_path = public; SET session_replication_role = origin',
    );
    await client.query(sql);
  } finally {
    await client.end();
  }
}
