import type { Reason } from '../../domain/rotation/decision.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { otherActiveKey, type DigestContext } from './context.ts';
import { endingRow, foldExempt, type FoldedOutcomes } from './exempt.ts';
import { NEVER_SHOWN, RANK, entryOf, type Block } from '../message/block.ts';
import { byDueDate, dueAtOf } from '../common/order.ts';
import { clean, wrap } from '../common/sanitize.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { dayOf, isDone, describeUser } from '../common/wording.ts';
import { inFull, unchanged } from './telling.ts';

/** So many of what falls due soon are listed; the rest is counted, so that a large account can be read. */
export const MOST_UPCOMING = 50;

/** What falls due soon and needs nobody to do anything now, the earliest first. */
export const upcomingBlocks = (outcomes: readonly Outcome[], context: DigestContext): readonly Block[] =>
  foldExempt([...outcomes].sort(byDueDate)).map((folded, index) => {
    const block = {
      rank: index < MOST_UPCOMING ? RANK.upcoming : NEVER_SHOWN,
      group: 'Due soon:',
      entries: folded.all.map((outcome) => entryOf('will-happen', outcome)),
      lines: wrap(
        `${dayOf(dueAtOf(folded.first))} ${describeUser(folded.first.decision)}: ${whatComes(folded, context)}`,
        '- ',
        '  ',
      ),
    };
    // One line is all there is to say, so this is about whether it is a reason for a digest.
    return folded.all.every((outcome) => isUnchanged(outcome, context))
      ? unchanged(block, folded.all, context)
      : inFull(block, folded.all, context);
  });

function whatComes(folded: FoldedOutcomes, context: DigestContext): string {
  const { decision } = folded.first;
  if (decision.reason === 'exempt') return endingRow(folded);
  const words = WORDS[decision.reason];
  const other = otherActiveKey(decision, context);
  const what =
    words?.(context, other === undefined ? 'the other key' : clean(other.id)) ?? clean(decision.message);
  return `${clean(decision.key.id)} ${what}`;
}

/** What happens on the date of a decision that waits. */
const WORDS: Partial<Record<Reason, (context: DigestContext, other: string) => string>> = {
  young: ({ mode }) => `${isDone('replace', mode)} if it is in use`,
  'moved-grace': ({ mode }, other) => `${isDone('deactivate', mode)}, since everything uses ${other} now`,
  'never-used': () => 'counts as unused from then on, if nobody uses it',
  'slot-in-recovery': ({ mode }) => `${isDone('replace', mode)}, in the place of the inactive key`,
  'slot-being-freed': (_, other) => `waits for the place of ${other}`,
  'slot-held': (_, other) =>
    `is to be replaced; from then on you are asked about ${other}, which nobody has used and which takes the place of the new key`,
  'two-keys-in-use': () =>
    'is to be replaced; from then on you are asked which of your two keys may go, as both are in use',
};
