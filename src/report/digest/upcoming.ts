import type { Reason } from '../../domain/rotation/decision.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { otherActiveKey, type DigestContext } from './context.ts';
import { endingRow, foldExempt, type FoldedOutcomes } from './exempt.ts';
import { NEVER_SHOWN, RANK, entryOf, type Block } from '../message/block.ts';
import { byDueDate, dueAtOf } from '../common/order.ts';
import { clean, wrap } from '../common/sanitize.ts';
import { dayOf, isDone, describeUser } from '../common/wording.ts';

/** So many of what falls due soon are listed; the rest is counted, so that a large account can be read. */
export const MOST_UPCOMING = 50;

/** What falls due soon and needs nobody to do anything now, the earliest first. */
export const upcomingBlocks = (outcomes: readonly Outcome[], context: DigestContext): readonly Block[] =>
  foldExempt([...outcomes].sort(byDueDate)).map((told, index) => ({
    rank: index < MOST_UPCOMING ? RANK.upcoming : NEVER_SHOWN,
    group: 'Due soon:',
    entries: told.all.map((outcome) => entryOf('will-happen', outcome)),
    lines: wrap(
      `${dayOf(dueAtOf(told.first))} ${describeUser(told.first.decision)}: ${whatComes(told, context)}`,
      '- ',
      '  ',
    ),
  }));

function whatComes(told: FoldedOutcomes, context: DigestContext): string {
  const { decision } = told.first;
  if (decision.reason === 'exempt') return endingRow(told);
  const words = WORDS[decision.reason];
  const other = otherActiveKey(decision, context);
  const what =
    words?.(context, other === undefined ? 'the other key' : clean(other.id)) ?? clean(decision.message);
  return `${clean(decision.key.id)} ${what}`;
}

/** What happens on the date of a decision that waits. */
const WORDS: Partial<Record<Reason, (context: DigestContext, other: string) => string>> = {
  young: ({ mode }) => `${isDone('replace', mode)} if it is in use`,
  'unused-grace': ({ mode }) => `${isDone('deactivate', mode)} unless it is used before`,
  'replaced-grace': ({ mode }, other) => `${isDone('deactivate', mode)}; ${other} takes its place`,
  'never-used': () => 'counts as unused from then on',
  'newly-inactive': () => 'is inactive, and may be deleted from then on',
  'used-after-deactivation': () => 'is inactive, and may be deleted from then on',
  'recovery-grace': ({ mode }) => `is inactive, and ${isDone('delete', mode)}`,
  'not-old-enough-to-delete': ({ mode }) => `is inactive, and ${isDone('delete', mode)}`,
  'slot-in-recovery': ({ mode }) => `${isDone('replace', mode)}, in the place of the inactive key`,
  'slot-being-freed': (_, other) => `waits for the place of ${other}`,
  'slot-held-by-young-key': (_, other) => `waits for the place of ${other}, which nobody has used`,
  'two-keys-in-use': () =>
    'needs a person from then on: both keys are in use, so move one workload over before',
};
