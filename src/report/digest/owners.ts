import { RANK, type Block } from '../message/block.ts';
import { ascending } from '../common/order.ts';

/** SNS counts attributes to the size of a message, and a list that few filters read needn't be long. */
const MOST_OWNERS = 10;
const MOST_CHARACTERS = 1_024;

/** Whose key was replaced or is announced has a date to keep, and may not read of it otherwise. */
const urgency = ({ rank }: Block): number =>
  rank === RANK.replacement || rank === RANK.notice ? rank - RANK.replacement - 2 : rank;

/**
 * The owners of what a digest reports, those with the most urgent news first. Written as JSON
 * the list has at most 1,024 characters.
 */
export function ownersOf(blocks: readonly Block[]): readonly string[] {
  const entries = [...blocks]
    .sort((one, two) => ascending(urgency(one), urgency(two)))
    .flatMap((block) => block.entries);
  const named = new Set(entries.flatMap(({ owner, exemption }) => [owner ?? '', exemption?.owner ?? '']));
  named.delete('');
  const owners = [...named].slice(0, MOST_OWNERS);
  while (JSON.stringify(owners).length > MOST_CHARACTERS) owners.pop();
  return owners;
}
