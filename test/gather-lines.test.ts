import { expect, test } from 'vitest';
import { gatherLines } from '../src/gather-lines.ts';

function gather(size: number) {
  const pieces: string[] = [];
  const gathered = gatherLines(piece => pieces.push(piece.toString()), size);
  return { pieces, ...gathered };
}

test('lines are handed on together, whole and in order', () => {
  const { pieces, write, flush } = gather(100);
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
  for (const line of lines) write(line);
  flush();
  expect(pieces.join('')).toBe(lines.join(''));
  expect(pieces.length).toBeLessThan(10);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(100);
    expect(piece.endsWith('\n')).toBe(true);
  }
});

test('a flush hands on what there is, once', () => {
  const { pieces, write, flush } = gather(100);
  write('one\n');
  flush();
  flush();
  write('two\n');
  flush();
  expect(pieces).toEqual(['one\n', 'two\n']);
});

test('a piece is not written over while its reader holds it', () => {
  const pieces: Buffer[] = [];
  const { write, flush } = gatherLines(piece => pieces.push(piece), 20);
  for (let line = 10; line < 30; line += 1) write(`${line}\n`);
  flush();
  const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 10)));
});

test('a line that is longer than a piece is handed on alone', () => {
  const { pieces, write, flush } = gather(100);
  const long = `${'語'.repeat(200)}\n`;
  write('before\n');
  write(long);
  write('after\n');
  flush();
  expect(pieces).toEqual(['before\n', long, 'after\n']);
});

test.each(['ä', '語', '🪑', '\ud800'])(
  '%s keeps its bytes at every place in a piece',
  character => {
    for (let length = 0; length < 12; length += 1) {
      const { pieces, write, flush } = gather(16);
      const line = `${'x'.repeat(length)}${character}\n`;
      for (let times = 0; times < 5; times += 1) write(line);
      flush();
      expect(pieces.join('')).toBe(line.repeat(5).replaceAll('\ud800', '\ufffd'));
    }
  },
);
