import { definedOnly } from '../../domain/defined-only.ts';
import type { Horizon } from '../../domain/report/unchanged.ts';
import type { Event, EventDetail, EventType } from '../../domain/report/event.ts';
import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import type { HistoryEntry, HistoryKind } from '../../domain/rotation/history.ts';
import { allows, givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import { days, type Instant } from '../../domain/time.ts';
import { modeOf } from '../common/account-mode.ts';
import { comingChange, hasFailed, needsPerson } from '../common/classify.ts';
import { cleanFacts } from '../common/key-facts.ts';
import { clean, nameInCommand } from '../common/sanitize.ts';
import { causeOf, isoOf, ownerField } from '../common/wording.ts';
import { whatFailed } from '../digest/failed.ts';

export interface EventContext {
  readonly runId: string;
  /** The mode of the run; used for an account only where its own settings aren't known. */
  readonly mode: Mode;
  /** The run's own time: everything was decided at this moment. */
  readonly now: Instant;
}

/** The events about an account, for other systems: what was done, what is due, and what needs a person. */
export function eventsOf(report: AccountReport, context: EventContext): readonly Event[] {
  const { account } = report;
  const about = {
    schemaVersion: 1,
    runId: clean(context.runId),
    mode: modeOf(report) ?? context.mode,
    accountId: clean(account.id),
    accountName: clean(account.name),
  } as const;
  const event = ({ type, ...rest }: News): Event => ({ type, detail: { ...about, ...rest } });
  switch (report.status) {
    case 'rotated':
      return newsOf(report, context.now).map(event);
    case 'unreachable': {
      const { failure } = report;
      const news = { reason: 'unreachable', message: causeOf(failure), nextStep: clean(failure.nextStep) };
      return [event({ type: 'Account Unreachable', ...news })];
    }
    default:
      return [];
  }
}

/** An event without what all events of an account have in common. */
type News = { readonly type: EventType } & Omit<
  EventDetail,
  'schemaVersion' | 'runId' | 'mode' | 'accountId' | 'accountName'
>;

function newsOf(report: RotatedAccount, now: Instant): readonly News[] {
  const { outcomes, gaps, findings, settings, recoveredEntries: recovered = [] } = report;
  const { mode, noticeBefore } = settings.values;
  const horizon = { now, noticeBefore: days(noticeBefore) };
  return [
    ...recovered.flatMap(doneBefore),
    ...outcomes.flatMap((outcome) => done(outcome, mode)),
    ...outcomes.flatMap((outcome) => coming(outcome, mode, horizon)),
    ...findings.filter(({ severity }) => severity === 'critical').map(criticalFinding),
    ...outcomes
      .filter((outcome) => needsPerson(outcome, now))
      .map((outcome): News => ({ type: NEEDED, ...subjectOf(outcome, mode) })),
    ...outcomes.flatMap((outcome) => failed(outcome, mode)),
    ...gaps.map(leftOut),
  ];
}

const NEEDED = 'Access Key Action Needed';

/** What falls due on a date; none in a mode that doesn't do it. */
function coming(outcome: Outcome, mode: Mode, horizon: Horizon): readonly News[] {
  const change = comingChange(outcome, horizon);
  if (change === undefined || !allows(mode, change)) return [];
  const type = change === 'delete' ? 'Access Key Deletion Due' : 'Access Key Deactivation Due';
  return [{ type, ...subjectOf(outcome, mode) }];
}

/**
 * The ids of the keys about which these events announce something: they name user, key and date. Where
 * notices count by events, it is once the event bus has accepted them.
 */
export const announcedBy = (events: readonly Event[]): ReadonlySet<string> =>
  new Set(
    events.flatMap(({ detail: { userName, accessKeyId, notice } }) =>
      userName === undefined || accessKeyId === undefined || notice === undefined ? [] : [accessKeyId],
    ),
  );

const DONE: Partial<Record<Action, EventType>> = {
  replace: 'Access Key Replaced',
  deactivate: 'Access Key Deactivated',
  delete: 'Access Key Deleted',
  restore: 'Access Key Restored',
};

function done(outcome: Outcome, mode: Mode): readonly News[] {
  const type = DONE[outcome.decision.action];
  if (outcome.status !== 'applied' || type === undefined) return [];
  const { replacement } = outcome;
  return [
    {
      type,
      ...subjectOf(outcome, mode),
      ...(replacement === undefined
        ? {}
        : {
            newAccessKeyId: nameInCommand(replacement.accessKeyId),
            secretName: nameInCommand(replacement.secretName),
          }),
      ...(replacement?.secretArn === undefined ? {} : { secretArn: nameInCommand(replacement.secretArn) }),
      ...(replacement?.sesRegion === undefined ? {} : { sesRegion: clean(replacement.sesRegion) }),
    },
  ];
}

const DONE_BEFORE: Partial<Record<HistoryKind, EventType>> = {
  replaced: 'Access Key Replaced',
  deactivated: 'Access Key Deactivated',
  deleted: 'Access Key Deleted',
  restored: 'Access Key Restored',
};

/** What an earlier run did without reporting it: its event comes with this run. */
function doneBefore(entry: HistoryEntry): readonly News[] {
  const type = DONE_BEFORE[entry.what];
  if (type === undefined) return [];
  const { userName, accessKeyId, newAccessKeyId, secretName, reason, message } = entry;
  const isArn = secretName?.startsWith('arn:') === true;
  return [
    {
      type,
      ...(userName === undefined ? {} : { userName: nameInCommand(userName) }),
      ...(accessKeyId === undefined ? {} : { accessKeyId: nameInCommand(accessKeyId) }),
      ...(newAccessKeyId === undefined ? {} : { newAccessKeyId: nameInCommand(newAccessKeyId) }),
      ...(secretName === undefined
        ? {}
        : { [isArn ? 'secretArn' : 'secretName']: nameInCommand(secretName) }),
      reason,
      message: clean(message),
    },
  ];
}

function failed(outcome: Outcome, mode: Mode): readonly News[] {
  if (!hasFailed(outcome) || !('failure' in outcome)) return [];
  const { decision, failure, status } = outcome;
  const created = status === 'partial' ? outcome.createdKeyId : undefined;
  return [
    {
      type: NEEDED,
      ...subjectOf(outcome, mode),
      ...(created === undefined ? {} : { newAccessKeyId: nameInCommand(created) }),
      reason: status,
      message: clean(`${decision.key.id} ${whatFailed(outcome)}: ${causeOf(failure)}`),
      nextStep: clean(failure.nextStep),
    },
  ];
}

const leftOut = ({ userName, reason, failure }: Gap): News => ({
  type: NEEDED,
  userName: nameInCommand(userName),
  reason,
  message: causeOf(failure),
  nextStep: clean(failure.nextStep),
});

const criticalFinding = ({ severity, message, nextStep }: Finding): News => ({
  type: NEEDED,
  reason: severity,
  message: clean(message),
  ...(nextStep === undefined ? {} : { nextStep: clean(nextStep) }),
});

/** Whom it is about, and what was decided. */
function subjectOf(outcome: Outcome, mode: Mode): Omit<News, 'type'> {
  const { userName, userArn, owner, key, reason, message, dueAt } = outcome.decision;
  const { replacedBy, notice, ...facts } = cleanFacts(outcome);
  const announced = notice !== undefined && givesNotices(mode, notice.about) ? notice : undefined;
  return {
    userName: nameInCommand(userName),
    userArn: nameInCommand(userArn),
    ...ownerField(owner),
    accessKeyId: nameInCommand(key.id),
    ...(replacedBy === undefined ? {} : { newAccessKeyId: replacedBy }),
    ...facts,
    reason,
    message: clean(message),
    ...definedOnly({ dueAt: (dueAt === undefined ? undefined : isoOf(dueAt)) ?? announced?.date }),
    ...definedOnly({ notice: announced }),
  };
}
