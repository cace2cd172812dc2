import type { Failure } from '../errors.ts';
import type { Decision } from '../rotation/decision.ts';
import { givesNotices, type Mode, type Planned, type Readers } from '../rotation/limits.ts';
import { noticeGiven } from './notice-given.ts';
import type { Outcome } from './outcome.ts';
import type { Finding } from './run-report.ts';

/**
 * What to say of an account whose messages nobody receives while something rests on them: announcements
 * that don't count, and what is not done for want of them. Undefined where that isn't so.
 * @param topicArn the topic that the messages go to
 * @param mode that of the account: where it changes nothing, nothing rests on a message
 * @param failure why the readers are `unknown`, if a call failed
 */
export function nobodyReads(
  all: readonly (Planned | Outcome)[],
  readers: Readers,
  topicArn: string | undefined,
  mode: Mode = 'enforce',
  failure?: Failure,
): Finding | undefined {
  if (readers === 'somebody' || readers === 'events') return undefined;
  const held = all.filter(isHeldForReaders).length;
  const without = all.filter((one) => !isHeldForReaders(one) && announces(one, mode)).length;
  if (held + without === 0) return undefined;
  const topic = topicArn === undefined ? 'there is no topic' : `topic ${topicArn}`;
  const consequences = [
    ...(held === 0 ? [] : [`${steps(held)} held back`]),
    ...(without === 0 ? [] : [`${announcements(without)} without effect`]),
  ].join(', and ');
  return readers === 'nobody'
    ? {
        severity: 'critical',
        failsRun: true,
        message: `Nobody receives what is published about this account (${topicArn === undefined ? topic : `${topic} has no confirmed subscription that lets it through`}), so nobody would know: ${consequences}.`,
        nextStep:
          'Subscribe somebody, who then confirms it: access-key-rotation subscribe --email ADDRESS --all (or --account ID). Where programs heed the events instead, set noticesBy to events.',
      }
    : {
        severity: 'critical',
        failsRun: true,
        message: `Whether anybody receives what is published about this account (${topic}) ${whyUnknown(failure)}; that counts as nobody: ${consequences}.`,
        nextStep:
          failure?.nextStep ??
          'Subscribe somebody without a filter policy, or with one on accountId alone. Where programs heed the events instead, set noticesBy to events.',
      };
}

const whyUnknown = (failure: Failure | undefined): string =>
  failure === undefined
    ? 'does not follow from the filter policies of its subscriptions'
    : `could not be read (${failure.during}: ${failure.message})`;

const steps = (count: number): string => (count === 1 ? '1 step is' : `${count} steps are`);
const announcements = (count: number): string =>
  count === 1 ? '1 announcement is' : `${count} announcements are`;

const isHeldForReaders = (one: Planned | Outcome): boolean =>
  'status' in one ? one.status === 'held' && one.by === 'readers' : one.held?.by === 'readers';

/** A plan is not carried out yet: what it would announce is what the decision waits with. */
const announces = (one: Planned | Outcome, mode: Mode): boolean => {
  const notice = 'status' in one ? noticeGiven(one) : plannedNotice(one.decision, one.held !== undefined);
  return notice !== undefined && givesNotices(mode, notice.about);
};

const plannedNotice = ({ action, notice, noticeWhenDone }: Decision, held: boolean) =>
  held || action === 'wait' || action === 'blocked' ? notice : noticeWhenDone;
