import type { StepCounts } from '../../domain/report/overview-coming.ts';
import type { ListName } from '../../domain/report/overview-lists.ts';
import type { Numbers, Overview } from '../../domain/report/overview.ts';
import type { OverviewKey } from '../../domain/report/overview-keys.ts';
import type { NextStep } from '../../domain/report/stored-run.ts';
import { clean, sentence } from '../common/sanitize.ts';
import { dayOf, number } from '../common/wording.ts';

/* The words that every form of the overview uses. */

export const AGES = {
  young: 'young: nothing to do yet',
  due: 'due: past rotateAfter',
  late: 'late: past deactivateAfter',
  over: 'over the limit: past deleteAfter',
  unknown: 'of unknown age or policy',
  inactive: 'switched off',
} as const;

export const LIST_TITLES: Readonly<Record<ListName, string>> = {
  overLimit: 'Over the limit: active, and older than deleteAfter',
  needsPerson: 'Need a person',
  failed: 'Failed',
  notMoved: 'Replaced, and not moved yet',
  twoKeys: 'Two active keys, neither made to replace the other',
  underWay: 'Two active keys, rotation under way',
  unused: 'Unused',
  exempt: 'Exempt',
};

const STEP_TITLES: Readonly<Record<NextStep['what'], string>> = {
  replace: 'replaced',
  deactivate: 'deactivated',
  delete: 'deleted',
  person: 'need a person',
  'exemption-ends': 'exemptions end',
};

/** `5 replaced, 2 deleted`. */
export function describeSteps(steps: StepCounts): string {
  const parts = (Object.keys(STEP_TITLES) as readonly NextStep['what'][])
    .filter((what) => steps[what] > 0)
    .map((what) => `${number(steps[what])} ${STEP_TITLES[what]}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** `+3`, `-1`; empty where nothing has changed, or there is nothing to compare with. */
export function changeOf({ change }: Overview, name: keyof Numbers): string {
  const by = change === undefined ? 0 : change.after[name] - change.before[name];
  return by === 0 ? '' : by > 0 ? `+${number(by)}` : `-${number(-by)}`;
}

/** What is to be known of a key in a list: since when, until when, why, and what comes next. */
export function describeKey(list: ListName, key: OverviewKey): string {
  const parts = [
    ...(list === 'overLimit' && key.since !== undefined ? [`Since ${dayOf(key.since)}.`] : []),
    ...(list === 'exempt' && key.next?.at !== undefined ? [`Until ${dayOf(key.next.at)}.`] : []),
    ...(key.owner === undefined ? [] : [sentence(`Owner: ${clean(key.owner)}`)]),
    ...(key.replacedBy === undefined ? [] : [`Replaced by ${clean(key.replacedBy)}.`]),
    sentence(clean(key.message)),
    ...(key.cause === undefined ? [] : [sentence(clean(key.cause))]),
    ...nextOf(key),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function nextOf({ next }: OverviewKey): readonly string[] {
  if (next === undefined || next.what === 'exemption-ends') return [];
  const what = next.what === 'person' ? 'A person decides' : `Next: ${next.what}`;
  return [next.at === undefined ? `${what}.` : `${what}, from ${dayOf(next.at)} on.`];
}

/** How many of a list are shown; the rest is in the CSV. */
export const SHOWN = 10;

const WHOLE_LISTS = 'access-key-rotation overview --csv';

/** `and 7 more: ...`; empty where all are shown. */
export const describeMore = (count: number, command = WHOLE_LISTS): string =>
  count <= SHOWN ? '' : `and ${number(count - SHOWN)} more: ${command}`;
