import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest';

/** Has each test of the file fail if the client writes a warning or an error to the console. */
export function expectNoWarnings(): void {
  let written: MockInstance[];
  beforeEach(() => {
    written = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  });
  afterEach(() => {
    const calls = written.flatMap(({ mock }) => mock.calls);
    for (const spy of written) spy.mockRestore();
    expect(calls).toEqual([]);
  });
}
