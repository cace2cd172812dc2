import { fromColumns } from '../src/report/page/columns.ts';
import type { KeyState } from '../src/report/page/key-state.ts';
import type { PageAccount, PageData, PageDeed, PageKey, Word } from '../src/report/page/page-data.ts';
import { dayOf } from './dom.ts';

const DAY = 86_400;

/** A key as the tables show it: every text is there, and what is searched is ready. */
export interface Row {
  readonly key: PageKey;
  readonly user: string;
  readonly id: string;
  readonly owner: string;
  readonly accountId: string;
  readonly account: string;
  readonly units: readonly string[];
  /** In the same order. */
  readonly unitLabels: readonly string[];
  readonly state: KeyState;
  readonly ageDays: number;
  /** For sorting: never is oldest. */
  readonly used: number;
  readonly usedText: string;
  readonly usedBy: string;
  readonly next: string;
  readonly nextOn: string;
  readonly reason: string;
  readonly cause: string;
  readonly todo: string;
  /** In lower case. */
  readonly text: string;
}

export interface Book {
  readonly data: PageData;
  readonly rows: readonly Row[];
  /** Newest first. */
  readonly done: readonly PageDeed[];
  readonly word: (at: Word | undefined) => string;
  /** All keys of a user, and what was done about them. */
  readonly keysOf: (row: Row) => readonly Row[];
  readonly deedsOf: (row: Row) => readonly PageDeed[];
}

export const NEXT: Readonly<Record<NonNullable<PageKey['next']>, string>> = {
  replace: 'is replaced',
  deactivate: 'is switched off',
  delete: 'is deleted',
  person: 'a person decides',
  'exemption-ends': 'its exemption ends',
};

export const STATES: Readonly<Record<KeyState, string>> = {
  person: 'Needs a person',
  failed: 'Failed',
  held: 'Due, held back',
  due: 'Due now',
  moving: 'Replaced, not moved to',
  moved: 'Replaced, moved to',
  retiring: 'Unused, being retired',
  waiting: 'Waits',
  off: 'Switched off',
  exempt: 'Exempt',
  deleted: 'Deleted',
  young: 'Nothing asked',
};

export function readBook(text: string): Book {
  const data = JSON.parse(text) as PageData;
  const word = (at: Word | undefined) => (at === undefined ? '' : (data.words[at] ?? ''));
  const keyRows = fromColumns(data.keys, ['account', 'user', 'created']);
  const done = fromColumns(data.done, ['account', 'at', 'user']);
  const rows = keyRows.map((key) => rowOf(key, data, word));
  const userOf = ({ account, user }: PageKey | PageDeed) => `${account} ${user}`;
  const keys = Map.groupBy(rows, ({ key }) => userOf(key));
  const deeds = Map.groupBy(done, userOf);
  return {
    data,
    rows,
    done,
    word,
    keysOf: ({ key }) => keys.get(userOf(key)) ?? [],
    deedsOf: ({ key }) => deeds.get(userOf(key)) ?? [],
  };
}

function rowOf(key: PageKey, { accounts, now }: PageData, word: Book['word']): Row {
  const account = accounts[key.account];
  const owner = word(key.owner);
  const name = account?.name ?? '';
  const accountId = account?.id ?? '';
  const service = word(key.service);
  const region = word(key.region);
  return {
    key,
    user: key.user,
    id: key.id ?? '',
    owner,
    accountId,
    account: name === '' ? accountId : name,
    units: account?.units ?? [],
    unitLabels: account === undefined ? [] : unitLabelsOf(account),
    state: key.state ?? 'young',
    ageDays: ageInDays(key.created, now),
    used: key.used ?? -2,
    usedText: key.used === undefined ? 'never' : key.used < 0 ? 'not known' : dayOf(key.used),
    usedBy: region === '' ? service : `${service} in ${region}`,
    next: nextOf(key),
    nextOn: key.next === undefined || key.at === undefined ? '' : dayOf(key.at),
    reason: word(key.reason),
    cause: word(key.cause),
    todo: word(key.todo),
    text: `${key.id ?? ''}\n${key.user}\n${owner}\n${name}\n${accountId}\n${service}`.toLowerCase(),
  };
}

/** Two units may have one name, so their ids stand behind it. */
export const unitLabelsOf = ({ units, unitNames = [] }: PageAccount): readonly string[] =>
  units.map((id, at) => (unitNames[at] === undefined ? id : `${unitNames[at]} (${id})`));

/** In whole days. */
export const ageInDays = (created: number, now: number): number => Math.floor((now - created) / DAY);

function nextOf({ next, at }: PageKey): string {
  if (next === undefined) return '';
  return next === 'deactivate' && at === undefined ? `${NEXT[next]} once its owner has moved` : NEXT[next];
}

/** What two keys of one user are to each other, in words. */
export function pairText({ key }: Row): string {
  switch (key.pair) {
    case 'old':
      return key.next === 'deactivate' && key.at !== undefined
        ? `rotation under way, old key off on ${dayOf(key.at)}`
        : 'rotation under way, old key off once its owner has moved';
    case 'new':
      return 'rotation under way, the new key';
    case 'two':
      return 'two keys';
    default:
      return '';
  }
}
