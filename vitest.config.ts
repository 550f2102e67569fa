import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { relayTags } from './test/graphql-clients/relay-tags.ts';

export default defineConfig({
  plugins: [relayTags()],
  // Node loads the package's CommonJS build everywhere; the bundler would load its other one for our files alone.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts', 'test/support/build.ts'],
    // Files run on every core, up to four: each has a server and a database beside its worker.
    maxWorkers: Math.min(availableParallelism(), 4),
    // Each file has a server and a database of its own; only the modules are shared, which saves loading them anew.
    isolate: false,
    // graphql-js 16 leaves promises of a list alone when another item fails (graphql-js#4643). The reference of the executor's
    // test does so with the failures that its schema draws.
    onUnhandledError: ({ message, stack = '' }) =>
      !(
        /^(?:thrown|returned|rejected) at /.test(message) &&
        stack.includes('test/support/imitated-schema.ts')
      ),
    // A missing snapshot fails. `vitest run -u` writes it.
    update: 'none',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
