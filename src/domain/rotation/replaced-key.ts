import { definedOnly } from '../defined-only.ts';
import { dateOf, latest, type Instant } from '../time.ts';
import type { Adoption } from './decision.ts';
import type { AccessKey, Delivery } from './key.ts';
import { lastNotice, noticeThatCounts, noticeToGive, type Notice, type NoticeToGive } from './notice.ts';
import type { Policy } from './policy.ts';
import { adopted, availableAt, lastUseUnknown, moved, replacementOf, touched, usedAt } from './predicates.ts';
import { describeLastUse, type Case, type Rule, type Verdict } from './rule.ts';

/* Rule A3: when a key goes that we have replaced. */

/** The dates of A3, as far as the facts and the settings give them. */
interface Dates {
  /** From when on the key goes once its owner has moved. */
  readonly earliest: Instant;
  /** When it goes although it is still needed. */
  readonly deadline: Instant;
}

interface Replaced extends Case {
  readonly replacement: AccessKey;
  readonly dates: Dates;
  readonly adoption: Adoption;
}

/**
 * A3. Make sure a replaced key goes only when its owner demonstrably works with the replacement, or
 * when it has been there for the whole deadline period and the date was announced.
 */
export const replaced: Rule = (subject) => {
  const { key, other, policy, now } = subject;
  const replacement = replacementOf(key, other);
  if (replacement === undefined) return undefined;
  const adoption = adoptionOf(key, replacement, policy, now);
  const one: Replaced = { ...subject, replacement, adoption, dates: datesOf(key, replacement, policy, now) };
  const verdict =
    factsMissing(one) ?? ownerHasMoved(one) ?? notAsDelivered(one) ?? notYetTaken(one) ?? stillNeeded(one);
  return { ...verdict, adoption };
};

function adoptionOf(key: AccessKey, replacement: AccessKey, policy: Policy, now: Instant): Adoption {
  const state = moved(key, replacement, policy, now)
    ? 'moved'
    : adopted(key, replacement)
      ? 'adopted'
      : 'not-adopted';
  return { replacementId: replacement.id, state };
}

function datesOf(key: AccessKey, replacement: AccessKey, policy: Policy, now: Instant): Dates {
  const there = availableAt(replacement);
  const { reactivatedAt } = key.memory;
  const sinceReactivated = reactivatedAt === undefined ? undefined : reactivatedAt + policy.adoptionGrace;
  return {
    earliest: latest(
      key.createdAt + policy.deactivateAfter,
      there + policy.adoptionGrace,
      sinceReactivated,
      replacedNotice(key, replacement, now)?.date,
    ),
    deadline: latest(key.createdAt + policy.deleteAfter, there + policy.deadlineGrace, sinceReactivated),
  };
}

/** One given before this replacement was there announced something else. */
const replacedNotice = (key: AccessKey, replacement: AccessKey, now: Instant): Notice | undefined =>
  noticeThatCounts(key, 'replaced', availableAt(replacement), now);

const factsMissing = ({ key, replacement }: Replaced): Verdict | undefined => {
  const unknown = [key, replacement].find(lastUseUnknown);
  return unknown === undefined
    ? undefined
    : {
        action: 'wait',
        reason: 'last-use-unknown',
        message: `${replacement.id} is its replacement, but the last use of ${unknown.id} could not be read; nothing is done on a guess.`,
      };
};

/** It rests on no notice: the owner has shown that the replacement is known and works. */
const ownerHasMoved = (one: Replaced): Verdict | undefined => {
  const { key, replacement, adoption, dates, now } = one;
  if (adoption.state !== 'moved') return undefined;
  const { earliest } = dates;
  return now < earliest
    ? {
        action: 'wait',
        reason: 'moved-grace',
        message: `Its owner has moved to ${replacement.id}; it is deactivated from ${dateOf(earliest)} on.`,
        dueAt: earliest,
        // Repeated, so that the date people were told stands.
        notice: replacedAgain(one, { date: earliest }),
      }
    : {
        action: 'deactivate',
        reason: 'moved',
        message: `Its owner has moved to ${replacement.id} (this one ${describeLastUse(key, now)}, the new one ${describeLastUse(replacement, now)}).`,
        dueAt: now,
      };
};

/**
 * What was announced rested on the delivery; once that is put right, its owner gets a whole grace. That is
 * so whatever else is decided about the key while the secret does not hold its replacement.
 */
export function voidWhereNotAsDelivered(
  key: AccessKey,
  other: AccessKey | undefined,
  now: Instant,
): Pick<Verdict, 'observation'> {
  const { notices = [] } = key.memory;
  const replacement = replacementOf(key, other);
  // Who works with it needs no secret.
  if (replacement === undefined || adopted(key, replacement)) return {};
  const { delivery = 'unknown' } = replacement;
  return notices.length > 0 && delivery !== 'current' && delivery !== 'unknown'
    ? { observation: { kind: 'notices-void', at: now } }
    : {};
}

const NOT_AS_DELIVERED: Record<Exclude<Delivery, 'current' | 'unknown'>, string> = {
  superseded: 'the secret holds another value by now: put the new key back, or ask who changed it',
  deleting: 'the secret is scheduled for deletion: restore it, or ask who deleted it',
  gone: 'the secret is gone',
};

