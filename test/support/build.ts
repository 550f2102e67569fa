import { execFileSync } from 'node:child_process';

/** Builds the programs, for the tests that run one as people do. */
export function setup(): void {
  execFileSync(process.execPath, ['src/build/main.js', '--if-changed'], { stdio: 'inherit' });
}
