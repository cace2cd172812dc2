import type { Instant } from '../time.ts';
import { overSince, placed, type OverviewKey } from './overview-keys.ts';
import type { StoredAccount, StoredKey, StoredRun } from './stored-run.ts';

/** In the order in which they are told. */
export const LIST_NAMES = [
  'overLimit',
  'needsPerson',
  'failed',
  'notMoved',
  'twoKeys',
  'underWay',
  'unused',
  'exempt',
] as const;
export type ListName = (typeof LIST_NAMES)[number];

/** Keys by what is to be known of them, the worst first. A key may be in several. */
export type Lists = Readonly<Record<ListName, readonly OverviewKey[]>>;

const UNUSED: ReadonlySet<StoredKey['reason']> = new Set<StoredKey['reason']>([
  'unused',
  'unused-notice',
  'unused-grace',
  'never-used',
]);

/** Whether a key by itself is in a list; it is there, and may be switched off. */
const IS_IN: Readonly<
  Record<
    Exclude<ListName, 'twoKeys' | 'underWay'>,
    (key: StoredKey, account: StoredAccount, at: Instant, now: Instant) => boolean
  >
> = {
  overLimit: (key, account, at) => overSince(key, account, at) !== undefined,
  needsPerson: ({ next }, _, __, now) => next?.what === 'person' && (next.at ?? 0) <= now,
  failed: ({ outcome }) => outcome === 'failed' || outcome === 'partial',
  notMoved: ({ status, replacedBy, adoption }) =>
    status === 'active' && replacedBy !== undefined && adoption !== 'moved',
  unused: ({ status, reason }) => status === 'active' && UNUSED.has(reason),
  exempt: ({ action }) => action === 'exempt',
};
const OF_ONE_KEY = Object.keys(IS_IN) as readonly (keyof typeof IS_IN)[];

/** @param now the moment that decides whether a person is needed yet; ages are those of the run */
export function listsIn({ accounts, finishedAt: at }: StoredRun, now: Instant): Lists {
  const lists = Object.fromEntries(LIST_NAMES.map((name) => [name, []])) as unknown as Record<
    ListName,
    OverviewKey[]
  >;
  for (const account of accounts) {
    for (const key of account.keys) {
      if (key.status === 'deleted') continue;
      for (const name of OF_ONE_KEY) {
        if (IS_IN[name](key, account, at, now)) lists[name].push(placed(key, account, at));
      }
    }
    for (const pair of twoActive(account)) {
      lists[isUnderWay(pair) ? 'underWay' : 'twoKeys'].push(...pair.map((key) => placed(key, account, at)));
    }
  }
  const byAge = (one: OverviewKey, other: OverviewKey) => one.createdAt - other.createdAt;
  lists.overLimit.sort((one, other) => (one.since ?? 0) - (other.since ?? 0));
  for (const name of ['needsPerson', 'failed', 'notMoved', 'unused'] as const) lists[name].sort(byAge);
  lists.exempt.sort((one, other) => (one.next?.at ?? LATE) - (other.next?.at ?? LATE));
  return lists;
}

const LATE = Number.MAX_SAFE_INTEGER;

/** The keys of users who have two that are active. */
function twoActive({ keys }: StoredAccount): readonly (readonly StoredKey[])[] {
  const ofUsers = new Map<string, StoredKey[]>();
  for (const key of keys) {
    if (key.status !== 'active') continue;
    const own = ofUsers.get(key.userName);
    if (own === undefined) ofUsers.set(key.userName, [key]);
    else own.push(key);
  }
  return [...ofUsers.values()].filter((own) => own.length > 1);
}

/** One was made to replace the other. */
const isUnderWay = (keys: readonly StoredKey[]): boolean =>
  keys.some(({ replacedBy }) => keys.some(({ keyId }) => keyId === replacedBy));
