import { html, raw } from 'hono/html';
import type { Html } from './layout.ts';

const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 6.5V12l3.5 2.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  minus: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8 12h8',
  question: 'M9 9.2A3 3 0 0 1 15 9.5c0 2-3 2.4-3 4.5M12 17.6v.1',
} as const;

/** Icon of a badge. */
export type BadgeKind = keyof typeof PATHS;

/** Returns a decorative icon. The text beside it has the same meaning. */
export function badge(kind: BadgeKind): Html {
  return html`<svg class="badge ${kind}" viewBox="-6 -6 36 36" aria-hidden="true"><path d="${raw(PATHS[kind])}"/></svg>`;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns the first grapheme of a name, in upper case. */
export function monogram(name: string): Html {
  const [first] = GRAPHEMES.segment(name.trim());
  return html`<span class="badge monogram" aria-hidden="true">${first?.segment.toLocaleUpperCase('en') ?? ''}</span>`;
}
