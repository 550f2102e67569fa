import { execFileSync } from 'node:child_process';

/** Builds the programs, for tests that run one as a user would. */
export function setup(): void {
  execFileSync(process.execPath, ['src/build/main.js', '--if-changed'], { stdio: 'inherit' });
}
