import type { Metric, Registry } from 'prom-client';

// prom-client builds a string of all labels for each observed value. This module finds a series by its label values instead.

interface Description {
  name: string;
  help: string;
  labelNames: readonly string[];
}

/** Returns the series with these label values, in the order of the label names. */
type SeriesOf<Series> = (...values: string[]) => Series;

/** A series of a counter. */
export interface CountSeries {
  count: number;
}

/** A series of a histogram. */
export interface HistogramSeries extends CountSeries {
  sum: number;
  /** The upper bounds of the buckets, and the non-cumulative count of each bucket. */
  readonly bounds: readonly number[];
  readonly counts: number[];
}

/** Counts a value. */
export function observe(series: HistogramSeries, value: number): void {
  series.count += 1;
  series.sum += value;
  const { bounds, counts } = series;
  for (let index = 0; index < bounds.length; index += 1) {
    if (value <= (bounds[index] ?? 0)) {
      counts[index] = (counts[index] ?? 0) + 1;
      return;
    }
  }
}

/** Adds a counter to a registry. */
export function createFastCounter(
  registry: Registry,
  description: Description,
): { seriesOf: SeriesOf<CountSeries> } {
  const { all, seriesOf } = createSeries(() => ({ count: 0 }));
  const { name, labelNames } = description;
  register(registry, description, 'counter', () =>
    [...all].map(([values, { count }]) => sample(name, labelsOf(labelNames, values), count)),
  );
  return { seriesOf };
}

/** Adds a histogram to a registry. */
export function createFastHistogram(
  registry: Registry,
  { buckets, ...description }: Description & { buckets: readonly number[] },
): { seriesOf: SeriesOf<HistogramSeries> } {
  const { all, seriesOf } = createSeries(() => ({
    count: 0,
    sum: 0,
    bounds: buckets,
    counts: buckets.map(() => 0),
  }));
  const { name, labelNames } = description;
  register(registry, description, 'histogram', () =>
    [...all].flatMap(([values, { count, sum, counts }]) => {
      const labels = labelsOf(labelNames, values);
      let upTo = 0;
      return [
        ...buckets.map((bound, index) => {
          upTo += counts[index] ?? 0;
          return sample(`${name}_bucket`, { le: bound, ...labels }, upTo);
        }),
        sample(`${name}_bucket`, { le: '+Inf', ...labels }, count),
        sample(`${name}_sum`, labels, sum),
        sample(`${name}_count`, labels, count),
      ];
    }),
  );
  return { seriesOf };
}

/** The series of a metric by label values, with one level per label. */
type Level<Series> = Map<string, Level<Series> | Series>;

function createSeries<Series extends CountSeries>(create: () => Series) {
  const first: Level<Series> = new Map();
  const all = new Map<readonly string[], Series>();
  const seriesOf: SeriesOf<Series> = (...values) => {
    let found: Level<Series> | Series | undefined = first;
    for (const value of values) {
      found = found instanceof Map ? found.get(value) : undefined;
    }
    return found === undefined || found instanceof Map ? add(values) : found;
  };

  function add(values: readonly string[]): Series {
    const series = create();
    all.set(values, series);
    let level = first;
    for (const value of values.slice(0, -1)) {
      const next = level.get(value);
      const known: Level<Series> = next instanceof Map ? next : new Map();
      level.set(value, known);
      level = known;
    }
    level.set(values.at(-1) ?? '', series);
    return series;
  }

  return { all, seriesOf };
}

function labelsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

function sample(metricName: string, labels: Record<string, string | number>, value: number) {
  return { metricName, labels, value };
}

function register(
  registry: Registry,
  { name, help }: Description,
  type: 'counter' | 'histogram',
  samples: () => ReturnType<typeof sample>[],
): void {
  const aggregator = 'sum';
  const get = async () => ({ name, help, type, aggregator, values: samples() });
  // The registry reads only these properties of a metric. The classes of prom-client count differently.
  registry.registerMetric({ name, help, type, aggregator, get } as unknown as Metric);
}
