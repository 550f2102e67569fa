import { type DocumentNode, parse } from 'graphql';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.ts';
import { createDocumentCache, type DocumentCache } from '../../src/graphql/document-cache.ts';
import { createGraphQL } from '../../src/graphql/yoga.ts';

describe('documents are kept by what they take of memory', () => {
  let cache: DocumentCache;
  beforeEach(() => {
    cache = createDocumentCache(1_000_000);
  });

  function keep(text: string): DocumentNode {
    const document = parse(text);
    cache.keep(text, document);
    return document;
  }

  test('one is found by its whole text', () => {
    const document = keep('{ viewer { kind } }');
    expect(cache.get('{ viewer { kind } }')).toBe(document);
    expect(cache.get('{ viewer { kind  } }')).toBeUndefined();
  });

  test('the ones used last stay', () => {
    const texts = Array.from({ length: 100 }, (_, i) => `{ ${'a '.repeat(100)} b${i} }`);
    const [first = ''] = texts;
    for (const text of texts) {
      keep(text);
      cache.get(first);
    }
    const kept = texts.filter(text => cache.get(text) !== undefined);
    // Each of them has a hundred tokens and some.
    expect(kept).toEqual([first, ...texts.slice(-8)]);
  });

  test('one that is larger than all that may be kept is not kept, and drives nothing out', () => {
    keep('{ a }');
    keep(`{ ${'a '.repeat(2_000)} }`);
    expect(cache.get('{ a }')).toBeDefined();
    expect(cache.get(`{ ${'a '.repeat(2_000)} }`)).toBeUndefined();
  });
});

describe('what is kept was allowed to be executed for a caller with a token', () => {
  const { yoga, documents } = createGraphQL({
    logger: pino({ level: 'silent' }),
    warnBusy: () => undefined,
  });

  async function send(query: string, kind: 'anonymous' | 'organization') {
    // Nothing that is asked for here needs more of a context.
    const ctx = { actor: { kind }, limits: { charge: () => undefined } } as unknown as Ctx;
    const request = new Request('http://usher/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    await yoga.fetch(request, ctx);
    return documents.get(query) !== undefined;
  }

  test.each([
    ['a token', 'organization', '{ __typename }', true],
    ['no token', 'anonymous', '{ __typename }', false],
    ['a token, and does not parse', 'organization', '{ __typename', false],
    ['a token, and is not valid', 'organization', '{ nothing }', false],
    ['a token, and is too large', 'organization', `{ ${'viewer { kind } '.repeat(300)} }`, false],
    [
      'a token, and asks for too much',
      'organization',
      `{ ${Array.from({ length: 110 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      false,
    ],
  ] as const)('with %s', async (_name, kind, query, isKept) => {
    // The same text is tried without a token first.
    const text = `${query} # ${kind}`;
    if (kind === 'organization') expect(await send(text, 'anonymous')).toBe(false);
    expect(await send(text, kind)).toBe(isKept);
  });
});
