import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { NoticeToGive } from '../../domain/rotation/notice.ts';
import { mayHaveLeaked as keyMayHaveLeaked } from '../../domain/rotation/predicates.ts';
import { clean } from '../common/sanitize.ts';
import { dayOf, isDone } from '../common/wording.ts';
import type { DigestContext } from './context.ts';

/** Switched off, or to be switched off, because it may have leaked: nobody is to switch it on again. */
export const mayHaveLeaked = ({ reason, key }: Decision): boolean =>
  reason === 'emergency' || keyMayHaveLeaked(key);

/**
 * What an outcome announces, with its dates, to stand behind the key: `is deactivated from 2026-03-11 on
 * unless it is used before`. Empty where it announces nothing.
 */
export function describeNotice(outcome: Outcome, { mode }: Pick<DigestContext, 'mode'>): string {
  const notice = noticeGiven(outcome);
  if (notice === undefined) return '';
  const { decision } = outcome;
  const date = dayOf(notice.date);
  const isDeactivated = isDone('deactivate', mode);
  switch (notice.about) {
    case 'unused':
    case 'least-recently-used':
      return `${isDeactivated} from ${date} on unless it is used before`;
    case 'deadline':
      return `${isDeactivated} on ${date} in any case`;
    case 'replaced': {
      const last = notice.inAnyCase === undefined ? '' : `, and on ${dayOf(notice.inAnyCase)} in any case`;
      const latest = notice.inAnyCase === undefined ? '' : ` (by ${dayOf(notice.inAnyCase)} at the latest)`;
      return decision.adoption?.state === 'moved'
        ? `${isDeactivated} from ${date} on${latest}, since everything uses${newKeyOf(outcome)} now`
        : `${isDeactivated} from ${date} on once everything uses${newKeyOf(outcome)}${last}`;
    }
    case 'delete':
      return describeDeletion(notice, decision, mode, outcome.status === 'applied');
  }
}

function describeDeletion(notice: NoticeToGive, decision: Decision, mode: Mode, isJustOff: boolean): string {
  const { dueAt } = decision;
  const date = dayOf(notice.date);
  const unless = mayHaveLeaked(decision) ? '' : ' unless it is switched on again';
  const later = !isJustOff && dueAt !== undefined && dueAt > notice.date ? dayOf(dueAt) : date;
  const needed = later === date ? '' : `, or from ${date} on if its place is needed`;
  return `${isDone('delete', mode)} from ${later} on${unless}${needed}`;
}

function newKeyOf(outcome: Outcome): string {
  const made = outcome.status === 'applied' ? outcome.replacement?.accessKeyId : undefined;
  const id = made ?? outcome.decision.adoption?.replacementId;
  return ` ${id === undefined ? 'its new key' : clean(id)}`;
}

/** When something was announced for that was not done: in a line that says why. Empty where the line has it. */
export function announcedFor(outcome: Outcome, line: string): string {
  const notice = noticeGiven(outcome);
  const date = notice === undefined ? '' : dayOf(notice.date);
  return line.includes(date) ? '' : `Announced for ${date}.`;
}
