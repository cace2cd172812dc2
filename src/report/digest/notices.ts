import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { isInactive } from '../../domain/rotation/key.ts';
import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { byDueDate } from '../common/order.ts';
import { clean, wrap } from '../common/sanitize.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { dayOf, describeUser } from '../common/wording.ts';
import { entryOf, RANK, type Block } from '../message/block.ts';
import { describeNotice, mayHaveLeaked } from './announcement.ts';
import type { DigestContext } from './context.ts';
import { inFull, unchanged } from './telling.ts';

/*
 * What is announced and asks nobody for anything, one line a key; in a mode that does nothing of the kind, what the
 * notice would have been.
 */

/** Active keys that will be deactivated. */
export const noticeBlocks = (outcomes: readonly Outcome[], context: DigestContext): readonly Block[] =>
  outcomes
    .filter((outcome) => !isDeletion(outcome))
    .sort(byDueDate)
    .map((outcome) => line(outcome, groupOf(outcome, context.mode), RANK.notice, context));

/** Inactive keys that will be deleted; those that may have leaked stand apart. */
export function deletionBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const inactive = outcomes.filter(isDeletion).sort(byDueDate);
  const [leaked, others] = [true, false].map((isLeaked) =>
    inactive.filter(({ decision }) => mayHaveLeaked(decision) === isLeaked),
  );
  return [
    ...(others ?? []).map((outcome) =>
      line(outcome, givesNotices(context.mode, 'delete') ? MOVED : NOT_FOR_NOW, RANK.switchedOff, context),
    ),
    ...(leaked ?? []).map((outcome) => line(outcome, LEAKED, RANK.switchedOff, context)),
  ];
}

const groupOf = ({ decision }: Outcome, mode: Mode): string =>
  givesNotices(mode, decision.notice?.about) ? 'Replaced, and the new key is in use instead:' : NOT_FOR_NOW;
const MOVED = 'Replaced, and off; the new key is in use instead:';
const LEAKED = 'Off since they may be in the wrong hands; leave them off:';
const NOT_FOR_NOW = 'Not done in this account for now:';

const isDeletion = (outcome: Outcome): boolean => noticeGiven(outcome)?.about === 'delete';

function line(outcome: Outcome, group: string, rank: number, context: DigestContext): Block {
  const { decision } = outcome;
  const { key } = decision;
  const since = key.memory.inactiveSince;
  const off = isInactive(key) && since !== undefined ? `off since ${dayOf(since)}, ` : '';
  const block = {
    rank,
    group,
    entries: [entryOf('will-happen', outcome)],
    lines: wrap(
      `${describeUser(decision)}: ${clean(key.id)} ${describeNotice(outcome, context)} (${off}${describeLastUse(key, context.now)}).`,
      '- ',
      '  ',
    ),
  };
  return isUnchanged(outcome, context)
    ? unchanged(block, [outcome], context)
    : inFull(block, [outcome], context);
}
