import { definedOnly } from '../defined-only.ts';
import type { Instant } from '../time.ts';
import { comingIn, type Coming } from './overview-coming.ts';
import { countsOf, NO_COUNTS, type AgeCounts, type OverviewKey } from './overview-keys.ts';
import { LIST_NAMES, listsIn, type ListName, type Lists } from './overview-lists.ts';
import { groupsIn, type OverviewGroup } from './overview-groups.ts';
import type { StoredAccount, StoredRun } from './stored-run.ts';

/** An organization at one look, as a run has left it. */
export interface Overview {
  readonly runId: string;
  readonly finishedAt: Instant;
  readonly isAudit: boolean;
  /** False: it was about some accounts or users only. */
  readonly isWhole: boolean;
  readonly accounts: number;
  readonly users: number;
  /** By age, as it was when the run finished. */
  readonly ages: AgeCounts;
  readonly lists: Lists;
  readonly troubled: readonly TroubledAccount[];
  /** Users about whom nothing could be decided. */
  readonly gaps: readonly OverviewGap[];
  /** How many users the settings leave out. */
  readonly leftOut: number;
  readonly coming: Coming;
  readonly byAccount: readonly OverviewGroup[];
  readonly byUnit: readonly OverviewGroup[];
  readonly byOwner: readonly OverviewGroup[];
  /** Absent where there is nothing to compare with. */
  readonly change?: Change;
}

interface TroubledAccount {
  readonly accountId: string;
  readonly accountName: string;
  readonly status: Exclude<StoredAccount['status'], 'rotated'>;
  readonly cause: string;
  readonly nextStep?: string;
}

interface OverviewGap {
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  readonly cause: string;
}

/** What is counted in two runs. */
export type Numbers = Readonly<Record<keyof AgeCounts | ListName | 'troubled' | 'gaps', number>>;

interface Change {
  readonly runId: string;
  readonly finishedAt: Instant;
  readonly before: Numbers;
  readonly after: Numbers;
  /** The keys over the limit that were not, and how many of those that were are not any more. */
  readonly newlyOver: readonly OverviewKey[];
  readonly noLongerOver: number;
}

/**
 * @param before the whole run before this one
 * @param now the moment from which on is counted what comes
 */
export function overviewOf(run: StoredRun, before: StoredRun | undefined, now: Instant): Overview {
  const lists = listsIn(run, now);
  const troubled = run.accounts.flatMap(troubleOf);
  const gaps = gapsIn(run);
  const ages = countsOf(run);
  const numbers = numbersOf(ages, lists, troubled.length, gaps.length);
  return {
    runId: run.runId,
    finishedAt: run.finishedAt,
    isAudit: run.isAudit,
    isWhole: run.isWhole,
    accounts: run.accounts.length,
    users: run.totals.users,
    ages,
    lists,
    troubled,
    gaps,
    leftOut: run.accounts.reduce((sum, { exclusions }) => sum + exclusions.length, 0),
    coming: comingIn(run, now),
    ...groupsIn(run),
    ...definedOnly({ change: before === undefined ? undefined : changeSince(before, lists, numbers) }),
  };
}

function changeSince(before: StoredRun, { overLimit }: Lists, after: Numbers): Change {
  const then = listsIn(before, before.finishedAt);
  const idOf = ({ accountId, keyId }: OverviewKey) => `${accountId} ${keyId}`;
  const [wasOver, isOver] = [then.overLimit, overLimit].map((keys) => new Set(keys.map(idOf)));
  return {
    runId: before.runId,
    finishedAt: before.finishedAt,
    before: numbersOf(
      countsOf(before),
      then,
      before.accounts.flatMap(troubleOf).length,
      gapsIn(before).length,
    ),
    after,
    newlyOver: overLimit.filter((key) => wasOver?.has(idOf(key)) !== true),
    noLongerOver: then.overLimit.filter((key) => isOver?.has(idOf(key)) !== true).length,
  };
}

const numbersOf = (ages: AgeCounts, lists: Lists, troubled: number, gaps: number): Numbers => ({
  ...NO_COUNTS,
  ...ages,
  ...(Object.fromEntries(LIST_NAMES.map((name) => [name, lists[name].length])) as Record<ListName, number>),
  troubled,
  gaps,
});

function troubleOf(account: StoredAccount): readonly TroubledAccount[] {
  const { id: accountId, name: accountName, status, failure, cause } = account;
  if (status === 'rotated') return [];
  const why = failure === undefined ? (cause ?? '') : `${failure.during}: ${failure.message}`;
  return [{ accountId, accountName, status, cause: why, ...definedOnly({ nextStep: failure?.nextStep }) }];
}

const gapsIn = ({ accounts }: StoredRun): readonly OverviewGap[] =>
  accounts.flatMap(({ id, name, gaps }) =>
    gaps.map(({ userName, failure }) => ({
      accountId: id,
      accountName: name,
      userName,
      cause: `${failure.during}: ${failure.message}`,
    })),
  );
