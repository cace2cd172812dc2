import { addCounts, NO_COUNTS, type AgeCounts } from './overview-keys.ts';
import type { StoredAccount, StoredKey, StoredRun } from './stored-run.ts';

/** The keys of an account, of a unit, or of an owner. */
export interface OverviewGroup extends AgeCounts {
  /** Empty where there is none: accounts whose unit nobody read, keys without an owner. */
  readonly id: string;
  readonly name: string;
  /** Keys of which a person has to decide, by the moment of the run. */
  readonly needsPerson: number;
  /** Keys that are replaced, and whose owners have not moved. */
  readonly notMoved: number;
}

type Group = { -readonly [Name in keyof OverviewGroup]: OverviewGroup[Name] };

export interface Groups {
  readonly byAccount: readonly OverviewGroup[];
  /** By the unit right above the account. */
  readonly byUnit: readonly OverviewGroup[];
  readonly byOwner: readonly OverviewGroup[];
}

export function groupsIn(run: StoredRun): Groups {
  const accounts = new Map<string, Group>();
  const units = new Map<string, Group>();
  const owners = new Map<string, Group>();
  for (const account of run.accounts) {
    add(groupOf(accounts, account.id, account.name), account, run);
    add(groupOf(units, account.ouPath.at(-1) ?? '', account.ouNames?.at(-1)), account, run);
    addOwners(owners, account, run);
  }
  const [byAccount, byUnit, byOwner] = [accounts, units, owners].map(worstFirst);
  return { byAccount: byAccount ?? [], byUnit: byUnit ?? [], byOwner: byOwner ?? [] };
}

function addOwners(owners: Map<string, Group>, account: StoredAccount, run: StoredRun): void {
  const byOwner = new Map<string, StoredKey[]>();
  for (const key of account.keys) {
    const owner = key.owner ?? '';
    const own = byOwner.get(owner);
    if (own === undefined) byOwner.set(owner, [key]);
    else own.push(key);
  }
  // Whose the others are nobody has asked.
  const { quiet, ...rest } = account;
  for (const [owner, keys] of byOwner) add(groupOf(owners, owner), { ...rest, keys }, run);
  if (quiet !== undefined && quiet.activeKeys > 0) add(groupOf(owners, ''), { ...account, keys: [] }, run);
}

function groupOf(groups: Map<string, Group>, id: string, name = id): Group {
  const found = groups.get(id) ?? { id, name, ...NO_COUNTS, needsPerson: 0, notMoved: 0 };
  groups.set(id, found);
  return found;
}

function add(group: Group, account: StoredAccount, { finishedAt }: StoredRun): void {
  addCounts(group, account, finishedAt);
  for (const { next, status, replacedBy, adoption } of account.keys) {
    if (next?.what === 'person' && (next.at ?? 0) <= finishedAt) group.needsPerson += 1;
    if (status === 'active' && replacedBy !== undefined && adoption !== 'moved') group.notMoved += 1;
  }
}

/** What is worse, in this order. */
const BY = ['over', 'needsPerson', 'late', 'notMoved', 'due', 'active'] as const;

const worstFirst = (groups: ReadonlyMap<string, Group>): readonly OverviewGroup[] =>
  [...groups.values()].sort((one, other) => {
    const by = BY.find((name) => one[name] !== other[name]);
    return by === undefined ? (one.id < other.id ? -1 : 1) : other[by] - one[by];
  });
