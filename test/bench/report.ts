import type { Ratio, Results, Summary } from './results.ts';
import { titleOf } from './workloads.ts';

const HEADINGS = [
  'req/s',
  '÷ B',
  '(min-max)',
  'p50 ms',
  'p99 ms',
  'CPU µs',
  'pg CPU µs',
  'SQL',
  'RSS MB',
];

/** The results as a table to be read: for each workload the servers, and how usher does against them. */
export function tableOf(results: Results): string {
  const rows = [['', ...HEADINGS]];
  for (const [workload, result] of results) {
    const { usher, untuned, b, ratioToB, ratioToUntuned, untunedRatioToB, ratioToPlain } = result;
    const against = ratioToUntuned && `, ${ratioToUntuned.median} × the untuned stack`;
    const plain =
      ratioToPlain &&
      `, ${ratioToPlain.median} (${ratioToPlain.min}-${ratioToPlain.max}) × the plain request`;
    rows.push([`${workload}: ${titleOf(workload)}${against ?? ''}${plain ?? ''}`]);
    if (usher) rows.push(['  usher', ...cells(usher, ratioToB)]);
    if (untuned) rows.push(['  untuned', ...cells(untuned, untunedRatioToB)]);
    if (b) rows.push(['  B', ...cells(b, undefined)]);
  }
  return align(rows);
}

function cells(figures: Summary, ratio: Ratio | undefined): string[] {
  const { requestsPerSecond, p50Ms, p99Ms, serverCpuUs, postgresCpuUs, statements, rssMb } =
    figures;
  return [
    String(requestsPerSecond),
    ratio ? String(ratio.median) : '',
    ratio ? `(${ratio.min}-${ratio.max})` : '',
    ...[p50Ms, p99Ms, serverCpuUs, postgresCpuUs, statements, rssMb].map(value =>
      value === null ? '-' : String(value),
    ),
  ];
}

/** Lines up the columns; a row of one cell is a heading, however wide. */
export function align(rows: readonly (readonly string[])[]): string {
  const tabular = rows.filter(({ length }) => length > 1);
  const widths = (tabular[0] ?? []).map((_, column) =>
    Math.max(...tabular.map(row => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
  return rows.map(row => (row.length === 1 ? row[0] : line(row).join('  '))).join('\n');
}
