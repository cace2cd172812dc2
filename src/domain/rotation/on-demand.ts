import { definedOnly } from '../defined-only.ts';
import { noticeOfDeletion } from './decide.ts';
import type { Decision } from './decision.ts';
import { isActive, type AccessKey, type UserKeys } from './key.ts';
import { INACTIVE_KEY_RULES } from './inactive-key.ts';
import { noticeThatCounts } from './notice.ts';
import type { Policy } from './policy.ts';
import { mayHaveLeaked, replaces, usedAt } from './predicates.ts';
import { noticeOfReplacing } from './replaced-key.ts';
import { dateOf, latest, type Instant } from '../time.ts';
import { describeLastUse, firstVerdict } from './rule.ts';

/* What a person asks for by name, as decisions. Modes, limits and exemptions don't count: they are
   about what happens by itself. The two-key limit and the recovery grace do. */

export interface OnDemandReplacement {
  /** Which of the user's keys; required where two are active. */
  readonly accessKeyId?: string;
  readonly reason: string;
  /** A planned replacement: the old key stays on and goes its ordinary way. */
  readonly leaveActive: boolean;
}

/** Decisions in the order in which they are to be carried out, or what speaks against them. */
export type OnDemandPlan =
  { readonly decisions: readonly Decision[] } | { readonly problem: string; readonly nextStep: string };

const no = (problem: string, nextStep: string): OnDemandPlan => ({ problem, nextStep });

/** Replace a key now, and unless it is to stay active, switch it off once the new one is delivered. */
export function replaceOnDemand(
  user: UserKeys,
  asked: OnDemandReplacement,
  policy: Policy,
  now: Instant,
): OnDemandPlan {
  const chosen = choose(user, asked.accessKeyId, now);
  if ('problem' in chosen) return chosen;
  const { key } = chosen;
  if (key.signsThisRun === true && !asked.leaveActive) {
    return no(
      `this run is signed with ${key.id}, so it can't switch that off`,
      'Run it from elsewhere, with a role for instance; or with --leave-active, and switch the old key off from elsewhere.',
    );
  }
  const other = user.keys.find(({ id }) => id !== key.id);
  const make = decisionMaker(user, policy, asked.leaveActive ? 'by-hand' : 'emergency', now);
  const replace = {
    ...make('replace', key, `Asked for: ${asked.reason}`),
    ...(asked.leaveActive ? { noticeWhenDone: noticeOfReplacing(key, policy, now) } : {}),
  };
  const off = asked.leaveActive
    ? []
    : [
        {
          ...make('deactivate', key, `Asked for, and its replacement is there: ${asked.reason}`),
          noticeWhenDone: noticeOfDeletion(policy, now),
        },
      ];

  if (other === undefined) return { decisions: [replace, ...off] };
  if (!isActive(other)) {
    const kept = whyKept(user, other, key, policy, now);
    return kept === undefined
      ? {
          decisions: [
            make('delete', other, `Inactive for the whole grace, and its place is needed.`),
            replace,
            ...off,
          ],
        }
      : kept;
  }
  if (!replaces(other, key)) {
    return no(
      `both places are taken: ${other.id} (${describeLastUse(other, now)}) is active too, and IAM allows two keys`,
      `Move what uses ${other.id} to ${key.id} and delete ${other.id}; or, if ${key.id} has leaked, switch it off by hand: aws iam update-access-key --user-name ${user.userName} --access-key-id ${key.id} --status Inactive`,
    );
  }
  return off.length > 0
    ? { decisions: off }
    : no(`${key.id} has a replacement already: ${other.id}`, 'Nothing to do: it goes its ordinary way.');
}

