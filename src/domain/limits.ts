import { CHANGING, type Action, type Decision } from './decision.ts';
import type { LimitKind } from './history.ts';
import { isActive } from './key.ts';

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

/** The one of two modes that does less. */
export const stricter = (one: Mode, other: Mode): Mode =>
  MODES.indexOf(one) <= MODES.indexOf(other) ? one : other;

/** A notice counts only where the deactivation it announces may really follow. */
export const givesNotices = (mode: Mode): boolean => allows(mode, 'deactivate');

/**
 * At most so many of a kind, per account and run: a count, or a share of the account's keys. Keys
 * whose owner works with another one by now don't count.
 */
export type Limit = { readonly count: number } | { readonly share: number; readonly atLeast: number };

export interface Limits {
  readonly maxDeactivations: Limit;
  readonly maxDeletions: Limit;
}

/** A quarter of the account's keys, but never less than 5: small accounts must not stand still. */
export const DEFAULT_LIMIT: Limit = { share: 0.25, atLeast: 5 };

/** `5`, or `25%`. */
export const limitInWords = (limit: Limit): string =>
  'count' in limit ? String(limit.count) : `${Math.round(limit.share * 100)}%`;

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
  const harmless = new Set(decisions.filter((decision) => ownerHasMovedOn(decision, decisions)));
  const hold = (planned: readonly Planned[], action: Action, limit: Limit) =>
    holdOverLimit(planned, action, limitFor(limit, keyCount), harmless);
  return holdWithoutPlace(
    hold(hold(byMode, 'deactivate', limits.maxDeactivations), 'delete', limits.maxDeletions),
  );
}

function holdByMode(decision: Decision, mode: Mode): Planned {
  if (!CHANGING.has(decision.action) || allows(mode, decision.action)) return { decision };
  return { decision, held: { by: 'mode', why: `mode ${mode} does not ${decision.action}` } };
}

/**
 * The user works with the other key, and has done so since this one was used last: nobody can be cut
 * off. Counting such keys would hold up for ever an account whose owners all move in the same week,
 * as they do after a first deployment.
 */
function ownerHasMovedOn({ key, userName, reason }: Decision, decisions: readonly Decision[]): boolean {
  if (reason === 'replaced-deadline' || key.lastUse.kind === 'unknown') return false;
  const usedAt = key.lastUse.kind === 'used' ? key.lastUse.at : key.createdAt;
  return decisions.some(
    (other) =>
      other.userName === userName &&
      other.key.id !== key.id &&
      isActive(other.key) &&
      other.action !== 'deactivate' &&
      other.action !== 'delete' &&
      other.key.lastUse.kind === 'used' &&
      other.key.lastUse.at > usedAt,
  );
}

/**
 * Over the limit nothing of the kind is done: a wrong setting must not switch off a company.
 * @param harmless neither counted nor held
 */
function holdOverLimit(
  planned: readonly Planned[],
  action: Action,
  limit: number,
  harmless: ReadonlySet<Decision>,
): readonly Planned[] {
  const applies = ({ decision, held }: Planned) =>
    decision.action === action && held === undefined && !harmless.has(decision);
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
