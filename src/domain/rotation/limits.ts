import type { Instant } from '../time.ts';
import { CHANGING, type Action, type Decision } from './decision.ts';

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
export const formatLimit = (limit: Limit): string =>
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
 * @param waived limits that don't count this once: a person has accepted what is over them
 */
export function plan(
  decisions: readonly Decision[],
  mode: Mode,
  limits: Limits,
  keyCount: number,
  waived: readonly LimitKind[] = [],
): readonly Planned[] {
  const over = limitsExceeded(decisions, mode, limits, keyCount).filter(({ kind }) => !waived.includes(kind));
  const planned = decisions.map((decision) => holdByMode(decision, mode));
  return holdWithoutPlace(over.reduce(holdOverLimit, planned));
}

/** A limit that would be passed, and what is over it. */
export interface Exceeded {
  readonly kind: LimitKind;
  readonly limit: number;
  /** Those that count; not one of them is carried out. */
  readonly decisions: ReadonlySet<Decision>;
}

const ACTION_OF = { deactivations: 'deactivate', deletions: 'delete' } as const;

/** The limits that this run would pass. */
export function limitsExceeded(
  decisions: readonly Decision[],
  mode: Mode,
  { maxDeactivations, maxDeletions }: Limits,
  keyCount: number,
): readonly Exceeded[] {
  const exceeded = (kind: LimitKind, limit: Limit): readonly Exceeded[] => {
    const counting = decisions.filter(
      (decision) =>
        decision.action === ACTION_OF[kind] &&
        allows(mode, decision.action) &&
        !ownerHasMovedOn(decision, decisions),
    );
    const most = limitFor(limit, keyCount);
    return counting.length > most ? [{ kind, limit: most, decisions: new Set(counting) }] : [];
  };
  return [...exceeded('deactivations', maxDeactivations), ...exceeded('deletions', maxDeletions)];
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

/** Over the limit nothing of the kind is done: a wrong setting must not switch off a company. */
function holdOverLimit(
  planned: readonly Planned[],
  { kind, limit, decisions }: Exceeded,
): readonly Planned[] {
  const done = kind === 'deletions' ? 'deleted' : 'deactivated';
  const why = `${decisions.size} keys of this account would be ${done} in one run, and the limit is ${limit}; none was`;
  return planned.map((one) =>
    decisions.has(one.decision) ? { decision: one.decision, held: { by: 'limit', why } } : one,
  );
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

/** Lets one run pass a limit that stopped it. */
export interface Acceptance {
  readonly limit: LimitKind;
  /** These keys and no others: what the person who accepted it saw. */
  readonly keyIds: readonly string[];
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  readonly until: Instant;
}

export type LimitKind = 'deactivations' | 'deletions';
