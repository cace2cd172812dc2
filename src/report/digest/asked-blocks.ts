import { definedOnly } from '../../domain/defined-only.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import type { Instant } from '../../domain/time.ts';
import { needsPerson } from '../common/classify.ts';
import { ascending, groupBy, whichKey } from '../common/order.ts';
import { clean, wrap } from '../common/sanitize.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { describeUser, isoOf } from '../common/wording.ts';
import { entryOf, item, RANK, type Block, type SectionName, type TaskItem } from '../message/block.ts';
import { describeNotice } from './announcement.ts';
import { lastDateOf, whatIsAsked, type Asked } from './asked.ts';
import { byWhen, moveItem } from './asked-move.ts';
import { switchOnItem, useItem } from './asked-use.ts';
import { blockedHeadline, chooseItem } from './blocked.ts';
import type { DigestContext } from './context.ts';
import { waitsByItself } from './held.ts';
import { jsonRecentUse } from './recent-use.ts';
import { inFull, unchanged } from './telling.ts';

/** A thing to do, with all the keys it is about. */
interface Task {
  readonly asked: Asked;
  /** The first one is what it is about. */
  readonly outcomes: readonly [Outcome, ...Outcome[]];
  readonly lastDate: Instant | undefined;
}

/**
 * What the owners of keys are asked to do: a user's things together, the earliest last date first. What the last
 * digest has told in full takes one line, below the others.
 */
export function askedBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const tasks = tasksOf(outcomes, context);
  const byUser = [...groupBy(tasks, ({ outcomes: [first] }) => first.decision.userName).values()];
  const sorted = byUser
    .map((own) => [...own].sort(earlier))
    .sort(([one], [two]) => ascending(dateOf(one), dateOf(two)))
    .flat();
  const isOld = (task: Task) =>
    task.outcomes.every((outcome) => waitsByItself(outcome) && isUnchanged(outcome, context));
  return [
    ...sorted.filter((task) => !isOld(task)).map((task) => told(task, context)),
    ...sorted.filter(isOld).map((task) => inOneLine(task, context)),
  ];
}

const dateOf = (task: Task | undefined): number => task?.lastDate ?? Infinity;
const earlier = (one: Task, two: Task): number => ascending(dateOf(one), dateOf(two));

function tasksOf(outcomes: readonly Outcome[], context: DigestContext): readonly Task[] {
  const found = outcomes.flatMap((outcome) => {
    const asked = whatIsAsked(outcome, context);
    return asked === undefined ? [] : [{ asked, outcome }];
  });
  const switchedOff = groupBy(switchedOffWithReplacement(outcomes), whichKey);
  // Both keys of a user can be in each other's way; that is one thing to solve.
  const groups = groupBy(found, ({ asked, outcome }) =>
    asked === 'choose' ? `choose for ${outcome.decision.userName}` : `${asked} ${whichKey(outcome)}`,
  );
  return [...groups.values()].flatMap((own): readonly Task[] => {
    const [first, ...rest] = own;
    if (first === undefined) return [];
    const lastDate = lastDateOf(first.outcome, context);
    const others = [
      ...rest.map(({ outcome }) => outcome),
      ...(switchedOff.get(whichKey(first.outcome)) ?? []),
    ];
    return [{ asked: first.asked, outcomes: [first.outcome, ...others], lastDate }];
  });
}

/** Emergencies: what was switched off by the same request that replaced it. One thing to read tells both. */
export function switchedOffWithReplacement(outcomes: readonly Outcome[]): ReadonlySet<Outcome> {
  const applied = (action: Action) =>
    outcomes.filter(({ status, decision }) => status === 'applied' && decision.action === action);
  const replaced = new Set(applied('replace').map(whichKey));
  return new Set(applied('deactivate').filter((outcome) => replaced.has(whichKey(outcome))));
}

function told(task: Task, context: DigestContext): Block {
  const { what, otherwise, paragraphs } = itemOf(task, context);
  const lines = item(what, [otherwise, ...paragraphs]);
  return inFull(
    { rank: rankOf(task, context), entries: entriesOf(task, context), lines, task: { what, otherwise } },
    task.outcomes,
    context,
  );
}

function itemOf({ asked, outcomes, lastDate }: Task, context: DigestContext): TaskItem {
  const [first, second] = outcomes;
  switch (asked) {
    case 'move':
      return moveItem(first, second, lastDate, context);
    case 'use':
      return useItem(first, lastDate, context);
    case 'switch-on':
      return switchOnItem(first, lastDate, context);
    case 'choose':
      return chooseItem(first.decision, context);
  }
}

function rankOf({ asked, outcomes: [first] }: Task, { now }: DigestContext): number {
  if (needsPerson(first, now)) return RANK.person;
  if (asked === 'move') return first.status === 'applied' ? RANK.replacement : RANK.notice;
  return asked === 'use' ? RANK.notice : RANK.switchedOff;
}

/** For machines it stands where it stood before there was anything like `asked`. */
const sectionOf = (outcome: Outcome, now: Instant): SectionName =>
  outcome.status === 'held'
    ? 'held-back'
    : outcome.status === 'applied'
      ? 'done'
      : needsPerson(outcome, now)
        ? 'needs-a-person'
        : 'will-happen';

function entriesOf({ outcomes, lastDate }: Task, context: DigestContext): Block['entries'] {
  const date = lastDate === undefined ? undefined : isoOf(lastDate);
  return outcomes.map((outcome) => ({
    ...entryOf(sectionOf(outcome, context.now), outcome),
    ...definedOnly({ recentUse: jsonRecentUse(context.recentUse.get(outcome.decision.key.id)) }),
    ...(context.mode === 'audit' && outcome.status !== 'applied'
      ? {}
      : { asked: true as const, ...(date === undefined ? {} : { lastDate: date }) }),
  }));
}

function inOneLine(task: Task, context: DigestContext): Block {
  const { asked, lastDate } = task;
  const [first] = task.outcomes;
  const { decision } = first;
  const what =
    asked === 'choose'
      ? blockedHeadline(decision)
      : `${clean(decision.key.id)} ${describeNotice(first, context)} (${describeLastUse(decision.key, context.now)})`;
  return unchanged(
    {
      rank: rankOf(task, context),
      group: 'As in an earlier mail, which says what to do:',
      entries: entriesOf(task, context),
      lines: wrap(`${byWhen(lastDate, context)}${describeUser(decision)}: ${what}`, '- ', '  '),
    },
    task.outcomes,
    context,
  );
}
