import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { wrap } from '../common/sanitize.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { describeUser } from '../common/wording.ts';
import { blockOfFinding, entryOf, item, RANK, type Block } from '../message/block.ts';
import { blockedHeadline, blockedSteps, keyList } from './blocked.ts';
import { keysOf, type DigestContext } from './context.ts';
import { inFull, unchanged } from './telling.ts';

/**
 * What waits for an administrator: findings, and keys that can't be rotated for a cause that their owner
 * can't mend; in one line each what the last digest has told in full.
 */
export const blocksForAdministrators = (
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  context: DigestContext,
): readonly Block[] => [
  ...findings.map((finding) => blockOfFinding('needs-a-person', RANK.person, finding)),
  ...outcomes.filter((one) => !isUnchanged(one, context)).map((one) => blocked(one, context)),
  ...outcomes.filter((one) => isUnchanged(one, context)).map((one) => inOneLine(one, context)),
];

function blocked(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const lines = item(`${describeUser(decision)}: ${blockedHeadline(decision)}`, [
    ...keyList(keysOf(decision, context), context),
    ...blockedSteps(decision, context),
  ]);
  const entries = [entryOf('needs-a-person', outcome)];
  return inFull({ rank: RANK.person, entries, lines }, [outcome], context);
}

function inOneLine(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const block = {
    rank: RANK.person,
    group: 'As in an earlier mail, which says what to do:',
    entries: [entryOf('needs-a-person', outcome)],
    lines: wrap(`${describeUser(decision)}: ${blockedHeadline(decision)}`, '- ', '  '),
  };
  return unchanged(block, [outcome], context);
}
