import type { Failure } from '../../domain/errors.ts';
import type { Action, Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { allows, type Mode } from '../../domain/rotation/limits.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { clean, nameOr, sentence } from './sanitize.ts';

/** The moment in ISO 8601; undefined for one that no calendar has. */
export function isoOf(instant: Instant): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The day in UTC: `2026-03-01`. Unlike `dateOf` of the domain it doesn't throw where there is none. */
export const dayOf = (instant: Instant): string => isoOf(instant)?.slice(0, 10) ?? 'an unknown date';

/** The minute in UTC: `2026-03-01 04:00`. */
export const minuteOf = (instant: Instant): string =>
  isoOf(instant)?.slice(0, 16).replace('T', ' ') ?? 'an unknown time';

/** `1,234`. */
export const number = (count: number): string => count.toLocaleString('en-US');

/** `1 key`, `1,234 keys`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `Payments (111122223333)`. */
export const describeAccount = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  `${nameOr(name, 'unnamed account')} (${clean(id, 20)})`;

/** Of an organizational unit or a root. */
export const describeUnit = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  id === '' ? 'not known' : name === id ? clean(id) : `${clean(name)} (${clean(id)})`;

/** Longest value of an IAM tag, which is where owners come from. */
const LONGEST_OWNER = 256;

export const describeOwner = (owner: string): string => clean(owner, LONGEST_OWNER);

/** For machines; left out where nobody is named. */
export function ownerField(owner = ''): { readonly owner?: string } {
  const named = describeOwner(owner);
  return named === '' ? {} : { owner: named };
}

/** `alice (owner: team-payments)`, or just `alice` where nobody is named. */
export function describeUser({ userName, owner = '' }: Pick<Decision, 'userName' | 'owner'>): string {
  const named = describeOwner(owner);
  return `${clean(userName)}${named === '' ? '' : ` (owner: ${named})`}`;
}

/** The call that failed and what it answered. */
export const causeOf = ({ during, message }: Failure): string => clean(`${during}: ${message}`);

/** When a key was created and how old it is, where that can be said: `created 2025-10-01 (151 days)`. */
export const describeCreation = ({ createdAt }: AccessKey, now: Instant): string =>
  isoOf(createdAt) === undefined
    ? 'created on an unknown date'
    : `created ${dayOf(createdAt)} (${counted(wholeDays(createdAt, now), 'day')})`;

export type Change = Extract<Action, 'replace' | 'restore' | 'deactivate' | 'delete'>;

const DONE: Partial<Record<Action, string>> = {
  replace: 'replaced',
  restore: 'restored',
  deactivate: 'deactivated',
  delete: 'deleted',
};

/** `replaced`. */
export const done = (action: Action): string => DONE[action] ?? 'changed';

/** `is replaced`, or `would be replaced` where the mode won't do it. */
export const isDone = (change: Change, mode: Mode): string =>
  `${allows(mode, change) ? 'is' : 'would be'} ${done(change)}`;

/** What a person can do about a failure, as a paragraph of its own; empty when nobody said. */
export const describeNext = (nextStep: string | undefined): string => {
  const step = clean(nextStep ?? '');
  if (step === '' || /^nothing to do/i.test(step)) return sentence(step);
  return `What to do: ${sentence(step)}`;
};
