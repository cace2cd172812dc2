import type { Account } from '../account.ts';
import type { Failure } from '../errors.ts';
import type { Mode } from '../rotation/limits.ts';
import { toPolicy, type Exemption, type Policy } from '../rotation/policy.ts';
import type { Instant } from '../time.ts';
import {
  isUser,
  layerOfUser,
  layersOfAccount,
  layersOfOrganization,
  settle,
  type Settled,
} from './resolve.ts';
import type { BadSettingsRow, Layer, SettingsBook, SettingValues } from './setting.ts';
import { selects, tagOf, type UserFacts } from './user-selector.ts';

/** The settings of one account in one run, and what it needs to resolve those of its users. */
export interface AccountSettings extends Settled {
  readonly accountId: string;
  readonly layers: readonly Layer[];
  readonly book: SettingsBook;
  readonly cap?: Mode;
}

export type AccountSettling =
  | { readonly settled: true; readonly settings: AccountSettings }
  | { readonly settled: false; readonly failure: Failure };

const NEXT_STEP =
  'Correct it: access-key-rotation settings list shows all rows, settings set and unset change them.';

const refused = (problems: readonly string[]): { readonly settled: false; readonly failure: Failure } => ({
  settled: false,
  failure: {
    kind: 'unknown',
    during: 'read the settings',
    message: problems.join('; '),
    nextStep: NEXT_STEP,
  },
});

/**
 * What is set for an account. A row that can't be used stops the account: what it says may be a
 * reason to do less, so leaving it out would be a looser rule.
 * @param cap the most that this one run may do
 */
export function settingsOfAccount(
  book: SettingsBook,
  account: Pick<Account, 'id' | 'ouPath'>,
  cap?: Mode,
): AccountSettling {
  if (needsUnits(book) && account.ouPath.length === 0) {
    return refused([
      `account ${account.id} is below no organizational unit, so what is set for its units is not known`,
    ]);
  }
  const bad = book.badRows.filter((row) => concernsAccount(row, account));
  if (bad.length > 0) return refused(bad.map(({ message }) => message));
  const layers = layersOfAccount(book, account);
  const settling = settle(layers, cap);
  if (!settling.settled) return refused(settling.problems);
  return {
    settled: true,
    settings: {
      ...settling.settings,
      accountId: account.id,
      layers,
      book,
      ...(cap === undefined ? {} : { cap }),
    },
  };
}

/** What is set for the organization as a whole; undefined where that can't be said. */
export function settingsOfOrganization(book: SettingsBook, cap?: Mode): Settled | undefined {
  if (book.badRows.some(({ target }) => target === undefined || target.level === 'organization')) {
    return undefined;
  }
  const settling = settle(layersOfOrganization(book), cap);
  return settling.settled ? settling.settings : undefined;
}

function concernsAccount(
  { target }: BadSettingsRow,
  { id, ouPath }: Pick<Account, 'id' | 'ouPath'>,
): boolean {
  switch (target?.level) {
    case undefined:
    case 'organization':
      return true;
    case 'organizational-unit':
      return ouPath.includes(target.ouId);
    case 'account':
      return target.accountId === id;
    case 'user':
      return false; // stops that user only
  }
}

/** Where an account's digests go, as far as that can be told when its settings as a whole can't be used. */
export const topicOf = (book: SettingsBook, account: Pick<Account, 'id' | 'ouPath'>): string | undefined =>
  layersOfAccount(book, account).findLast(({ values }) => values.topicArn !== undefined)?.values.topicArn;

/** Whether mode audit is set for all accounts, as far as the settings can be used. */
export const changesNothing = (book: SettingsBook): boolean =>
  settingsOfOrganization(book)?.values.mode === 'audit' &&
  book.rows.every(({ values: { mode = 'audit' } }) => mode === 'audit');

/** Whether accounts must be listed with the units they are in. */
export const needsUnits = ({ rows, badRows }: SettingsBook): boolean =>
  [...rows, ...badRows].some(({ target }) => target?.level === 'organizational-unit');

export interface UserSettings extends Settled {
  readonly policy: Policy;
  readonly owner?: string;
}

export type UserSettling =
  | { readonly settled: true; readonly settings: UserSettings }
  | { readonly settled: false; readonly failure: Failure };

/** What is set for one user, its exemption included. A row of the user that can't be used stops it. */
export function settingsOfUser(account: AccountSettings, facts: UserFacts, now: Instant): UserSettling {
  const { book, accountId, layers, cap } = account;
  const mine = (row: BadSettingsRow) =>
    row.target !== undefined && isUser(row.target, accountId, facts.userName);
  const bad = book.badRows.filter(mine);
  if (bad.length > 0) return refused(bad.map(({ message }) => message));
  const own = layerOfUser(book, accountId, facts.userName);
  const settling =
    own.length === 0 ? { settled: true as const, settings: account } : settle([...layers, ...own], cap);
  if (!settling.settled) return refused(settling.problems);
  const { values, sources } = settling.settings;
  const exemption = exemptionOf(values, facts, now);
  // What is set for the very user goes before its tag, and the tag before what is set for many.
  const ownerOfVeryUser = own.find(({ values: { owner: named } }) => named !== undefined)?.values.owner;
  const owner = ownerOfVeryUser ?? ownerByTag(values, facts) ?? values.owner;
  return {
    settled: true,
    settings: {
      values,
      sources,
      policy: { ...toPolicy(values), ...(exemption === undefined ? {} : { exemption }) },
      ...(owner === undefined ? {} : { owner }),
    },
  };
}

/** Of the exemptions that hold now, the one that holds longest. Those that ended count no more. */
function exemptionOf(values: SettingValues, facts: UserFacts, now: Instant): Exemption | undefined {
  const ofRules = values.exemptions.filter(({ users }) => users.some((selector) => selects(selector, facts)));
  return [...ofRules, ...(values.exemption === undefined ? [] : [values.exemption])]
    .filter(({ until }) => now < until)
    .sort((one, other) => other.until - one.until)
    .map(({ owner, reason, until }) => ({ owner, reason, until }))[0];
}

function ownerByTag({ ownerTag }: SettingValues, { tags }: UserFacts): string | undefined {
  if (ownerTag === undefined || tags === undefined) return undefined;
  return tagOf(tags, ownerTag)?.trim() || undefined;
}
