import type { Ratio, Results } from './results.ts';
import { WORKLOADS } from './workloads.ts';

const WIDTH = 800;
const LEFT = 285;
const RIGHT = 70;
const TOP = 78;
const BAR = 16;
const GAP = 14;
const BOTTOM = 34;

// Colours that hold their own on both grounds; the ground itself follows the reader's setting.
const STYLE = `
    .ground { fill: #ffffff; } .text { fill: #1f2328; } .quiet { fill: #59636e; }
    .usher { fill: #2f6fdb; } .untuned { fill: #b7791f; } .limit { stroke: #59636e; } .span { stroke: #1f2328; }
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; }
    .title { font-size: 16px; font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; } .text { fill: #e6edf3; } .quiet { fill: #9198a1; }
      .usher { fill: #6ea8fe; } .untuned { fill: #d9a441; } .limit { stroke: #9198a1; } .span { stroke: #e6edf3; }
    }`;

/** Draws requests a second as bars, the bare server's being 1: usher's and the untuned stack's, medians with their ranges. */
export function chartOf(results: Results): string {
  const compared = [...results].filter(([, { ratioToB }]) => ratioToB !== undefined);
  const groups = compared.map(([workload, { ratioToB, untunedRatioToB }]) => {
    const { api, title } = WORKLOADS[workload];
    const bars: Bar[] = [
      { name: 'usher', ratio: ratioToB },
      { name: 'untuned', ratio: untunedRatioToB },
    ];
    const label = `${api === 'rest' ? 'REST' : 'GraphQL'}: ${title}`;
    return { label, bars: bars.filter(({ ratio }) => ratio !== undefined) };
  });
  const most = Math.max(
    1.1,
    ...groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio?.max ?? 0)),
  );
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const parts: string[] = [];
  let y = TOP;
  for (const { label, bars } of groups) {
    const height = bars.length * BAR;
    parts.push(text(LEFT - 12, y + height / 2 + 4, label, 'text', 'end'));
    for (const { name, ratio } of bars) {
      if (ratio) parts.push(bar(y, name, ratio, scale));
      y += BAR;
    }
    y += GAP;
  }
  const limit = LEFT + scale;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + BOTTOM}" role="img" aria-labelledby="title desc">
  <title id="title">Requests a second, the bare server's being 1</title>
  <desc id="desc">${escapeXml(describe(groups))}</desc>
  <style>${STYLE}
  </style>
  <rect class="ground" width="100%" height="100%" rx="8"/>
  ${text(20, 30, "Requests a second, a bare node:http + pg server's being 1", 'text title')}
  <rect class="usher" x="20" y="46" width="12" height="12"/>${text(38, 57, 'usher', 'text')}
  <rect class="untuned" x="96" y="46" width="12" height="12"/>${text(114, 57, 'the same schema on Yoga, Pothos and Prisma, untuned', 'text')}
  ${parts.join('\n  ')}
  <line class="limit" x1="${at(limit)}" x2="${at(limit)}" y1="${TOP - 8}" y2="${y - GAP + 8}" stroke-dasharray="4 3"/>
  ${text(limit, y + 12, 'bare server = 1', 'quiet', 'middle')}
</svg>
`;
}

interface Bar {
  name: 'usher' | 'untuned';
  ratio: Ratio | undefined;
}

function bar(y: number, name: Bar['name'], { median, min, max }: Ratio, scale: number): string {
  const middle = y + BAR / 2;
  const from = LEFT + min * scale;
  const to = LEFT + max * scale;
  return [
    `<rect class="${name}" x="${LEFT}" y="${y + 1}" width="${at(median * scale)}" height="${BAR - 2}"/>`,
    `<line class="span" x1="${at(from)}" x2="${at(to)}" y1="${middle}" y2="${middle}"/>`,
    text(to + 6, middle + 4, median.toFixed(2), 'text'),
  ].join('');
}

function text(x: number, y: number, content: string, style: string, anchor = 'start'): string {
  return `<text class="${style}" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function describe(groups: readonly { label: string; bars: Bar[] }[]): string {
  return groups
    .map(({ label, bars }) => {
      const values = bars.map(({ name, ratio }) => `${name} ${ratio?.median.toFixed(2)}`);
      return `${label}: ${values.join(', ')}.`;
    })
    .join(' ');
}

function at(position: number): string {
  return position.toFixed(1);
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
