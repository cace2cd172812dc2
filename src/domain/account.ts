/** The state of an account, as AWS Organizations names it; `UNKNOWN` for names newer than this code. */
export type AccountState =
  'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED' | 'UNKNOWN';

/** One account of the organization. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly state: AccountState;
  /** The ids of the root and the organizational units above the account, outermost first. */
  readonly ouPath: readonly string[];
  /** What these are called, in the same order; absent where nobody asked. People name them, so it is foreign text. */
  readonly ouNames?: readonly string[];
}

/** Which accounts an administrator wants covered. Empty lists restrict nothing. */
export interface AccountSelection {
  readonly includeAccounts: readonly string[];
  readonly excludeAccounts: readonly string[];
  /** Organizational units (or the root); an account anywhere below one belongs to it. */
  readonly includeOus: readonly string[];
  readonly excludeOus: readonly string[];
  /** Accounts asked for in this one run; narrows the rest, never widens it. */
  readonly onlyAccounts: readonly string[];
}

export type Selected =
  | { readonly kind: 'selected' }
  /** `not-asked` accounts stay out of the report; the others are named there as skipped. */
  | { readonly kind: 'inactive' | 'excluded' | 'not-asked'; readonly cause: string };

const IN_WORDS: Record<Exclude<AccountState, 'ACTIVE'>, string> = {
  PENDING_ACTIVATION: 'has not been activated yet',
  SUSPENDED: 'is suspended',
  PENDING_CLOSURE: 'is being closed',
  CLOSED: 'is closed',
  UNKNOWN: 'is in a state that this version does not know',
};

/**
 * The ids a selection names that the organization doesn't have. An exclusion that matches nothing
 * would let a run touch what somebody meant to protect, so a run doesn't start with one.
 */
export function unknownIds(
  selection: AccountSelection,
  accounts: readonly Account[],
  ous: readonly string[],
): readonly string[] {
  const known = new Set([...accounts.map(({ id }) => id), ...ous]);
  const lists: readonly (readonly string[])[] = Object.values(selection);
  return lists.flat().filter((id) => !known.has(id));
}

/** The accounts of these that the settings name, by any of their lists. */
export const namedBySettings = (
  { includeAccounts, excludeAccounts }: AccountSelection,
  accounts: readonly Pick<Account, 'id'>[],
): readonly string[] => {
  const named = new Set([...includeAccounts, ...excludeAccounts]);
  return accounts.map(({ id }) => id).filter((id) => named.has(id));
};

/**
 * Whether a run works on this account. Excluding wins over including; an account is included when
 * no include list is set, or when either include list names it.
 */
export function selectAccount(account: Account, selection: AccountSelection): Selected {
  const excluded = (cause: string): Selected => ({ kind: 'excluded', cause });
  const under = (ous: readonly string[]) => account.ouPath.find((ou) => ous.includes(ou));

  if (selection.onlyAccounts.length > 0 && !selection.onlyAccounts.includes(account.id)) {
    return { kind: 'not-asked', cause: 'not asked for in this run' };
  }
  if (selection.excludeAccounts.includes(account.id)) return excluded('excluded by its account id');
  const excludedBy = under(selection.excludeOus);
  if (excludedBy !== undefined) return excluded(`excluded with the organizational unit ${excludedBy}`);

  const restricted = selection.includeAccounts.length + selection.includeOus.length > 0;
  const included =
    selection.includeAccounts.includes(account.id) || under(selection.includeOus) !== undefined;
  if (restricted && !included) return excluded('not among the included accounts');

  if (account.state !== 'ACTIVE') {
    return { kind: 'inactive', cause: `the account ${IN_WORDS[account.state]}` };
  }
  return { kind: 'selected' };
}
