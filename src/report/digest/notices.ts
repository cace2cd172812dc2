import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { isInactive } from '../../domain/rotation/key.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { byDueDate } from '../common/order.ts';
import { clean, nameInCommand, sentence, wrap } from '../common/sanitize.ts';
import { deleteKey, switchKey } from '../common/shell.ts';
import { isUnchanged } from '../common/unchanged.ts';
import { dayOf, describeUser } from '../common/wording.ts';
import { command, entryOf, item, RANK, type Block, type Command } from '../message/block.ts';
import { describeAdoptionAndUses, describeNotice, mayHaveLeaked } from './announcement.ts';
import { otherActiveKey, type DigestContext } from './context.ts';
import { describeReplacementLocation } from './secret-location.ts';
import { inFull, unchanged } from './telling.ts';

/* Announcements. In a mode that does nothing of the kind they say what the notice would have been. */

/** Active keys that will be deactivated; those the last digest has told in full take one line. */
export function noticeBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const active = outcomes.filter((outcome) => !isDeletion(outcome)).sort(byDueDate);
  return [
    ...active.filter((outcome) => !isUnchanged(outcome, context)).map((outcome) => notice(outcome, context)),
    ...active
      .filter((outcome) => isUnchanged(outcome, context))
      .map((outcome) => unchanged(line(outcome, UNCHANGED, RANK.notice, context), [outcome], context)),
  ];
}

/** Above lines about what the last digest has told in full. */
const UNCHANGED = 'As announced before:';

/** Inactive keys that will be deleted: one line each, however many there are. */
export function deletionBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const inactive = outcomes.filter(isDeletion).sort(byDueDate);
  const [leaked, others] = [true, false].map((isLeaked) =>
    inactive.filter(({ decision }) => mayHaveLeaked(decision) === isLeaked),
  );
  return [
    ...(others ?? []).map((outcome) => deletion(outcome, INACTIVE, context)),
    ...(leaked ?? []).map((outcome) => deletion(outcome, LEAKED, context)),
  ];
}

const INACTIVE =
  'Inactive keys. Still needed? Switch it on before its date (access-key-rotation restore does it, too):';
const LEAKED = 'Inactive keys that were replaced in an emergency; leave them off:';

const isDeletion = (outcome: Outcome): boolean => noticeGiven(outcome)?.about === 'delete';

const deletion = (outcome: Outcome, group: string, context: DigestContext): Block => {
  const block = line(outcome, group, RANK.upcoming, context);
  return isUnchanged(outcome, context)
    ? unchanged(block, [outcome], context)
    : inFull(block, [outcome], context);
};

function line(outcome: Outcome, group: string, rank: number, context: DigestContext): Block {
  const { decision } = outcome;
  const { key, reason, message } = decision;
  const since = key.memory.inactiveSince;
  const off = isInactive(key) && since !== undefined ? `off since ${dayOf(since)}, ` : '';
  const unclear = reason === 'last-use-unknown' ? ` ${sentence(clean(message))}` : '';
  return {
    rank,
    group,
    entries: [entryOf('will-happen', outcome)],
    lines: wrap(
      `${describeUser(decision)}: ${clean(key.id)} ${describeNotice(outcome, context)} (${off}${describeLastUse(key, context.now)}).${unclear}`,
      '- ',
      '  ',
    ),
  };
}

/** Announces that a key will be deactivated, and says how to keep it or be rid of it. */
function notice(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const about = decision.notice?.about;
  const counts = givesNotices(context.mode, about);
  const what = describeNotice(outcome, context).replace(/^is /, 'will be ');
  const lines = item(`${describeUser(decision)}: ${clean(decision.key.id)} ${what}`, [
    counts ? '' : `Mode ${context.mode} does not do it, and this is not its notice. In mode enforce:`,
    about === 'replaced' ? describeAdoptionAndUses(decision, context) : sentence(clean(decision.message)),
    ...advice(decision, context),
  ]);
  const block = { rank: RANK.notice, entries: [entryOf('will-happen', outcome)], lines };
  return inFull(block, [outcome], context);
}

function advice(decision: Decision, context: DigestContext): readonly (string | Command)[] {
  const { userName, key, notice: { about } = {} } = decision;
  const user = nameInCommand(userName);
  const id = nameInCommand(key.id);
  const other = otherActiveKey(decision, context);
  if (about === 'unused') {
    return [
      'Still needed? Use it: a key in use is kept, and replaced when it is old.',
      'Not needed? Delete it now:',
      command(deleteKey(user, id)),
    ];
  }
  const otherKey = other === undefined ? 'the other key' : clean(other.id);
  return [
    ...describeReplacementLocation(userName, other, context),
    about === 'least-recently-used'
      ? `What to do: move what still uses it to ${otherKey}, or use it before its date to keep both.`
      : `What to do: move what still uses it to ${otherKey}.`,
    'Nothing uses it any more? Switch it off now:',
    command(switchKey(user, id, 'Inactive')),
  ];
}
