import { eastAsianWidth } from 'get-east-asian-width';
import { visible } from './escape.ts';

/*
 * A cell's text as lines of a table. Widths are columns of a terminal: wide letters (支) take two,
 * what combines with the letter before it takes none, our own colours take none.
 */

const CODES = /(\u001b\[[\d;?]*[a-z])/;
const ALL_CODES = new RegExp(CODES, 'g');

/** What combines: accents, the signs of most scripts, the later parts of a Korean syllable. */
const COMBINES = /[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/**
 * What some terminals join with the letter before it, and others put beside it: what selects the look
 * of a letter, the frames of keycaps, the colours of skin. Only without it they agree on the width.
 */
const DISPUTED =
  /\p{Default_Ignorable_Code_Point}|\u20e3|(?<=\p{Emoji_Modifier_Base}\ufe0f?)\p{Emoji_Modifier}/gu;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** In columns; of one line. */
export function widthOf(line: string): number {
  const text = line.replace(ALL_CODES, '');
  if (/^[ -~]*$/.test(text)) return text.length;
  return Array.from(text).reduce(
    (sum, letter) => sum + (COMBINES.test(letter) ? 0 : eastAsianWidth(letter.codePointAt(0) ?? 0)),
    0,
  );
}

/**
 * Breaks a text at its line ends, and where a line would be too wide: at a blank if there is one, else
 * within the word. Nothing but blanks is lost. Each line begins and ends its colours itself.
 * @param width of a line, at least 2
 * @param most how many lines there may be; if there are more, the last one shown ends with `…`
 */
export function linesOf(text: string, width: number, most = Infinity): readonly string[] {
  // What is measured here must be what is shown in the end, so what isn't visible is written out now.
  const lines = visible(text)
    .replace(DISPUTED, '')
    .split('\n')
    .flatMap((paragraph) => wrapped(paragraph, width));
  if (lines.length <= most) return withOwnColours(lines);
  const [end = ''] = cutToPieces(lines[most - 1] ?? '', width - 1);
  return withOwnColours([...lines.slice(0, most - 1), `${end.trimEnd()}…`]);
}

/** Fills a line up with blanks. */
export function padded(line: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(line)));
  return align === 'left' ? line + blanks : blanks + line;
}

function wrapped(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.trim().split(/ +/)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= width) {
      line += ` ${word}`;
    } else {
      const pieces = cutToPieces(word, width);
      lines.push(...(line === '' ? [] : [line]), ...pieces.slice(0, -1));
      line = pieces.at(-1) ?? '';
    }
  }
  return [...lines, line];
}

/** Pieces as wide as they can be; letters stay whole. */
function cutToPieces(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const part of partsOf(word, width)) {
    const more = widthOf(part);
    if (used + more > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += part;
    used += more;
  }
  return [...pieces, piece];
}

/** Letters with what combines with them, and codes. Some scripts have no end of that: those are split. */
const partsOf = (word: string, width: number): readonly string[] =>
  word
    .split(CODES)
    .flatMap((part) =>
      CODES.test(part)
        ? [part]
        : Array.from(letters.segment(part), ({ segment }) => segment).flatMap((letter) =>
            widthOf(letter) <= width ? [letter] : Array.from(letter),
          ),
    );

const RESET = '\u001b[0m';
/** Ends bold or dim, italics and so on, a colour, a background, everything. */
const ENDS = /\[(?:2[2-9]|39|49|0)m$/;

/** Or a line's colours would go on in the border, and in the cells to the right. */
function withOwnColours(lines: readonly string[]): readonly string[] {
  let open: readonly string[] = [];
  return lines.map((line) => {
    const before = open.join('');
    for (const [code] of line.matchAll(ALL_CODES)) open = stillOpen([...open, code]);
    return `${before}${line}${open.length === 0 ? '' : RESET}`;
  });
}

/** All of them until each has its end: which one it ends depends on those before. */
const stillOpen = (codes: readonly string[]): readonly string[] =>
  codes.filter((code) => ENDS.test(code)).length * 2 >= codes.length ? [] : codes;
