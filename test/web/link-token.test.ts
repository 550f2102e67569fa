import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { invited } from './invitations.ts';
import { submit, visit } from './pages.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const CLINGING: [string, string][] = [
  ['', '.'],
  ['', ')'],
  ['', ' '],
  ['', '\n'],
  ['', '\r\n'],
  ['', '"'],
  ['', '>'],
  ['', '\u200b'],
  ['<', '>.'],
  [' ("', '").'],
];

describe('a claim link with what clings to it', () => {
  test.each(CLINGING)('%j and %j', async (before, after) => {
    const { token } = await invited(usher, await usher.addFixture());
    const given = before + token + after;
    const page = await visit(usher, `/claim?token=${encodeURIComponent(given)}`);
    expect(page.status).toBe(200);
    expect(page.html).toContain(`name="token" value="${token}"`);
    const { status, title } = await submit(usher, '/claim', { token: given });
    expect([status, title]).toEqual([200, expect.stringContaining('You’re in')]);
  });

  test('is still the link of an imported token that has such characters itself', async () => {
    const fixture = await usher.addFixture();
    const { seatId } = await invited(usher, fixture);
    const { hashToken } = await import('../../src/auth/token.ts');
    await usher.db.customerSeat.updateMany({
      where: { id: seatId },
      data: { invitationTokenHash: hashToken('"sam".') },
    });
    expect((await visit(usher, '/claim?token=%22sam%22.')).status).toBe(200);
    expect((await visit(usher, '/claim?token=sam')).status).toBe(404);
  });
});
