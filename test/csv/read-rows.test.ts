import { describe, expect, test } from 'vitest';
import { LARGEST_ROW, readRows, UnreadableCsv } from '../../src/csv/read-rows.ts';
import { csvLines } from '../../src/csv/write-rows.ts';

async function* inParts(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The rows of a text, and the error after them. */
async function read(text: string | Uint8Array, size = 7) {
  const rows: [number, ...string[]][] = [];
  try {
    for await (const { number, cells } of readRows(inParts(Buffer.from(text), size))) {
      rows.push([number, ...cells]);
    }
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    return { rows, row: error.row, message: error.message };
  }
  return { rows };
}

describe('a file is read', () => {
  test.each([
    ['with commas', 'email,note\na@b.c,x\n'],
    ['with semicolons', 'email;note\na@b.c;x\n'],
    ['with tabs', 'email\tnote\na@b.c\tx\n'],
    ['with CRLF', 'email,note\r\na@b.c,x\r\n'],
    ['with CR', 'email,note\ra@b.c,x\r'],
    ['without a line break at the end', 'email,note\na@b.c,x'],
    ['with a byte order mark', '\uFEFFemail;note\r\na@b.c;x'],
    ['with quotes', '"email","note"\r\n"a@b.c","x"'],
  ])('%s', async (_, text) => {
    const rows = [
      [1, 'email', 'note'],
      [2, 'a@b.c', 'x'],
    ];
    for (const size of [1, 7, 1_000]) expect(await read(text, size)).toEqual({ rows });
  });

  test('with delimiters, line breaks and quotes in quotes, and characters of several bytes', async () => {
    const text = '"a;b";c,d;é\n"x\r\ny";"say ""hi""";日本\n';
    const rows = [
      [1, 'a;b', 'c,d', 'é'],
      [2, 'x\r\ny', 'say "hi"', '日本'],
    ];
    for (const size of [1, 3, 1_000]) expect(await read(text, size)).toEqual({ rows });
  });

  test('without rows that are empty, whose numbers are a spreadsheet’s', async () => {
    const { rows } = await read('\n\nemail,note\n\n,\na@b.c,\n');
    expect(rows).toEqual([
      [3, 'email', 'note'],
      [6, 'a@b.c', ''],
    ]);
  });

  test('that is empty, or has a header alone', async () => {
    expect(await read('')).toEqual({ rows: [] });
    expect(await read('email')).toEqual({ rows: [[1, 'email']] });
  });
});

describe('a row that cannot be read ends the file, after the rows before it', () => {
  test.each([
    ['a quote that is not closed', 'email\na@b.c\n"x\ny\n', 'A quote is not closed.'],
    ['text after a quote', 'email\na@b.c\n"x"y\nz\n', 'A closing quote is followed by text.'],
    ['a quote in a cell', 'email\na@b.c\nx"y"\nz\n', 'A quote is in the middle of a cell.'],
    ['a long row', `email\na@b.c\n${'x'.repeat(LARGEST_ROW + 2)}\n`, 'longer than 65536'],
  ])('%s', async (_, text, reason) => {
    for (const size of [7, 1_000_000]) {
      const { rows, row, message } = await read(text, size);
      expect([rows.length, row]).toEqual([2, 3]);
      expect(message).toContain(reason);
    }
  });
});

test('what is written is read back, and no spreadsheet takes it for a formula', async () => {
  const cells = [
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\tx',
    '\rx',
    '＝1',
    'a"b',
    'a,b',
    'x\ny',
    "'quoted'",
    '',
  ];
  const text = csvLines([cells, ['x', 7, null, ...cells.slice(3)]]);
  for (const cell of cells.slice(0, 7)) expect(text).toContain(`'${cell}`);
  const { rows } = await read(text);
  expect(rows[0]?.slice(1)).toEqual(cells);
  expect(rows[1]?.slice(1, 4)).toEqual(['x', '7', '']);
});
