import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { escape } from './escape.ts';

/*
 * A cell's text as lines of a table. Widths are columns of a terminal: wide characters (支) take two,
 * combining characters take none, our own colour codes take none.
 */

/**
 * Characters that some terminals join with the one before, and others show beside it: variation
 * selectors, keycaps, skin tones. Without them all terminals agree on the width.
 */
const DISPUTED =
  /\p{Default_Ignorable_Code_Point}|\u20e3|(?<=\p{Emoji_Modifier_Base}\ufe0f?)\p{Emoji_Modifier}/gu;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** In columns; of one line. */
export const widthOf = (line: string): number => stringWidth(line);

/**
 * Breaks a text at its line ends, and where a line would be too wide: at a blank if there is one, else
 * within the word. Nothing but spaces is lost; combining characters are composed, where Unicode has the result
 * (NFC). Each line begins and ends its colours itself.
 * @param width of a line, at least 2
 * @param most how many lines there may be; if there are more, the last one shown ends with `…`
 */
export function linesOf(text: string, width: number, most = Infinity): readonly string[] {
  const paragraphs = withOwnColours(splitEndless(shown(text), width).split('\n'));
  const lines = paragraphs.flatMap((one) => wrapAnsi(one, width, { hard: true }).split('\n'));
  if (lines.length <= most) return lines;
  const [end = ''] = wrapAnsi(lines[most - 1] ?? '', width - 1, { hard: true, wordWrap: false }).split('\n');
  const fits = widthOf(end) < width; // a wide character may be too wide already
  return [...lines.slice(0, most - 1), `${fits ? end : ''}…`];
}

/** The same on one line, however wide. */
export const oneLine = (text: string): string =>
  shown(text)
    // What was broken within a path is put together again.
    .replaceAll(/(?<=\/)\n/g, '')
    .replaceAll('\n', ' ')
    .trim();

/** Measured must be what the terminal will show, so hidden characters are escaped before. */
const shown = (text: string): string => escape(text).replace(DISPUTED, '').normalize().replace(/ +/g, ' ');

/** Fills a line up with blanks. */
export function padded(line: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(line)));
  return align === 'left' ? line + blanks : blanks + line;
}

/** Wrapping never splits a character, but combining characters can pile up without end: split here. */
function splitEndless(text: string, width: number): string {
  if (/^[\n -~]*$/.test(text)) return text;
  return Array.from(letters.segment(text), ({ segment }) =>
    segment.length <= 1 || widthOf(segment) <= width ? segment : inPieces(segment, width),
  ).join('');
}

function inPieces(letter: string, width: number): string {
  let used = 0;
  return Array.from(letter, (part) => {
    const more = widthOf(part);
    const isFull = used + more > width;
    used = isFull ? more : used + more;
    return isFull ? `\n${part}` : part;
  }).join('');
}

const COLOURS = /\u001b\[[\d;]*m/g;
const RESET = '\u001b[0m';
/** Ends bold or dim, italics and so on, a colour, a background, everything. */
const ENDS = /\[(?:2[2-9]|39|49|0)m$/;

/** Otherwise a line's colours would go on in the border, and in the cells to the right. */
function withOwnColours(lines: readonly string[]): readonly string[] {
  let open: readonly string[] = [];
  return lines.map((line) => {
    const before = open.join('');
    for (const [code] of line.matchAll(COLOURS)) open = stillOpen([...open, code]);
    return `${before}${line}${open.length === 0 ? '' : RESET}`;
  });
}

/** All of them until each has its end: which one it ends depends on those before. */
const stillOpen = (codes: readonly string[]): readonly string[] =>
  codes.filter((code) => ENDS.test(code)).length * 2 >= codes.length ? [] : codes;
