import { CHANGING, CUTS_OFF_BY_DATE, type Action, type Decision } from './decision.ts';
import type { NoticeAbout } from './notice.ts';
import { adopted, replaces } from './predicates.ts';

/** What a run may change. Each mode only takes away from `enforce`. */
export type Mode = 'audit' | 'replace-only' | 'no-delete' | 'enforce';
export const MODES: readonly Mode[] = ['audit', 'replace-only', 'no-delete', 'enforce'];

/*               replace   deactivate   delete
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

/** What a run does to keys by itself. */
export const CHANGES = ['replace', 'deactivate', 'delete'] as const;
export type ChangeKind = (typeof CHANGES)[number];

export const allows = (mode: Mode, action: Action): boolean => ALLOWED[mode].has(action);

/** The one of two modes that does less. */
export const stricter = (...modes: readonly [Mode, Mode]): Mode =>
  MODES.find((mode) => modes.includes(mode)) ?? 'audit';

/** A notice counts only where what it announces may really follow. */
export const givesNotices = (mode: Mode, about: NoticeAbout = 'unused'): boolean =>
  allows(mode, about === 'delete' ? 'delete' : 'deactivate');

/**
 * At most so many of a kind, per account and run: a count, or a share of the account's keys. Keys
 * whose owner has moved don't count.
 */
export type Limit = { readonly count: number } | { readonly share: number; readonly atLeast: number };

export interface Limits {
  readonly maxDeactivations: Limit;
  readonly maxDeletions: Limit;
  /** Undefined: as many as are due. */
  readonly maxReplacements?: number;
}

/** A quarter of the account's keys, but never less than 5: small accounts must not stand still. */
export const DEFAULT_LIMIT: Limit = { share: 0.25, atLeast: 5 };

/** `5`, or `25%`. */
export const formatLimit = (limit: Limit): string =>
  'count' in limit ? String(limit.count) : `${Math.round(limit.share * 100)}%`;

/** Why something is not carried out in this run. */
export type HeldBy = 'mode' | 'request' | 'limit' | 'organization-limit' | 'readers' | 'place';

/** A decision on its way to being carried out, or held back. */
export interface Planned {
  readonly decision: Decision;
  readonly held?: { readonly by: HeldBy; readonly why: string };
}

/**
 * Whether anybody receives what is published about an account. `events`: notices count by the events
 * that are accepted, and need no reader of the topic.
 */
export type Readers = 'somebody' | 'nobody' | 'unknown' | 'events';

/** What a run may do in an account, beside what the decisions say. */
export interface Permission {
  readonly mode: Mode;
  /** The kinds of change that this one run was asked for; absent: all that the mode allows. */
  readonly only?: readonly ChangeKind[];
  readonly limits: Limits;
  /** The keys that were read in the account, active and inactive. */
  readonly keyCount: number;
  readonly readers: Readers;
  /** What a person has accepted to be done over a limit, by the ids of the keys. */
  readonly accepted?: ReadonlyMap<LimitKind, ReadonlySet<string>>;
}

export const limitFor = (limit: Limit, keyCount: number): number =>
  'count' in limit ? limit.count : Math.max(limit.atLeast, Math.floor(limit.share * keyCount));

/**
 * Decides what of an account's decisions is carried out now. What is held back keeps its decision
 * and says why, so that the report can show it.
 */
export function plan(decisions: readonly Decision[], permission: Permission): readonly Planned[] {
  const { accepted } = permission;
  const allowed = decisions.map((decision) => holdWhatIsNotAllowed(decision, permission));
  const limited = limitsExceeded(decisions, permission).reduce<readonly Planned[]>(
    (planned, one) => holdOverLimit(planned, one, accepted?.get(one.kind)),
    allowed,
  );
  return holdWithoutPlace(holdReplacements(limited, permission.limits.maxReplacements));
}

/** A limit that would be passed, and what is over it. */
export interface Exceeded {
  readonly kind: LimitKind;
  readonly limit: number;
  /** Those that count; not one of them is carried out unless a person accepts it. */
  readonly decisions: ReadonlySet<Decision>;
}

const ACTION_OF = { deactivations: 'deactivate', deletions: 'delete' } as const;

/** The limits that this run would pass. */
export function limitsExceeded(decisions: readonly Decision[], permission: Permission): readonly Exceeded[] {
  const { limits, keyCount } = permission;
  const exceeded = (kind: LimitKind, limit: Limit): readonly Exceeded[] => {
    const counting = decisions.filter(
      (decision) =>
        decision.action === ACTION_OF[kind] &&
        holdWhatIsNotAllowed(decision, permission).held === undefined &&
        !ownerHasMoved(decision, decisions),
    );
    const most = limitFor(limit, keyCount);
    return counting.length > most ? [{ kind, limit: most, decisions: new Set(counting) }] : [];
  };
  return [
    ...exceeded('deactivations', limits.maxDeactivations),
    ...exceeded('deletions', limits.maxDeletions),
  ];
}