/** Make sure nobody has to move to a key that its secret does not hold any more. */
const notAsDelivered = ({ replacement, adoption }: Replaced): Verdict | undefined => {
  const { delivery = 'unknown', id } = replacement;
  if (adoption.state !== 'not-adopted' || delivery === 'current') return undefined;
  return delivery === 'unknown'
    ? {
        action: 'wait',
        reason: 'delivery-unknown',
        message: `${id} is its replacement, but whether the secret still holds it could not be read; nothing is done on a guess.`,
      }
    : {
        action: 'blocked',
        reason: 'delivery-void',
        message: `It stays active: ${id} was delivered as its replacement, but ${NOT_AS_DELIVERED[delivery]}.`,
      };
};

/**
 * Whether the key was used since its replacement is there and its owner was told of it. What was announced is
 * void while the secret is away: then what used the key could not move, and is told anew.
 */
function hadTheChance({ key, replacement }: Replaced): boolean {
  const there = availableAt(replacement);
  const told = (['replaced', 'deadline'] as const)
    .map((about) => lastNotice(key, about)?.firstAt ?? -Infinity)
    .filter((firstAt) => firstAt >= there);
  return usedAt(key) > Math.min(...told);
}

/** Neither key was used since the delivery, so nobody had a chance to move yet. */
const notYetTaken = (one: Replaced): Verdict | undefined => {
  const { key, replacement, adoption, policy, dates } = one;
  if (adoption.state !== 'not-adopted' || touched(key, replacement)) return undefined;
  if (policy.whenNotAdopted === 'deactivate' && policy.whenStillInUse === 'deactivate') {
    return byDeadline(one, 'not-adopted', `Nobody has used it or ${replacement.id} since that was delivered`);
  }
  return {
    action: 'wait',
    reason: 'not-adopted',
    message: `Nobody has used it or ${replacement.id} since that was delivered; it waits until one of them is used.`,
    notice: replacedAgain(one, { date: dates.earliest }),
  };
};

const stillNeeded = (one: Replaced): Verdict => {
  const { key, replacement, adoption, policy, now, dates } = one;
  const why = `STILL IN USE (${describeLastUse(key, now)}) although ${replacement.id} replaces it`;
  // What was not used since its owner was told had no chance to move: that has no deadline.
  const hadChance = hadTheChance(one) || policy.whenNotAdopted === 'deactivate';
  if (policy.whenStillInUse === 'wait' || !hadChance) {
    return {
      action: 'wait',
      reason: 'still-needed',
      message: `${adoption.state === 'adopted' && !touched(key, replacement) ? `Used until a short while ago (${describeLastUse(key, now)}); ${replacement.id} replaces it` : why}; it stays active until nobody uses it${policy.whenStillInUse === 'deactivate' && touched(key, replacement) ? ', or uses it after this is announced' : ''}.`,
      notice: replacedAgain(one, { date: dates.earliest }),
    };
  }
  return byDeadline(one, 'still-needed', why);
};

/** The deadline: announced a whole grace before, and not before any date that people were told. */
function byDeadline(one: Replaced, before: 'not-adopted' | 'still-needed', why: string): Verdict {
  const { key, replacement, policy, now, dates } = one;
  const there = availableAt(replacement);
  const counting = noticeThatCounts(key, 'deadline', there, now);
  const wanted = latest(dates.deadline, replacedNotice(key, replacement, now)?.inAnyCase);
  const message = (date: Instant) => `${why}; it is deactivated on ${dateOf(date)} in any case.`;
  if (now < wanted - policy.adoptionGrace) {
    return {
      action: 'wait',
      reason: before,
      message: message(wanted),
      dueAt: wanted,
      notice: replacedAgain(one, { date: dates.earliest, inAnyCase: wanted }),
    };
  }
  const notice = noticeToGive('deadline', counting, wanted, policy.adoptionGrace, now);
  if (counting === undefined || now < notice.date) {
    const reason = counting === undefined ? 'deadline-notice' : 'deadline-grace';
    return { action: 'wait', reason, message: message(notice.date), dueAt: notice.date, notice };
  }
  return {
    action: 'deactivate',
    reason: 'deadline',
    message: `${why}; the date announced for it, ${dateOf(notice.date)}, has come.`,
    dueAt: now,
    notice,
    restsOnNotice: true,
  };
}

function replacedAgain(
  { key, replacement, now }: Replaced,
  dates: Pick<NoticeToGive, 'date' | 'inAnyCase'>,
): NoticeToGive {
  const before = replacedNotice(key, replacement, now);
  // A date in any case that was promised stands, also while none would be named today.
  const inAnyCase = dates.inAnyCase ?? before?.inAnyCase;
  return { about: 'replaced', ...dates, ...definedOnly({ inAnyCase, firstAt: before?.firstAt }) };
}

/** What the digest announces about a key that is replaced now. */
export const noticeOfReplacing = (key: AccessKey, policy: Policy, now: Instant): NoticeToGive => ({
  about: 'replaced',
  date: latest(key.createdAt + policy.deactivateAfter, now + policy.adoptionGrace),
  ...(policy.whenStillInUse === 'deactivate'
    ? { inAnyCase: latest(key.createdAt + policy.deleteAfter, now + policy.deadlineGrace) }
    : {}),
});
