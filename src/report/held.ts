import type { Mode } from '../domain/limits.ts';
import type { Outcome } from '../domain/outcome.ts';
import { RANK, entryOf, type Block } from './entries.ts';
import { groupBy } from './order.ts';
import { clean, sentence, wrap } from './plain-text.ts';
import { capital, done } from './wording.ts';

/** What was decided but not done, one line a key; those with the same cause stand together. */
export const heldBlocks = (outcomes: readonly Outcome[], mode: Mode): readonly Block[] =>
  [...groupBy(outcomes, (outcome) => groupOf(outcome, mode))].flatMap(([group, own]) =>
    own.map((outcome) => heldKey(outcome, group)),
  );

const heldKey = (outcome: Outcome, group: string): Block => {
  const { userName, key, message } = outcome.decision;
  const cause = outcome.status === 'held' && outcome.by === 'place' ? outcome.why : message;
  return {
    rank: RANK.held,
    group,
    entries: [entryOf('held-back', outcome)],
    lines: wrap(`${clean(userName)}: ${clean(key.id)}. ${sentence(capital(clean(cause)))}`, '- ', '  '),
  };
};

function groupOf(outcome: Outcome, mode: Mode): string {
  const change = done(outcome.decision.action);
  if (outcome.status !== 'held')
    return `To be ${change}, but not done in this run; the next run decides anew:`;
  switch (outcome.by) {
    case 'mode':
      return mode === 'audit' ? `Would be ${change}:` : `Would be ${change}, but ${clean(outcome.why)}:`;
    case 'limit':
      return `${sentence(capital(clean(outcome.why)))} If that many are right, raise ROTATION_MAX_DEACTIVATIONS or ROTATION_MAX_DELETIONS for one run; if not, look for a wrong setting before the next one.`;
    case 'failure':
      return `To be ${change}, but ${clean(outcome.why)}:`;
    case 'place':
      return 'To be replaced, but there is no place for a second key:';
  }
}
