/** Longest piece of foreign text that is quoted in full; AWS errors can be whole documents. */
const LONGEST = 600;

/** Characters that start a line somewhere: control characters, and Unicode's own line ends. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** Characters nobody sees, that reverse what is seen, or that no message may hold. */
const UNSEEN = /[\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu;

/**
 * Foreign text (names, AWS errors) as it may stand within a line: it can't forge lines of the
 * message, and it can't fill it.
 * @param longest in UTF-16 units; what is beyond is cut and marked with `...`
 */
export function clean(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return cut.replace(BREAKS, ' ').replace(UNSEEN, '').replace(/ {2,}/g, ' ').trim();
}

/** A name for people to read; what is empty once cleaned is called something else. */
export const nameOr = (name: string, otherwise: string): string => clean(name, 64) || otherwise;
