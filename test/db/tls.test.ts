import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded.ts';
import { requireReachable } from '../../src/db/require-reachable.ts';
import { makeCertificate } from '../support/certificate.ts';
import { hasPrograms } from '../support/debian-programs.ts';
import { runProgram } from '../support/program.ts';

// What `sslmode` means, on a server whose certificate is from a CA of its own. docs/deploy.md says it.

describe.runIf(hasPrograms('openssl'))('a connection with TLS', () => {
  let folder: string;
  let embedded: EmbeddedPostgres;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-tls-'));
    await chmod(folder, 0o755);
    embedded = await openEmbedded({ dataDir: join(folder, 'data'), settings: { fsync: 'off' } });
    makeCertificate(folder, 'localhost');
    await secure();
  }, 60_000);
  afterAll(async () => {
    await embedded.close();
    await rm(folder, { recursive: true });
  });

  /** Gives the server its certificate. It writes the files itself, so that they belong to its account. */
  async function secure(): Promise<void> {
    const client = new pg.Client({ connectionString: embedded.url });
    await client.connect();
    for (const file of ['server.crt', 'server.key']) {
      const lines = (await readFile(join(folder, file), 'utf8')).trim().split('\n');
      const rows = lines.map(line => `('${line}')`).join();
      await client.query(`COPY (VALUES ${rows}) TO PROGRAM 'umask 077; cat > ${file}'`);
    }
    await client.query('ALTER SYSTEM SET ssl = on');
    await client.query('SELECT pg_reload_conf()');
    await vi.waitFor(async () => {
      expect((await client.query('SHOW ssl')).rows).toEqual([{ ssl: 'on' }]);
    }, 10_000);
    await client.end();
  }

  const urlWith = (query: string, host = 'localhost') => {
    const url = new URL(embedded.url);
    url.hostname = host;
    return `${url.href}?${query.replace('CA', join(folder, 'ca.pem'))}`;
  };
  const connect = (url: string) =>
    requireReachable(url, { variable: 'DATABASE_URL', waitSeconds: 60, onWait: () => undefined });

  test.each([
    'sslmode=disable',
    'sslmode=no-verify',
    'sslmode=verify-full&sslrootcert=CA',
    'sslmode=require&sslrootcert=CA',
    'sslmode=require&uselibpqcompat=true',
  ])('is made with %s', async query => {
    expect(await connect(urlWith(query))).toBeDefined();
  });

  test.each(['allow', 'prefer', 'require', 'verify-ca', 'verify-full'])(
    'is refused with sslmode=%s without its CA, and the message says how to name it',
    async mode => {
      await expect(connect(urlWith(`sslmode=${mode}`))).rejects.toThrow(
        /^DATABASE_URL: cannot connect to localhost:\d+\/usher: unable to verify the first certificate\. Name the certificate of the CA with \?sslrootcert=FILE, or in NODE_EXTRA_CA_CERTS$/,
      );
    },
  );

  test('is refused under a name that is not in the certificate, and without the file of the CA', async () => {
    const query = 'sslmode=verify-full&sslrootcert=CA';
    await expect(connect(urlWith(query, '127.0.0.1'))).rejects.toThrow(
      'does not match certificate',
    );
    await expect(connect(urlWith('sslrootcert=/nowhere/ca.pem'))).rejects.toThrow(
      '/nowhere/ca.pem',
    );
  });

  test('is made with a CA in NODE_EXTRA_CA_CERTS', async () => {
    const program = runProgram('token', ['list', '--organization', 'nobody'], {
      DATABASE_URL: urlWith('sslmode=verify-full'),
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    });
    expect(await program.ended()).toBe(1);
    expect(program.output.stderr).toContain('nobody');
    expect(program.output.stderr).not.toContain('cannot connect');
  });
});
