import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { clean } from '../common/sanitize.ts';
import { toldNow } from '../../domain/report/unchanged.ts';
import { dayOf } from '../common/wording.ts';
import type { Block } from '../message/block.ts';
import type { DigestContext } from './context.ts';

/** A block that tells these outcomes in full, with what it announces by that. */
export function inFull(block: Block, outcomes: readonly Outcome[], context: DigestContext): Block {
  const told = outcomes.flatMap((outcome) => {
    const said = toldNow(outcome, context.now);
    return said === undefined ? [] : [[outcome.decision.key.id, said] as const];
  });
  return { ...withAnnouncements(block, outcomes, context), told: new Map(told) };
}

/** A line about what the last digest has told in full. It announces all the same. */
export const unchanged = (block: Block, outcomes: readonly Outcome[], context: DigestContext): Block => ({
  ...withAnnouncements(block, outcomes, context),
  entries: block.entries.map((entry) => ({ ...entry, unchanged: true })),
  unchanged: true,
});

/** Read from the lines themselves: nothing counts as announced that they don't show. */
function withAnnouncements(block: Block, outcomes: readonly Outcome[], context: DigestContext): Block {
  const text = block.lines.join('\n');
  const announced = outcomes.filter((outcome) => {
    const notice = noticeGiven(outcome);
    if (notice === undefined || !givesNotices(context.mode, notice.about)) return false;
    const { date, inAnyCase = date } = notice;
    return [clean(outcome.decision.key.id), dayOf(date), dayOf(inAnyCase)].every((part) =>
      text.includes(part),
    );
  });
  return { ...block, announces: announced.map(({ decision }) => decision.key.id) };
}
