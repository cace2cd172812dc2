import { CHANGING, type Action, type Decision } from './decision.ts';

/** What a run may change. Each mode only takes away from `enforce`. */
export type Mode = 'audit' | 'replace-only' | 'no-delete' | 'enforce';
export const MODES: readonly Mode[] = ['audit', 'replace-only', 'no-delete', 'enforce'];

/*
 *               replace   deactivate   delete
 * audit            -          -          -
 * replace-only     x          -          -
 * no-delete        x          x          -
 * enforce          x          x          x
 */
const ALLOWED: Record<Mode, ReadonlySet<Action>> = {
  audit: new Set(),
  'replace-only': new Set<Action>(['replace']),
  'no-delete': new Set<Action>(['replace', 'deactivate']),
  enforce: new Set<Action>(['replace', 'deactivate', 'delete']),
};

export const allows = (mode: Mode, action: Action): boolean => ALLOWED[mode].has(action);

/** A notice counts only where the deactivation it announces may really follow. */
export const givesNotices = (mode: Mode): boolean => allows(mode, 'deactivate');

/** At most so many of a kind, per account and run: a count, or a share of the account's keys. */
export type Limit = { readonly count: number } | { readonly share: number; readonly atLeast: number };

export interface Limits {
  readonly maxDeactivations: Limit;
  readonly maxDeletions: Limit;
}

/** A quarter of the account's keys, but never less than 5: small accounts must not stand still. */
export const DEFAULT_LIMIT: Limit = { share: 0.25, atLeast: 5 };

/** A decision on its way to being carried out, or held back. */
export interface Planned {
  readonly decision: Decision;
  readonly held?: { readonly by: 'mode' | 'limit' | 'place'; readonly why: string };
}

export const limitFor = (limit: Limit, keyCount: number): number =>
  'count' in limit ? limit.count : Math.max(limit.atLeast, Math.floor(limit.share * keyCount));

/**
 * Decides what of an account's decisions is carried out now. What is held back keeps its decision
 * and says why, so that the report can show it.
 * @param keyCount the keys that were read in the account, active and inactive
 */
export function plan(
  decisions: readonly Decision[],
  mode: Mode,
  limits: Limits,
  keyCount: number,
): readonly Planned[] {
  const byMode = decisions.map((decision) => holdByMode(decision, mode));
  const byLimit = holdOverLimit(
    holdOverLimit(byMode, 'deactivate', limitFor(limits.maxDeactivations, keyCount)),
    'delete',
    limitFor(limits.maxDeletions, keyCount),
  );
  return holdWithoutPlace(byLimit);
}

function holdByMode(decision: Decision, mode: Mode): Planned {
  if (!CHANGING.has(decision.action) || allows(mode, decision.action)) return { decision };
  return { decision, held: { by: 'mode', why: `mode ${mode} does not ${decision.action}` } };
}

/** Over the limit nothing of the kind is done: a wrong setting must not switch off a company. */
function holdOverLimit(planned: readonly Planned[], action: Action, limit: number): readonly Planned[] {
  const applies = ({ decision, held }: Planned) => decision.action === action && held === undefined;
  const count = planned.filter(applies).length;
  if (count <= limit) return planned;
  const why = `${count} keys of this account would be ${action === 'delete' ? 'deleted' : 'deactivated'} in one run, and the limit is ${limit}; none was`;
  return planned.map((one) => (applies(one) ? { decision: one.decision, held: { by: 'limit', why } } : one));
}

/** A replacement that needs the place of a key whose deletion is held has no place. */
function holdWithoutPlace(planned: readonly Planned[]): readonly Planned[] {
  const withoutPlace = new Map(
    planned
      .filter(({ decision, held }) => decision.action === 'delete' && held !== undefined)
      .map(({ decision }) => [decision.userName, decision.key.id]),
  );
  return planned.map((one) => {
    const inTheWay = withoutPlace.get(one.decision.userName);
    return one.decision.action === 'replace' && one.held === undefined && inTheWay !== undefined
      ? {
          decision: one.decision,
          held: { by: 'place', why: `${inTheWay} takes the second place and its deletion is held back` },
        }
      : one;
  });
}
