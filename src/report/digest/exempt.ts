import type { Outcome } from '../../domain/report/outcome.ts';
import { RANK, entryOf, type Block } from '../message/block.ts';
import { groupBy, whichKey } from '../common/order.ts';
import { clean, sentence, wrap } from '../common/sanitize.ts';
import { dayOf, listed, describeOwner, describeUser } from '../common/wording.ts';

const isExempt = ({ decision }: Outcome): boolean => decision.action === 'exempt';

/** Keys that share one line. */
export interface FoldedOutcomes {
  readonly first: Outcome;
  /** The first one included. */
  readonly all: readonly Outcome[];
}

/** The keys of an exempt user share a line; every other key has its own. */
export const foldExempt = (outcomes: readonly Outcome[]): readonly FoldedOutcomes[] =>
  [...groupBy(outcomes, lineOf).values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ first, all }];
  });

const lineOf = (outcome: Outcome): string =>
  isExempt(outcome) ? `all of ${outcome.decision.userName}` : whichKey(outcome);

/** All exempt users, so that none is forgotten. */
export const exemptBlocks = (outcomes: readonly Outcome[]): readonly Block[] =>
  foldExempt(outcomes.filter(isExempt)).map((folded) => ({
    rank: RANK.exempt,
    group: 'Not rotated before the date; who answers for that stands at the end:',
    entries: folded.all.map((outcome) => entryOf('exempt', outcome)),
    lines: wrap(sentence(standingRow(folded)), '- ', '  '),
  }));

function standingRow({ first, all }: FoldedOutcomes): string {
  const { decision } = first;
  const { exemption } = decision.policy;
  const why =
    exemption === undefined
      ? clean(decision.message)
      : `until ${dayOf(exemption.until)}: ${clean(exemption.reason)} (${describeOwner(exemption.owner)})`;
  return `${describeUser(decision)}: ${describeKeys(all)} ${why}`;
}

/** What is said of an exemption that ends soon. */
export function endingRow({ first, all }: FoldedOutcomes): string {
  const { exemption } = first.decision.policy;
  const why =
    exemption === undefined ? '' : ` (${clean(exemption.reason)}, ${describeOwner(exemption.owner)})`;
  const [are, they] = all.length === 1 ? ['is', 'it is'] : ['are', 'they are'];
  return `${describeKeys(all)} ${are} exempt until then${why}: from then on ${they} rotated like any other; extend the exemption or let it end`;
}

const describeKeys = (outcomes: readonly Outcome[]): string =>
  listed(outcomes.map(({ decision }) => clean(decision.key.id)));
