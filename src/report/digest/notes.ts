import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { RANK, blockOfFinding, entryOf, type Block } from '../message/block.ts';
import { clean, sentence, wrap } from '../common/sanitize.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { describeUser } from '../common/wording.ts';
import type { DigestContext } from './context.ts';
import { inFull, unchanged } from './telling.ts';

/** What is good to know: the account's own notes, and keys of which too little is known to act. */
export const noteBlocks = (
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  context: DigestContext,
): readonly Block[] => [
  ...findings.map((finding) => blockOfFinding('notes', RANK.note, finding)),
  ...outcomes.map((outcome) => {
    const block = {
      rank: RANK.note,
      group: 'Too little is known of these keys, so nothing was done; the next run looks again:',
      entries: [entryOf('notes', outcome)],
      lines: wrap(
        `${describeUser(outcome.decision)}: ${clean(outcome.decision.key.id)}. ${sentence(clean(outcome.decision.message))}`,
        '- ',
        '  ',
      ),
    };
    return isUnchanged(outcome, context)
      ? unchanged(block, [outcome], context)
      : inFull(block, [outcome], context);
  }),
];
