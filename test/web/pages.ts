import type { TestUsher } from '../support/usher.ts';

/** A page as it was answered. */
export interface PageAnswer {
  status: number;
  headers: Headers;
  html: string;
  /** What the page says, without its markup. */
  text: string;
  title: string;
  /** The sources by directive. */
  policy: Record<string, string[]>;
}

/** Asks for a page as a browser does, but follows nothing. */
export async function visit(
  usher: TestUsher,
  path: string,
  init: RequestInit = {},
): Promise<PageAnswer> {
  const response = await fetch(usher.url + path, { redirect: 'manual', ...init });
  const html = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    html,
    text: textOf(/<main>(.*)<\/main>/s.exec(html)?.[1] ?? ''),
    title: textOf(/<title>(.*)<\/title>/s.exec(html)?.[1] ?? ''),
    policy: Object.fromEntries(
      (response.headers.get('content-security-policy') ?? '').split('; ').map(directive => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    ),
  };
}

/** Sends a form as a browser does. */
export async function submit(
  usher: TestUsher,
  path: string,
  fields: Record<string, string>,
): Promise<PageAnswer> {
  return await visit(usher, path, { method: 'POST', body: new URLSearchParams(fields) });
}

function textOf(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return html
    .replace(/<template.*<\/template>/s, '')
    .replace(/<\/(?:d[td]|p|h\d|li|pre)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&([^;]+);/g, (entity, name) => entities[name] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}
