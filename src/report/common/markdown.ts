/*
 * Text for chat rooms, in the markdown of Slack and of Teams alike. Names come from AWS and could be written to make a
 * link, a mention or bold type. Escapes differ between the two; code spans don't: nothing in one is more than text.
 */

/** Words, dates and key ids: nothing in them means anything to either. A dot within would make a link of a domain. */
const PLAIN = /^[("']*-{0,2}[\p{L}\p{N}][\p{L}\p{N}'-]*(,[\p{N}]+)*[)"']*[.,;:!?]?$/u;

/** A word in a code span, without what would end the span; Slack reads three characters as its own even there. */
const inCode = (word: string): string =>
  `\`${word.replaceAll('`', "'").replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}\``;

/** Each word as it is where it is plain, and as code otherwise. */
const wordInMarkdown = (word: string): string => (PLAIN.test(word) ? word : inCode(word));

/**
 * Clean text of one line as markdown.
 * @param longest what is beyond is left out, by whole words, and marked with `...`
 */
export function markdown(text: string, longest: number): string {
  let line = '';
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const next = `${line === '' ? '' : ' '}${wordInMarkdown(word)}`;
    if (line.length + next.length > longest - ' ...'.length) return `${line} ...`.trimStart();
    line += next;
  }
  return line;
}
