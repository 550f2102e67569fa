/** Returns the offered media type that an Accept header prefers. The first is the default. */
export function preferredType<Type extends string>(
  accept: string | undefined,
  [first, ...others]: readonly [Type, ...Type[]],
): Type {
  let preferred = first;
  let best = 0;
  for (const part of (accept ?? '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase());
    const weight = weightOf(parameters);
    const type = [first, ...others].find(offered => isMatch(range, offered));
    if (type === undefined || weight <= best) continue;
    preferred = type;
    best = weight;
  }
  return preferred;
}

/** Returns whether an Accept header comes from a browser that loads a page. */
export function wantsPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false;
}

function isMatch(range: string, type: string): boolean {
  return range === type || range === '*/*' || range === `${type.split('/')[0]}/*`;
}

function weightOf(parameters: readonly string[]): number {
  const given = parameters.find(parameter => parameter.startsWith('q='));
  const weight = given === undefined ? 1 : Number(given.slice('q='.length));
  return Number.isNaN(weight) ? 0 : weight;
}