/** What is to be done in this run at all, before anything is counted. */
const holdWhatIsNotAllowed = (decision: Decision, { mode, only, readers }: Permission): Planned =>
  holdWithoutReaders(holdByRequest(holdByMode(decision, mode), only), readers);

function holdByMode(decision: Decision, mode: Mode): Planned {
  if (!CHANGING.has(decision.action) || allows(mode, decision.action)) return { decision };
  return { decision, held: { by: 'mode', why: `mode ${mode} does not ${decision.action}` } };
}

/** Like a mode it only takes away; but it is for one run, and the next one does what this one leaves. */
function holdByRequest(one: Planned, only: Permission['only']): Planned {
  const isAsked = only?.some((kind) => kind === one.decision.action) ?? true;
  if (one.held !== undefined || isAsked || !CHANGING.has(one.decision.action)) return one;
  return { decision: one.decision, held: { by: 'request', why: 'not asked for in this run' } };
}

/** What rests on an announcement is not done where nobody would read of it. */
function holdWithoutReaders(one: Planned, readers: Readers): Planned {
  if (one.held !== undefined || one.decision.restsOnNotice !== true) return one;
  if (!CHANGING.has(one.decision.action) || readers === 'somebody' || readers === 'events') return one;
  const why =
    readers === 'nobody'
      ? 'nobody receives what is published about this account, so nobody would know'
      : 'whether anybody receives what is published about this account could not be read';
  return { decision: one.decision, held: { by: 'readers', why } };
}

/**
 * The owner works with the replacement: nobody can be cut off. Counting such keys would hold up for ever
 * an account whose owners all move in the same week, as they do after a first deployment.
 */
function ownerHasMoved({ action, key, userName, reason }: Decision, decisions: readonly Decision[]): boolean {
  if (action === 'deactivate') return reason === 'moved';
  return decisions.some(
    (other) => other.userName === userName && replaces(other.key, key) && adopted(key, other.key),
  );
}

const keysInWords = (count: number): string => (count === 1 ? '1 key' : `${count} keys`);

/** Over the limit nothing of the kind is done, but what a person has accepted: a wrong setting must not switch off a company. */
function holdOverLimit(
  planned: readonly Planned[],
  { kind, limit, decisions }: Exceeded,
  accepted: ReadonlySet<string> = new Set(),
): readonly Planned[] {
  const done = kind === 'deletions' ? 'deleted' : 'deactivated';
  const some = [...decisions].filter(({ key }) => accepted.has(key.id)).length;
  const why = `${keysInWords(decisions.size)} of this account would be ${done} in one run, and the limit is ${limit}; ${
    some === 0 ? 'none was' : `only the ${some} that ${some === 1 ? 'was accepted is' : 'were accepted are'}`
  }`;
  return planned.map((one) =>
    decisions.has(one.decision) && !accepted.has(one.decision.key.id)
      ? { decision: one.decision, held: { by: 'limit', why } }
      : one,
  );
}

/** The oldest keys first; the others wait for the next run. */
function holdReplacements(planned: readonly Planned[], most: number | undefined): readonly Planned[] {
  if (most === undefined) return planned;
  const now = new Set(
    planned
      .filter(({ decision, held }) => decision.action === 'replace' && held === undefined)
      .toSorted((one, two) => one.decision.key.createdAt - two.decision.key.createdAt)
      .slice(0, most),
  );
  const why = `no more than ${keysInWords(most)} of this account ${most === 1 ? 'is' : 'are'} replaced in one run, the oldest first`;
  return planned.map((one) =>
    one.decision.action !== 'replace' || one.held !== undefined || now.has(one)
      ? one
      : { decision: one.decision, held: { by: 'limit', why } },
  );
}

/**
 * Holds back what goes over the limit of the whole organization, the longest announced first.
 * @param granted how many of these may be carried out in this account and run
 */
export function holdOverOrganizationLimit(
  planned: readonly Planned[],
  granted: number,
  most: number,
): readonly Planned[] {
  const now = new Set(cutOffByDate(planned).slice(0, granted));
  const why = `no more than ${keysInWords(most)} of the whole organization ${most === 1 ? 'is' : 'are'} deactivated at a deadline in one run; the next runs come to the others`;
  return planned.map((one) =>
    isCutOffByDate(one) && !now.has(one)
      ? { decision: one.decision, held: { by: 'organization-limit', why } }
      : one,
  );
}

const isCutOffByDate = ({ decision, held }: Planned): boolean =>
  held === undefined && decision.action === 'deactivate' && CUTS_OFF_BY_DATE.has(decision.reason);

/** What is to be carried out and counts for the organization's limit, the longest announced first. */
export const cutOffByDate = (planned: readonly Planned[]): readonly Planned[] =>
  planned
    .filter(isCutOffByDate)
    .toSorted((one, two) => (one.decision.notice?.date ?? 0) - (two.decision.notice?.date ?? 0));

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

export type LimitKind = 'deactivations' | 'deletions';
