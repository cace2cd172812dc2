import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { ascending, byDueDate, groupBy } from '../common/order.ts';
import { clean, nameInCommand } from '../common/sanitize.ts';
import { lastUseOf, switchKey } from '../common/shell.ts';
import { describeCreation, dayOf, describeUser } from '../common/wording.ts';
import { blockOfFinding, command, entryOf, item, RANK, type Block, type Command } from '../message/block.ts';
import { keysOf, otherActiveKey, type DigestContext } from './context.ts';
import { describeReplacementLocation } from './secret-location.ts';

/** What waits for a person: findings, then keys that are still in use, then users that are blocked. */
export function blocksForPeople(
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  context: DigestContext,
): readonly Block[] {
  const inUse = outcomes.filter(({ decision }) => decision.reason === 'replaced-still-in-use');
  const others = outcomes.filter(({ decision }) => decision.reason !== 'replaced-still-in-use');
  return [
    ...findings.map((finding) => blockOfFinding('needs-a-person', RANK.person, finding)),
    ...[...inUse].sort(byDueDate).map((outcome) => stillInUse(outcome, context)),
    // Both keys of a user can be blocked by each other; that is one thing to solve.
    ...[...groupBy(others, ({ decision }) => decision.userName).values()].map((own) => blocked(own, context)),
  ];
}

function stillInUse(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const { key, userName, dueAt } = decision;
  const other = otherActiveKey(decision, context);
  const newKey = other === undefined ? 'its replacement' : clean(other.id);
  const deadline = !givesNotices(context.mode)
    ? `Mode ${context.mode} does not deactivate it.`
    : dueAt === undefined
      ? 'It stays active until nobody uses it.'
      : `IT IS DEACTIVATED ON ${dayOf(dueAt)} IN ANY CASE; what still uses it fails from then on.`;
  return {
    rank: RANK.person,
    entries: [entryOf('needs-a-person', outcome)],
    lines: item(`${describeUser(decision)}: ${clean(key.id)} is STILL IN USE although it was replaced`, [
      deadline,
      ...keyList([key, ...(other === undefined ? [] : [other])], context),
      ...describeReplacementLocation(userName, other, context),
      `Find what uses it and move it to ${newKey}:`,
      command(lastUseOf(nameInCommand(key.id))),
    ]),
  };
}

function blocked(outcomes: readonly Outcome[], context: DigestContext): Block {
  const decisions = outcomes.map(({ decision }) => decision);
  const entries = outcomes.map((outcome) => entryOf('needs-a-person', outcome));
  const [first] = decisions;
  if (first === undefined) return { rank: RANK.person, entries, lines: [] };
  const keys = keysOf(first, context);
  const steps = first.reason === 'two-keys-in-use' ? choosing(first, keys) : [clean(first.message)];
  return {
    rank: RANK.person,
    entries,
    lines: item(`${describeUser(first)}: ${headlineOf(first)}`, [...keyList(keys, context), ...steps]),
  };
}

const headlineOf = ({ reason, key }: Decision): string =>
  reason === 'two-keys-in-use'
    ? 'both keys are in use, so there is no room for a replacement'
    : `${clean(key.id)} is blocked`;

/** How to get out of two keys in use; the key whose last use is oldest is the likelier one to give up. */
function choosing({ userName }: Decision, keys: readonly AccessKey[]): readonly (string | Command)[] {
  const name = nameInCommand(userName);
  return [
    'What to do: see what uses each key, and move all of it to one of them:',
    ...keys.map(({ id }) => command(lastUseOf(nameInCommand(id)))),
    'Then switch off the key that is left over; one of these, not both:',
    ...[...keys]
      .sort(leastUsedFirst)
      .map(({ id }) => command(switchKey(name, nameInCommand(id), 'Inactive'))),
    'Then there is room to replace the key that stays.',
  ];
}

const usedAt = ({ lastUse }: AccessKey): number => (lastUse.kind === 'used' ? lastUse.at : -Infinity);
const leastUsedFirst = (one: AccessKey, two: AccessKey): number => ascending(usedAt(one), usedAt(two));

const keyList = (keys: readonly AccessKey[], { now }: DigestContext): readonly string[] =>
  keys.map((key) => {
    const use = key.lastUse.kind === 'unknown' ? '' : `, ${describeLastUse(key, now)}`;
    return `${clean(key.id)}: ${describeCreation(key, now)}${use}.`;
  });
