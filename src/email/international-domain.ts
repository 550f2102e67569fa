import { createRequire } from 'node:module';

// Unlike the tables of the runtime, those of tr46 are the same in every version of Node. They load on first use.
const require = createRequire(import.meta.url);
let tr46: typeof import('tr46') | undefined;

const STRICT = {
  checkBidi: true,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
} as const;

/**
 * Returns the two forms of an international domain name (UTS #46); undefined if it is invalid or has symbols, which IDNA
 * 2008 forbids.
 */
export function toInternational(domain: string): { unicode: string; ascii: string } | undefined {
  tr46 ??= require('tr46') as typeof import('tr46');
  const ascii = tr46.toASCII(domain, STRICT);
  if (ascii === null) return undefined;
  const { domain: unicode, error } = tr46.toUnicode(ascii, STRICT);
  return error || !unicode.split('.').every(hasOnlyWords) ? undefined : { unicode, ascii };
}

// RFC 5892: letters, marks and digits, no symbols.
const WORD =
  /^(?:[-\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u00b7\u0375\u05f3\u05f4\u30fb\u06fd\u06fe\u0f0b\u3007]|\u200c|\u200d)*$/u;

// RFC 5892, 2.6, 2.8 and 2.9: exceptions and old Hangul letters.
const DISALLOWED =
  /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/;

// RFC 5892, appendix A: characters that are valid only in certain contexts.
const INVALID_CONTEXT = [
  /(?<!l)\u00b7|\u00b7(?!l)/u,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05f3\u05f4]/u,
  /^(?=.*\u30fb)(?!.*[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}])/u,
  /^(?=.*[\u0660-\u0669])(?=.*[\u06f0-\u06f9])/u,
];

function hasOnlyWords(label: string): boolean {
  return (
    WORD.test(label) && !DISALLOWED.test(label) && !INVALID_CONTEXT.some(rule => rule.test(label))
  );
}