function choose(
  { userName, keys }: UserKeys,
  accessKeyId: string | undefined,
  now: Instant,
): { readonly key: AccessKey } | Extract<OnDemandPlan, { readonly problem: string }> {
  const named = (key: AccessKey) => `${key.id} (${key.status}, ${describeLastUse(key, now)})`;
  const there = keys.length === 0 ? 'it has no access key' : `it has ${keys.map(named).join(' and ')}`;
  if (accessKeyId !== undefined) {
    const key = keys.find(({ id }) => id === accessKeyId);
    if (key === undefined)
      return {
        problem: `${userName} has no key ${accessKeyId}; ${there}`,
        nextStep: 'Check --key and --user.',
      };
    if (!isActive(key)) return { problem: `${accessKeyId} is inactive already`, nextStep: 'Nothing to do.' };
    return { key };
  }
  const [key, ...more] = keys.filter(isActive);
  if (key === undefined)
    return { problem: `${userName} has no active key; ${there}`, nextStep: 'Nothing to do.' };
  return more.length === 0
    ? { key }
    : { problem: `${userName} has two active keys; ${there}`, nextStep: 'Say which one with --key.' };
}

/**
 * An inactive key in the way goes only as it always does: when its grace is over, its deletion was announced
 * and its date has come, and nothing says that a person must decide. Until then it can be restored.
 */
function whyKept(
  user: UserKeys,
  key: AccessKey,
  other: AccessKey,
  policy: Policy,
  now: Instant,
): OnDemandPlan | undefined {
  const verdict = firstVerdict(INACTIVE_KEY_RULES, { user, key, other, policy, now });
  const since = latest(key.memory.inactiveSince);
  const announced = noticeThatCounts(key, 'delete', since, now);
  const asAlways = verdict.action === 'delete' || verdict.reason === 'not-old-enough-to-delete';
  const known = key.lastUse.kind !== 'unknown' && usedAt(key) <= since;
  if (asAlways && known && announced !== undefined && now >= announced.date) return undefined;
  const freeFrom = announced?.date ?? since + policy.recoveryGrace;
  const until = known && now < freeFrom ? ` until ${dateOf(freeFrom)}` : '';
  const why = verdict.action === 'blocked' ? `: ${verdict.message}` : until;
  return no(
    mayHaveLeaked(key)
      ? `${key.id}, which is inactive and was replaced in an emergency, takes the second place${why}`
      : `${key.id}, which is inactive, takes the second place and can still be switched on again${why}`,
    `If nobody needs it, delete it by hand and run this again: aws iam delete-access-key --access-key-id ${key.id} --user-name ${user.userName}`,
  );
}

/** Switch a key on again that was switched off; its graces start anew. */
export function restoreOnDemand(
  user: UserKeys,
  accessKeyId: string,
  reason: string,
  policy: Policy,
  now: Instant,
): OnDemandPlan {
  const key = user.keys.find(({ id }) => id === accessKeyId);
  if (key === undefined)
    return no(`${user.userName} has no key ${accessKeyId}`, 'A deleted key can not come back; check --key.');
  if (isActive(key)) return no(`${accessKeyId} is active already`, 'Nothing to do.');
  return {
    decisions: [decisionMaker(user, policy, 'restored', now)('restore', key, `Asked for: ${reason}`)],
  };
}

const decisionMaker =
  (
    { userName, userArn, userId, owner }: UserKeys,
    policy: Policy,
    reason: Decision['reason'],
    now: Instant,
  ) =>
  (action: Decision['action'], key: AccessKey, message: string): Decision => ({
    action,
    userName,
    userArn,
    userId,
    key,
    ...definedOnly({ owner }),
    policy,
    reason,
    message,
    dueAt: now,
  });

/** What a person was shown of a decision, as far as it must still be so when it is carried out. */
export interface ShownStep {
  readonly action: Decision['action'];
  readonly accessKeyId: string;
}

export const shownSteps = (decisions: readonly Decision[]): readonly ShownStep[] =>
  decisions.map(({ action, key }) => ({ action, accessKeyId: key.id }));

/** Whether what would be done now is what was shown, in the same order. */
export const isAsShown = (decisions: readonly Decision[], shown: readonly ShownStep[]): boolean =>
  decisions.length === shown.length &&
  shownSteps(decisions).every(
    ({ action, accessKeyId }, index) =>
      shown[index]?.action === action && shown[index].accessKeyId === accessKeyId,
  );
