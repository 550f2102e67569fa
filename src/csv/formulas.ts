/** An apostrophe before a character that begins a formula. Spreadsheets also evaluate the full-width forms. */
const FORMULA = /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** Returns the value of a cell without the apostrophe that keeps a spreadsheet from evaluating it. */
export function withoutFormulaEscape(cell: string): string {
  return FORMULA.test(cell) ? cell.slice(1) : cell;
}
