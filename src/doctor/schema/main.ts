import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { readCatalog } from './catalog.ts';

// Writes prisma/expected-schema.json from a freshly migrated database.
const PRISMA = fileURLToPath(new URL('../../../prisma', import.meta.url));

const dataDir = await mkdtemp(join(tmpdir(), 'usher-schema-'));
await chmod(dataDir, 0o755);
const postgres = await openEmbedded({ dataDir, settings: { fsync: 'off' } });
try {
  await migrate({ url: postgres.url }, { directory: join(PRISMA, 'migrations') });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('BEGIN READ ONLY');
  const objects = await readCatalog(client);
  await client.end();
  const lines = objects.map(object => `  ${JSON.stringify(object)}`);
  await writeFile(join(PRISMA, 'expected-schema.json'), `[\n${lines.join(',\n')}\n]\n`);
} finally {
  await postgres.close();
  await rm(dataDir, { recursive: true, force: true });
}
