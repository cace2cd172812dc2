import { NEVER_SHOWN, type Block } from './block.ts';

/** SNS takes 256 KB for a message with its attributes; the rest is for those and for other protocols. */
export const MOST_BYTES = 250_000;

/** What is published: text for e-mail, JSON for everything else. */
export interface Message {
  readonly text: string;
  readonly json: string;
}

/**
 * The bytes a message takes as an SNS message with a structure (`MessageStructure: json`): each of
 * its forms stands there once, as a string within JSON, which escapes every quote and line end.
 */
export const sizeInEnvelope = ({ text, json }: Message): number =>
  Buffer.byteLength(JSON.stringify({ default: json, email: text }), 'utf8');

/**
 * Writes a message with as many whole blocks as fit: those of the lowest rank first, and within a
 * rank in their order. What doesn't fit is for the message itself to count.
 */
export function fitToSize<Data extends object>(
  blocks: readonly Block<Data>[],
  write: (kept: ReadonlySet<Block<Data>>) => Message,
): Message & { readonly kept: ReadonlySet<Block<Data>> } {
  const order = blocks.filter(({ rank }) => rank !== NEVER_SHOWN).sort((one, two) => one.rank - two.rank);
  const withFirst = (count: number) => {
    const kept = new Set(order.slice(0, count));
    return { ...write(kept), kept };
  };

  const whole = withFirst(order.length);
  if (sizeInEnvelope(whole) <= MOST_BYTES) return whole;

  // Found by halving, on real letters: no estimate of what escaping costs has to be right.
  let fits = 0;
  let tooMany = order.length;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (sizeInEnvelope(withFirst(middle)) <= MOST_BYTES) fits = middle;
    else tooMany = middle;
  }
  return withFirst(fits);
}
