// RFC 5892 2.6: exceptions to the derivation from Unicode properties below.
const VALID_BY_EXCEPTION = /[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]/u;
const INVALID_BY_EXCEPTION = /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u;

// RFC 5892 2.5 and 2.9: blocks that are refused whole.
const INVALID_BLOCK =
  /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u{1d100}-\u{1d24f}]|[\u20d0-\u20ff]/u;

const LETTER_OR_DIGIT = /[-\p{Ll}\p{Lu}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}]/u;
const UNSTABLE = /[\p{CWKCF}\p{DI}\p{White_Space}]/u;

const ARABIC_INDIC_DIGIT = /[\u0660-\u0669]/u;
const EXTENDED_ARABIC_INDIC_DIGIT = /[\u06f0-\u06f9]/u;

const RIGHT_TO_LEFT =
  '\\u0590-\\u065f\\u066a-\\u06ef\\u06fa-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10d2f}\\u{10d3a}-\\u{10fff}\\u{1e800}-\\u{1efff}';
const ARABIC_NUMBER = '\\u0660-\\u0669\\u{10d30}-\\u{10d39}';
const EUROPEAN_NUMBER = '0-9\\u06f0-\\u06f9';
const HAS_RIGHT_TO_LEFT = new RegExp(`(?!\\p{Mn})[${RIGHT_TO_LEFT}${ARABIC_NUMBER}]`, 'u');
const RIGHT_TO_LEFT_LABEL = new RegExp(
  `^(?!\\p{Mn})[${RIGHT_TO_LEFT}](?:[-${RIGHT_TO_LEFT}${ARABIC_NUMBER}${EUROPEAN_NUMBER}]|\\p{Mn})*$`,
  'u',
);

/** Tells whether one label of a Unicode domain name conforms to IDNA 2008 (RFC 5891, 5892, 5893). */
export function isIdnLabel(label: string): boolean {
  return (
    label.normalize('NFC') === label &&
    !/^..--/u.test(label) &&
    !/^-|-$|^\p{M}/u.test(label) &&
    [...label].every((character, index, all) => isAllowed(character, index, all)) &&
    readsOneWay(label)
  );
}

function isAllowed(character: string, index: number, label: string[]): boolean {
  const before = label[index - 1] ?? '';
  const after = label[index + 1] ?? '';
  switch (character) {
    case '\u00b7':
      return before === 'l' && after === 'l';
    case '\u0375':
      return /\p{Script=Greek}/u.test(after);
    case '\u05f3':
    case '\u05f4':
      return /\p{Script=Hebrew}/u.test(before);
    case '\u30fb':
      return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(label.join(''));
  }
  if (VALID_BY_EXCEPTION.test(character)) return true;
  if (ARABIC_INDIC_DIGIT.test(character)) {
    return !label.some(other => EXTENDED_ARABIC_INDIC_DIGIT.test(other));
  }
  return (
    LETTER_OR_DIGIT.test(character) &&
    !UNSTABLE.test(character) &&
    !INVALID_BY_EXCEPTION.test(character) &&
    !INVALID_BLOCK.test(character)
  );
}

// RFC 5893 2: the Bidi rule, for the characters that IDNA allows at all.
function readsOneWay(label: string): boolean {
  if (!HAS_RIGHT_TO_LEFT.test(label)) return true;
  const numbers = [ARABIC_NUMBER, EUROPEAN_NUMBER].filter(set =>
    new RegExp(`[${set}]`, 'u').test(label),
  );
  return RIGHT_TO_LEFT_LABEL.test(label) && numbers.length < 2;
}
