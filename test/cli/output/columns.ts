import { eastAsianWidth } from 'get-east-asian-width';

/** What takes no column of its own: marks above, below and within letters, and vowels that join Korean ones. */
const JOINED = /[\p{Mark}\p{Format}\u1160-\u11ff]/u;

/**
 * How many columns a terminal takes for a line that counts character by character, as most do. Not for scripts
 * whose letters grow together, like that of Hindi: there each terminal counts in its own way.
 */
export const columnsByCharacter = (line: string): number =>
  Array.from(line).reduce(
    (sum, one) => sum + (JOINED.test(one) ? 0 : eastAsianWidth(one.codePointAt(0) ?? 0)),
    0,
  );
