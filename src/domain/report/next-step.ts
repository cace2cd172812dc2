import { CHANGING, type Decision, type Reason } from '../rotation/decision.ts';
import type { Instant } from '../time.ts';
import type { Outcome } from './outcome.ts';
import type { NextStep } from './stored-run.ts';

/* What happens to a key next. */

/** What a key that waits is waiting for. `retire`: it is switched off without a replacement. */
export const NEXT: Partial<Record<Reason, 'delete' | 'deactivate' | 'replace' | 'retire'>> = {
  'newly-inactive': 'delete',
  'used-after-deactivation': 'delete',
  'recovery-grace': 'delete',
  'deletion-notice': 'delete',
  'not-old-enough-to-delete': 'delete',
  'unused-notice': 'deactivate',
  'unused-grace': 'deactivate',
  'moved-grace': 'deactivate',
  'not-adopted': 'deactivate',
  'still-needed': 'deactivate',
  'deadline-notice': 'deactivate',
  'deadline-grace': 'deactivate',
  'least-recently-used-notice': 'deactivate',
  'least-recently-used-grace': 'deactivate',
  'slot-in-recovery': 'replace',
  'slot-being-freed': 'replace',
  'slot-held': 'replace',
  'two-keys-in-use': 'replace',
  'never-used': 'retire',
};

/** They have no date of their own: these wait for the owner. */
export const ONCE_MOVED: ReadonlySet<Reason> = new Set<Reason>(['not-adopted', 'still-needed']);

/** Their date is that from which on a person must choose. */
export const ASKS_FROM_THEN_ON: ReadonlySet<Reason> = new Set<Reason>(['slot-held', 'two-keys-in-use']);

/**
 * What happens to a key after a run, and from when on; undefined where nothing is planned.
 * @param now the moment that the run was about
 */
export function nextStepOf(outcome: Outcome, now: Instant): NextStep | undefined {
  const { decision, status } = outcome;
  switch (status) {
    case 'applied':
      return afterDone(decision);
    // What holds it back has no date, and what failed is tried again.
    case 'held':
    case 'failed':
    case 'partial':
      return changeOf(decision);
    case 'none':
      return upcoming(decision, now);
  }
}

function afterDone({ action, key, policy, noticeWhenDone }: Decision): NextStep | undefined {
  if (action === 'replace') return { what: 'deactivate', ...at(noticeWhenDone?.date) };
  if (action === 'deactivate') {
    return { what: 'delete', at: noticeWhenDone?.date ?? key.createdAt + policy.deleteAfter };
  }
  return undefined;
}

/** Switching on again is nothing that a run does by itself, so no run does it later. */
const changeOf = ({ action }: Decision): NextStep | undefined =>
  action === 'replace' || action === 'deactivate' || action === 'delete' ? { what: action } : undefined;

function upcoming(decision: Decision, now: Instant): NextStep | undefined {
  const { action, reason, dueAt } = decision;
  if (action === 'blocked') return { what: 'person' };
  if (CHANGING.has(action)) {
    const change = changeOf(decision);
    return change === undefined ? undefined : { ...change, at: now };
  }
  if (action === 'exempt') return dueAt === undefined ? undefined : { what: 'exemption-ends', at: dueAt };
  const next = NEXT[reason];
  if (next === undefined) {
    return action === 'keep' && dueAt !== undefined ? { what: 'replace', at: dueAt } : undefined;
  }
  if (ASKS_FROM_THEN_ON.has(reason) && dueAt !== undefined) return { what: 'person', at: dueAt };
  return { what: next === 'retire' ? 'deactivate' : next, ...at(dueAt) };
}

const at = (instant: Instant | undefined): Pick<NextStep, 'at'> =>
  instant === undefined ? {} : { at: instant };
