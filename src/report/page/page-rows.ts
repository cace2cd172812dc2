import { definedOnly } from '../../domain/defined-only.ts';
import { deedsOf } from '../../domain/report/deeds.ts';
import type { QuietKey, StoredAccount, StoredKey, StoredRun } from '../../domain/report/stored-run.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import type { Instant } from '../../domain/time.ts';
import { groupBy } from '../common/order.ts';
import { clean, whole } from '../common/sanitize.ts';
import { toColumns } from './columns.ts';
import { MOST_DEEDS, type EarlierRun } from './earlier-run.ts';
import { keysOf, overSince, pairOf, stateOf, type KeyOfRun } from './key-state.ts';
import type { PageAccount, PageData, PageDeed, PageKey, Seconds, Word } from './page-data.ts';

/** What of a page is looked at row by row, and so is left to the browser. Foreign text in it is cleaned. */
export function pageData(
  run: StoredRun,
  quiet: readonly QuietKey[],
  before: readonly EarlierRun[],
): PageData {
  const words = wordList();
  const accounts = accountList();
  for (const account of run.accounts) accounts.add(account);
  const ofUsers = groupBy(keysOf(run), ({ account, key }) => `${account.id} ${key.userName}`);
  const looked = [...ofUsers.values()].flatMap((own) => {
    const keys = own.map(({ key }) => key);
    return own.map((one) => keyRow(one, keys, run.finishedAt, words.of, accounts.placeOf(one.account.id)));
  });
  const { listed, unlisted } = listable(quiet);
  const young = listed.map((key) => quietRow(key, words.of, accounts.placeOf(key.accountId)));
  for (const accountId of unlisted.keys()) accounts.placeOf(accountId);
  const deeds = [deedsOf(run), ...before.map((one) => one.deeds)].flat().slice(0, MOST_DEEDS);
  const done = deeds.map(({ runId, at, account, key, what }): PageDeed => ({
    at: seconds(at),
    run: words.of(runId),
    account: accounts.add(account),
    user: whole(key.userName),
    id: whole(key.keyId),
    what,
    why: clean(key.message),
    ...(what === 'replace' && key.replacedBy !== undefined ? { newId: whole(key.replacedBy) } : {}),
  }));
  return {
    runId: clean(run.runId),
    now: seconds(run.finishedAt),
    keys: toColumns([...looked, ...young]),
    done: toColumns(done),
    accounts: accounts.all.map((one) => ({ ...one, ...definedOnly({ unlisted: unlisted.get(one.id) }) })),
    words: words.all,
  };
}

/** More of them nobody reads, and no browser opens: half a million users make 200 MB. Those due first are listed. */
const MOST_QUIET = 20_000;

function listable(quiet: readonly QuietKey[]): {
  readonly listed: readonly QuietKey[];
  /** By the id of the account. */
  readonly unlisted: ReadonlyMap<string, NonNullable<PageAccount['unlisted']>>;
} {
  const unlisted = new Map<string, NonNullable<PageAccount['unlisted']>>();
  if (quiet.length <= MOST_QUIET) return { listed: quiet, unlisted };
  const sorted = quiet.toSorted((one, other) => one.dueAt - other.dueAt);
  for (const { accountId, createdAt } of sorted.slice(MOST_QUIET)) {
    const [count, oldest] = unlisted.get(accountId) ?? [0, Infinity];
    unlisted.set(accountId, [count + 1, Math.min(oldest, seconds(createdAt))]);
  }
  return { listed: sorted.slice(0, MOST_QUIET), unlisted };
}

const seconds = (instant: Instant): Seconds => Math.floor(instant / 1000);
const maybe = <From, To>(value: From | undefined, to: (value: From) => To): To | undefined =>
  value === undefined ? undefined : to(value);

function keyRow(
  one: KeyOfRun,
  own: readonly StoredKey[],
  now: Instant,
  word: (text: string) => Word,
  account: number,
): PageKey {
  const { key } = one;
  const state = stateOf(key, now);
  return {
    account,
    user: whole(key.userName),
    id: whole(key.keyId),
    created: seconds(key.createdAt),
    ...lastUseFields(key.lastUse, word),
    ...definedOnly({
      owner: maybe(key.owner, word),
      status: key.status === 'active' ? undefined : key.status,
      state: state === 'young' ? undefined : state,
      over: maybe(overSince(one, now), seconds),
      pair: pairOf(key, own),
      reason: word(key.reason),
      says: clean(key.message),
      cause: maybe(key.cause, word),
      todo: maybe(key.nextStep, word),
      next: key.next?.what,
      at: maybe(key.next?.at, seconds),
      replacementOf: maybe(key.replacementOf, whole),
      replacedBy: maybe(key.replacedBy, whole),
      delivered: maybe(key.deliveredAt, seconds),
      off: maybe(key.inactiveSince, seconds),
      offAs: maybe(key.deactivatedAs, word),
      on: maybe(key.reactivatedAt, seconds),
      notices:
        key.notices.length === 0
          ? undefined
          : key.notices.map(
              ({ firstAt, about, date }) => [seconds(firstAt), word(about), seconds(date)] as const,
            ),
    }),
  };
}

const quietRow = (key: QuietKey, word: (text: string) => Word, account: number): PageKey => ({
  account,
  user: whole(key.userName),
  created: seconds(key.createdAt),
  ...lastUseFields(key.lastUse, word),
  next: 'replace',
  at: seconds(key.dueAt),
});

function lastUseFields(
  lastUse: LastUse,
  word: (text: string) => Word,
): Pick<PageKey, 'used' | 'service' | 'region'> {
  if (lastUse.kind === 'never') return {};
  if (lastUse.kind === 'unknown') return { used: -1 };
  const { at, service, region } = lastUse;
  return {
    used: seconds(at),
    ...definedOnly({ service: maybe(service, word), region: maybe(region, word) }),
  };
}

interface WordList {
  readonly all: readonly string[];
  readonly of: (text: string) => Word;
}

/** Each text once. */
function wordList(): WordList {
  const places = new Map<string, Word>();
  const all: string[] = [''];
  return {
    all,
    of: (text) => {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, all.length);
      return all.push(clean(text)) - 1;
    },
  };
}

interface AccountList {
  readonly all: readonly PageAccount[];
  readonly add: (account: Pick<StoredAccount, 'id' | 'name' | 'ouPath' | 'ouNames'>) => number;
  readonly placeOf: (id: string) => number;
}

/** An account that only an earlier run has seen is there, too. */
function accountList(): AccountList {
  const places = new Map<string, number>();
  const all: PageAccount[] = [];
  const add: AccountList['add'] = ({ id, name, ouPath, ouNames }) => {
    const known = places.get(id);
    if (known !== undefined) return known;
    places.set(id, all.length);
    return (
      all.push({
        ...{ id: clean(id), name: clean(name), units: ouPath.map((unit) => clean(unit)) },
        ...definedOnly({ unitNames: ouNames?.map((unit) => clean(unit)) }),
      }) - 1
    );
  };
  return { all, add, placeOf: (id) => places.get(id) ?? add({ id, name: '', ouPath: [] }) };
}
