import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision, Reason } from '../../domain/rotation/decision.ts';
import { allows, givesNotices } from '../../domain/rotation/limits.ts';
import type { Instant } from '../../domain/time.ts';
import { newsOf } from '../common/classify.ts';
import { mayHaveLeaked } from './announcement.ts';
import type { DigestContext } from './context.ts';

/**
 * What the owner of a key is asked to do.
 * - `move`: put the new key to use.
 * - `use`: use a key that will go as unused or as the less used one of two, or let it go.
 * - `switch-on`: switch a key on again before it is deleted, if it is needed.
 * - `choose`: only a person who knows the workloads can say how to go on.
 */
export type Asked = 'move' | 'use' | 'switch-on' | 'choose';

/** What keeps a key from being rotated, and can be mended by who uses it. */
const FOR_THE_OWNER: ReadonlySet<Reason> = new Set<Reason>([
  'two-keys-in-use',
  'slot-held',
  'delivery-void',
  'used-after-notice',
  'switched-on-again',
]);

/** Undefined where its owner has nothing to do. In audit it is what would be asked. */
export function whatIsAsked(outcome: Outcome, context: DigestContext): Asked | undefined {
  const { status, decision } = outcome;
  const { action, reason } = decision;
  if (status === 'applied') {
    if (action === 'replace') return 'move';
    return action === 'deactivate' && reason !== 'moved' && !mayHaveLeaked(decision)
      ? 'switch-on'
      : undefined;
  }
  if (status === 'held') return outcome.by === 'mode' ? undefined : whileHeld(decision);
  const news = newsOf(outcome, context);
  if (news === 'person')
    return action !== 'blocked' ? 'move' : FOR_THE_OWNER.has(reason) ? 'choose' : undefined;
  return news === 'notice' ? askedByNotice(outcome, context) : undefined;
}

/** What a limit holds back for now comes with one of the next runs: nobody should hear of it too late. */
function whileHeld(decision: Decision): Asked | undefined {
  const { action, reason, key } = decision;
  if (mayHaveLeaked(decision)) return undefined;
  if (action === 'delete') return key.memory.deactivatedAs === 'moved' ? undefined : 'switch-on';
  return action === 'deactivate' ? WHILE_HELD[reason] : undefined;
}

const WHILE_HELD: Partial<Record<Reason, Asked>> = {
  deadline: 'move',
  unused: 'use',
  'least-recently-used': 'use',
};

function askedByNotice({ decision }: Outcome, { mode }: DigestContext): Asked | undefined {
  const { notice, adoption, key } = decision;
  switch (notice?.about) {
    case 'replaced':
    case 'deadline':
      return adoption?.state === 'moved' ? undefined : 'move';
    case 'unused':
    case 'least-recently-used':
      return givesNotices(mode) ? 'use' : undefined;
    case 'delete':
      return givesNotices(mode, 'delete') && !mayHaveLeaked(decision) && key.memory.deactivatedAs !== 'moved'
        ? 'switch-on'
        : undefined;
    default:
      return undefined;
  }
}

/** Switched off now, although its new key may not be in use yet. */
export const isAtItsDeadline = ({ status, decision }: Pick<Outcome, 'status' | 'decision'>): boolean =>
  status === 'applied' && decision.action === 'deactivate' && decision.reason === 'deadline';

/**
 * Until when it can be done; undefined where nothing happens on a date, or what happens is not for this mode
 * to do.
 */
export function lastDateOf(outcome: Outcome, { mode, now }: DigestContext): Instant | undefined {
  const { status, decision } = outcome;
  const { action, reason, notice, noticeWhenDone, dueAt } = decision;
  if (status === 'applied' && action === 'replace') {
    if (reason === 'emergency') return now;
    return allows(mode, 'deactivate') ? noticeWhenDone?.inAnyCase : undefined;
  }
  if (status === 'applied') return allows(mode, 'delete') ? noticeWhenDone?.date : undefined;
  if (status === 'held') return now;
  if (action === 'blocked') return undefined;
  if (!givesNotices(mode, notice?.about)) return undefined;
  return notice?.about === 'replaced' ? (notice.inAnyCase ?? dueAt) : (notice?.date ?? dueAt);
}
