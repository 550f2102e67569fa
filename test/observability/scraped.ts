/** Returns the value of a series in a scrape; undefined if it is not there. `series` is written as in the scrape. */
export function seriesOf(scrape: string, series: string): number | undefined {
  const line = scrape.split('\n').find(text => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Returns the names of the metrics of a scrape that are usher's own. */
export function namesOf(scrape: string): string[] {
  return [...scrape.matchAll(/^# TYPE (usher_\w+) /gm)].map(([, name = '']) => name);
}
