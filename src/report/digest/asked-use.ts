import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { isInactive } from '../../domain/rotation/key.ts';
import { allows } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import type { Instant } from '../../domain/time.ts';
import { clean, nameInCommand, sentence } from '../common/sanitize.ts';
import { deleteKey, switchKey } from '../common/shell.ts';
import { dayOf, describeCreation, describeUser } from '../common/wording.ts';
import { command, type Command, type TaskItem } from '../message/block.ts';
import { describeNotice } from './announcement.ts';
import { byWhen } from './asked-move.ts';
import { isAtItsDeadline } from './asked.ts';
import { otherActiveKey, type DigestContext } from './context.ts';
import { HOW_TO } from './put-to-use.ts';
import { describeReplacementLocation } from './secret-location.ts';

/* A key goes on a date unless its owner says by using it, or by switching it on, that it is needed. */

/** A key that nobody seems to need: use it, or let it go. */
export function useItem(outcome: Outcome, lastDate: Instant | undefined, context: DigestContext): TaskItem {
  const { decision } = outcome;
  const { key, userName, notice } = decision;
  const id = clean(key.id);
  const other = otherActiveKey(decision, context);
  const isLessUsed = notice?.about === 'least-recently-used';
  const otherKey = other === undefined ? 'the other key' : clean(other.id);
  const task = isLessUsed ? `use ${otherKey} instead of ${id}` : `use ${id}, or let it go`;
  return {
    what: `${byWhen(lastDate, context)}${describeUser(decision)}: ${task}`,
    otherwise: `If nothing is done: ${id} ${describeNotice(outcome, context)}. A program that needs it only later stops working.`,
    paragraphs: [
      isLessUsed
        ? `Why: the user has two keys in use, and this one was used longer ago. There is room for a new key only once one of them is gone.`
        : whyItMayGo(decision),
      `The key ${id}: ${describeCreation(key, context.now)}, ${describeLastUse(key, context.now)}.`,
      isLessUsed
        ? 'Both are needed? Use it before that date.'
        : 'Still needed? Use it: a key in use is kept, and replaced when it is old.',
      ...(isLessUsed
        ? [
            `Nothing uses it any more? Switch it off now:`,
            command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Inactive')),
          ]
        : ['Not needed? Delete it now:', command(deleteKey(nameInCommand(userName), nameInCommand(key.id)))]),
    ],
  };
}

/** A key that is off, and is deleted on a date. */
export function switchOnItem(
  outcome: Outcome,
  lastDate: Instant | undefined,
  context: DigestContext,
): TaskItem {
  const { decision } = outcome;
  const { key, userName } = decision;
  const id = clean(key.id);
  return {
    what: `${byWhen(lastDate, context)}${describeUser(decision)}: switch ${id} on again if something needs it`,
    otherwise: whatFollows(outcome, context),
    paragraphs: [
      whyOff(outcome),
      `The key ${id}: ${describeCreation(key, context.now)}, ${describeLastUse(key, context.now)}.`,
      ...newKeyInstead(outcome, context),
      'Still needed? Switch it on:',
      command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Active')),
    ],
  };
}

/** The rule's own words, without the date, which stands above. */
const whyItMayGo = ({ message }: Decision): string =>
  `Why: ${sentence(clean(message).split('; it is deactivated')[0] ?? '')}`;

/** It went although it was needed, or might be: what needs it has a new key. */
function newKeyInstead(outcome: Outcome, context: DigestContext): readonly (string | Command)[] {
  const { decision } = outcome;
  const other = otherActiveKey(decision, context);
  if (!isAtItsDeadline(outcome) || other === undefined) return [];
  return [
    `Put the new key ${clean(other.id)} to use in its place: see ${HOW_TO}.`,
    ...describeReplacementLocation(decision.userName, other, context),
  ];
}

function whatFollows(outcome: Outcome, context: DigestContext): string {
  const { decision, status } = outcome;
  const id = clean(decision.key.id);
  const off = 'what still uses it does not work';
  if (!allows(context.mode, 'delete')) return `If nothing is done: ${id} stays off, and ${off}.`;
  if (status === 'applied' && decision.noticeWhenDone === undefined) {
    const earliest = context.now + decision.policy.recoveryGrace;
    return `If nothing is done: ${id} stays off, and ${off}. It is not deleted before ${dayOf(earliest)}.`;
  }
  return `If nothing is done: ${id} ${describeNotice(outcome, context)}. Until then ${off}; after that it can't be brought back.`;
}

function whyOff({ status, decision }: Outcome): string {
  const { key } = decision;
  if (status === 'applied') {
    return `Why: it was deactivated today. ${sentence(clean(decision.message))}`;
  }
  const since = key.memory.inactiveSince;
  return isInactive(key) && since !== undefined ? `Why: it is off since ${dayOf(since)}.` : 'Why: it is off.';
}
