/** A UUID in its canonical form (lower case, hyphenated), or why the text is invalid. */
type ParsedUuid = { ok: true; uuid: string } | { ok: false; reason: string };

const SIMPLE = /^[0-9a-f]{32}$/i;
const HYPHENATED = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

const HYPHENS = [8, 13, 18, 23];
const GROUP_STARTS = [0, 9, 14, 19, 24];
const GROUP_LENGTHS = [8, 4, 4, 4, 12];

const URN = 'urn:uuid:';
const BRACED_LENGTH = 38;
const URN_LENGTH = 45;

/**
 * Parses a UUID of any version, written as 32 hex digits, hyphenated, `{braced}` or `urn:uuid:`.
 * The reasons and their positions are those of Rust's uuid crate, which pydantic reports.
 */
export function parseUuid(text: string): ParsedUuid {
  const written = unwrap(text);
  const isWrapped = written !== text;
  if (!HYPHENATED.test(written) && (isWrapped || !SIMPLE.test(written))) {
    return { ok: false, reason: invalidReason(written) };
  }
  const digits = written.replaceAll('-', '').toLowerCase();
  return { ok: true, uuid: digits.replace(GROUPS, '$1-$2-$3-$4-$5') };
}

/** Returns whether a canonical UUID has version 4 and the variant of RFC 9562. */
export function isUuidV4(uuid: string): boolean {
  return /^.{14}4.{4}[89ab]/.test(uuid);
}

/** Removes the braces or the URN prefix, if the text is as long as a UUID in that form. */
function unwrap(text: string): string {
  const length = Buffer.byteLength(text);
  if (length === BRACED_LENGTH && isBraced(text)) return text.slice(1, -1);
  if (length === URN_LENGTH && text.startsWith(URN)) return text.slice(URN.length);
  return text;
}

function isBraced(text: string): boolean {
  return /^\{.*\}$/s.test(text);
}

/** Returns the uuid crate's reason why a text is not a UUID. */
function invalidReason(text: string): string {
  const offset = isBraced(text) ? 1 : text.startsWith(URN) ? URN.length : 0;
  const digits = isBraced(text) ? text.slice(offset, -1) : text.slice(offset);
  const invalid = /[^0-9a-fA-F-]/u.exec(digits);
  if (invalid) {
    return `invalid character: found \`${invalid[0]}\` at ${invalid.index + offset + 1}`;
  }
  const hyphens = indicesOf('-', digits);
  if (hyphens.length === 0 && offset === 0) {
    return `invalid length: expected length 32 for simple format, found ${text.length}`;
  }
  if (hyphens.length !== 4) {
    return `invalid group count: expected 5, found ${hyphens.length + 1}`;
  }
  const misplaced = hyphens.findIndex((hyphen, index) => hyphen !== HYPHENS[index]);
  const group = misplaced < 0 ? 4 : misplaced;
  // The crate counts the last group to the end of the whole text, including brace and prefix.
  const found = (hyphens[group] ?? text.length) - (GROUP_STARTS[group] ?? 0);
  return `invalid group length in group ${group}: expected ${GROUP_LENGTHS[group]}, found ${found}`;
}

function indicesOf(character: string, text: string): number[] {
  const indices: number[] = [];
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
    indices.push(at);
  }
  return indices;
}
