import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated, empty database to copy. Nothing may connect to it. */
    templateUrl: string;
  }
}

/** The folder of the migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Starts one PostgreSQL for the whole run. Its data need not survive a crash, so nothing waits for the disk. */
export async function setup(project: TestProject) {
  const dataDir = await mkdtemp(join(tmpdir(), 'usher-test-'));
  // If the tests run as root, the server runs as another account, which needs access.
  await chmod(dataDir, 0o755);
  const postgres = await openEmbedded({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
    },
  });
  await migrate({ url: postgres.url }, { directory: MIGRATIONS });
  project.provide('templateUrl', postgres.url);
  return async () => {
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
