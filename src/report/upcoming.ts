import type { Reason } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import { otherActiveKey, type Scene } from './context.ts';
import { NEVER_SHOWN, RANK, entryOf, type Block } from './entries.ts';
import { byDueDate, dueAtOf } from './order.ts';
import { clean, wrap } from './plain-text.ts';
import { dayOf, isDone } from './wording.ts';

/** So many of what falls due soon are listed; the rest is counted, so that a large account can be read. */
export const MOST_UPCOMING = 50;

/** What falls due soon and needs nobody to do anything now, one line a key, the earliest first. */
export const upcomingBlocks = (outcomes: readonly Outcome[], scene: Scene): readonly Block[] =>
  [...outcomes].sort(byDueDate).map((outcome, index) => ({
    rank: index < MOST_UPCOMING ? RANK.upcoming : NEVER_SHOWN,
    group: 'Due soon:',
    entries: [entryOf('will-happen', outcome)],
    lines: wrap(rowOf(outcome, scene), '- ', '  '),
  }));

function rowOf(outcome: Outcome, scene: Scene): string {
  const { decision } = outcome;
  const words = WORDS[decision.reason];
  const other = otherActiveKey(decision, scene);
  const what =
    words?.(scene, other === undefined ? 'the other key' : clean(other.id)) ?? clean(decision.message);
  return `${dayOf(dueAtOf(outcome))} ${clean(decision.userName)}: ${clean(decision.key.id)} ${what}`;
}

/** What happens on the date of a decision that waits. */
const WORDS: Partial<Record<Reason, (scene: Scene, other: string) => string>> = {
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
  exempt: () => 'is exempt until then',
};
