import type { Block } from './block.ts';
import { wrap } from '../common/sanitize.ts';
import { number } from '../common/wording.ts';

/** A part of a message under one heading. */
export interface Section<Data extends object = never> {
  readonly title: string;
  /** Said in its heading instead of the number of keys: how many things they are. */
  readonly things?: number;
  readonly blocks: readonly Block<Data>[];
}

/** How many things blocks report; a block may report two keys. */
export const countOf = (blocks: Iterable<Block<object>>): number => {
  let count = 0;
  for (const { entries } of blocks) count += entries.length;
  return count;
};

/**
 * A section as text: heading with the number of all it has, the blocks that are kept, and how many
 * are not. Empty when there is nothing under the heading.
 * @param seeAll where the others are, as the end of a sentence
 */
export function sectionText<Data extends object>(
  { title, blocks, things }: Section<Data>,
  kept: ReadonlySet<Block<Data>>,
  seeAll: string,
): string {
  const total = countOf(blocks);
  if (blocks.length === 0) return '';
  const heading = `${title} (${number(things ?? total)})`;
  const shown = blocks.filter((block) => kept.has(block));
  const missing = total - countOf(shown);
  return [
    heading,
    '='.repeat(heading.length),
    ...shown.flatMap((block, index) => [...between(shown[index - 1], block), ...block.lines]),
    ...(missing === 0 ? [] : ['', ...wrap(`... and ${number(missing)} more; ${seeAll}.`)]),
  ].join('\n');
}

/** Blocks of a group follow each other without a gap; the first one gets the group's sentence. */
function between(
  previous: Block<object> | undefined,
  { group, groupCommand }: Block<object>,
): readonly string[] {
  if (group !== undefined && previous?.group === group) return [];
  const gap = previous === undefined ? [] : [''];
  return group === undefined || group === ''
    ? gap
    : [...gap, ...wrap(group), ...(groupCommand === undefined ? [] : [`    ${groupCommand}`])];
}

/** Sections and paragraphs as one message; empty ones leave no gap. */
export const message = (parts: readonly string[]): string =>
  `${parts.filter((part) => part !== '').join('\n\n')}\n`;
