import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { touched } from '../../domain/rotation/predicates.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { byDueDate, groupBy } from '../common/order.ts';
import { clean, nameInCommand, wrap } from '../common/sanitize.ts';
import { lastUseOf } from '../common/shell.ts';
import { isUnchanged } from '../common/unchanged.ts';
import { describeCreation, dayOf, describeUser } from '../common/wording.ts';
import { blockOfFinding, command, entryOf, item, RANK, type Block } from '../message/block.ts';
import { describeAdoption, describeNotice } from './announcement.ts';
import { blockedHeadline, blockedSteps } from './blocked.ts';
import { keysOf, otherActiveKey, type DigestContext } from './context.ts';
import { describeReplacementLocation } from './secret-location.ts';
import { inFull, unchanged } from './telling.ts';

/**
 * What waits for a person: findings, then keys that are still needed, then users that are blocked, and
 * in one line each what the last digest has told in full.
 */
export function blocksForPeople(
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  context: DigestContext,
): readonly Block[] {
  const [needed, others] = [false, true].map((isBlocked) =>
    outcomes.filter(({ decision }) => (decision.action === 'blocked') === isBlocked),
  );
  const keys = [...(needed ?? [])].sort(byDueDate);
  // Both keys of a user can be blocked by each other; that is one thing to solve.
  const users = [...groupBy(others ?? [], ({ decision }) => decision.userName).values()];
  const isOld = (own: readonly Outcome[]) => own.every((outcome) => isUnchanged(outcome, context));
  return [
    ...findings.map((finding) => blockOfFinding('needs-a-person', RANK.person, finding)),
    ...keys.filter((outcome) => !isOld([outcome])).map((outcome) => stillNeeded(outcome, context)),
    ...users.filter((own) => !isOld(own)).map((own) => blocked(own, context)),
    ...keys.filter((outcome) => isOld([outcome])).map((outcome) => inOneLine([outcome], context)),
    ...users.filter(isOld).map((own) => inOneLine(own, context)),
  ];
}

function stillNeeded(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const { key, userName } = decision;
  const other = otherActiveKey(decision, context);
  const newKey = other === undefined ? 'its replacement' : clean(other.id);
  const lines = item(`${describeUser(decision)}: ${clean(key.id)} ${whyNeeded(decision, other)}`, [
    deadlineOf(decision, context),
    describeAdoption(decision),
    ...keyList([key, ...(other === undefined ? [] : [other])], context),
    ...describeReplacementLocation(userName, other, context),
    `Find what uses it and move it to ${newKey}:`,
    command(lastUseOf(nameInCommand(key.id))),
  ]);
  const block = { rank: RANK.person, entries: [entryOf('needs-a-person', outcome)], lines };
  return inFull(block, [outcome], context);
}

/** A key of which neither side was used since the delivery can have a deadline, too. */
const whyNeeded = ({ key, adoption }: Decision, replacement: AccessKey | undefined): string =>
  adoption?.state === 'not-adopted' && replacement !== undefined && !touched(key, replacement)
    ? 'was replaced, and nobody has used either key since'
    : 'is STILL IN USE although it was replaced';

function deadlineOf({ dueAt, notice }: Decision, { mode }: DigestContext): string {
  if (!givesNotices(mode)) return `Mode ${mode} does not deactivate it.`;
  const from =
    notice?.about === 'replaced' ? `from ${dayOf(notice.date)} on once its owner has moved` : undefined;
  const last = notice?.about === 'deadline' ? notice.date : (notice?.inAnyCase ?? dueAt);
  if (last === undefined) {
    return `It stays active until nobody uses it${from === undefined ? '' : `: it is deactivated ${from}`}.`;
  }
  return `IT IS DEACTIVATED ON ${dayOf(last)} IN ANY CASE${from === undefined ? '' : `, and ${from}`}; what still uses it fails from then on.`;
}

function blocked(outcomes: readonly Outcome[], context: DigestContext): Block {
  const entries = outcomes.map((outcome) => entryOf('needs-a-person', outcome));
  const [first] = outcomes.map(({ decision }) => decision);
  if (first === undefined) return { rank: RANK.person, entries, lines: [] };
  const lines = item(`${describeUser(first)}: ${blockedHeadline(first)}`, [
    ...keyList(keysOf(first, context), context),
    ...blockedSteps(first, context),
  ]);
  return inFull({ rank: RANK.person, entries, lines }, outcomes, context);
}

function inOneLine(outcomes: readonly Outcome[], context: DigestContext): Block {
  const entries = outcomes.map((outcome) => entryOf('needs-a-person', outcome));
  const [first] = outcomes;
  if (first === undefined) return { rank: RANK.person, entries, lines: [] };
  const { decision } = first;
  const what =
    decision.action === 'blocked'
      ? blockedHeadline(decision)
      : `${clean(decision.key.id)} ${whyNeeded(decision, otherActiveKey(decision, context))}; it ${describeNotice(first, context)} (${describeLastUse(decision.key, context.now)})`;
  const block = {
    rank: RANK.person,
    group: 'As in an earlier digest, which says what to do:',
    entries,
    lines: wrap(`${describeUser(decision)}: ${what}`, '- ', '  '),
  };
  return unchanged(block, outcomes, context);
}

const keyList = (keys: readonly AccessKey[], { now }: DigestContext): readonly string[] =>
  keys.map((key) => {
    const use = key.lastUse.kind === 'unknown' ? '' : `, ${describeLastUse(key, now)}`;
    return `${clean(key.id)}: ${describeCreation(key, now)}${use}.`;
  });
