import { definedOnly } from '../defined-only.ts';
import type { Result } from '../result.ts';
import type { Account } from '../account.ts';
import { listable, type Failure } from '../errors.ts';
import type { Mode } from '../rotation/limits.ts';
import { toPolicy, type Exemption, type Policy } from '../rotation/policy.ts';
import type { Instant } from '../time.ts';
import {
  isUser,
  layerOfUser,
  layersOfAccount,
  layersOfOrganization,
  resolveSettings,
  type ResolvedSettings,
  type SettingsResult,
} from './resolve.ts';
import type { BadSettingsRow, Layer, SettingsSnapshot, SettingValues } from './setting.ts';
import { selects, tagOf, type UserFacts } from './user-selector.ts';

/** The settings of one account in one run, and what it needs to resolve those of its users. */
export interface AccountSettings extends ResolvedSettings {
  readonly accountId: string;
  readonly layers: readonly Layer[];
  readonly snapshot: SettingsSnapshot;
  readonly cap?: Mode;
}

export type AccountSettingsResult = Result<AccountSettings, { readonly failure: Failure }>;

const NEXT_STEP =
  'Correct it: access-key-rotation settings list shows all rows, settings set and unset change them.';

const refused = (problems: readonly string[]): { readonly kind: 'failed'; readonly failure: Failure } => ({
  kind: 'failed',
  failure: {
    kind: 'unknown',
    during: 'read the settings',
    message: listable(problems).join('; '),
    nextStep: NEXT_STEP,
  },
});

/**
 * What is set for an account. A row that can't be used stops the account: what it says may be a
 * reason to do less, so leaving it out would be a looser rule.
 * @param cap the most that this one run may do
 */
export function settingsOfAccount(
  snapshot: SettingsSnapshot,
  account: Pick<Account, 'id' | 'ouPath'>,
  cap?: Mode,
): AccountSettingsResult {
  if (needsUnits(snapshot) && account.ouPath.length === 0) {
    return refused([
      `account ${account.id} is below no organizational unit, so what is set for its units is not known`,
    ]);
  }
  const bad = snapshot.badRows.filter((row) => concernsAccount(row, account));
  if (bad.length > 0) return refused(bad.map(({ message }) => message));
  const layers = layersOfAccount(snapshot, account);
  const resolved = resolveShared(layers, snapshot, cap);
  if (resolved.kind === 'failed') return refused(resolved.problems);
  return {
    kind: 'ok',
    value: {
      ...resolved.value,
      accountId: account.id,
      layers,
      snapshot,
      ...definedOnly({ cap }),
    },
  };
}

/** For thousands of accounts the same is set as for the organization: all of them share one answer. */
const OF_ORGANIZATION = new WeakMap<SettingsSnapshot, Map<Mode | undefined, SettingsResult>>();

function resolveShared(
  layers: readonly Layer[],
  snapshot: SettingsSnapshot,
  cap: Mode | undefined,
): SettingsResult {
  // The layers of the organization are the first ones of every account.
  if (layers.length > layersOfOrganization(snapshot).length) return resolveSettings(layers, cap);
  const byCap = OF_ORGANIZATION.get(snapshot) ?? new Map<Mode | undefined, SettingsResult>();
  const resolved = byCap.get(cap) ?? resolveSettings(layers, cap);
  OF_ORGANIZATION.set(snapshot, byCap.set(cap, resolved));
  return resolved;
}

/** Kept with each key of a report, and the same for most of them. */
const POLICIES = new WeakMap<SettingValues, Policy>();

function policyOf(values: SettingValues): Policy {
  const policy = POLICIES.get(values) ?? toPolicy(values);
  POLICIES.set(values, policy);
  return policy;
}

/** What is set for the organization as a whole; undefined where that can't be said. */
export function settingsOfOrganization(snapshot: SettingsSnapshot, cap?: Mode): ResolvedSettings | undefined {
  if (snapshot.badRows.some(({ target }) => target === undefined || target.level === 'organization')) {
    return undefined;
  }
  const resolved = resolveSettings(layersOfOrganization(snapshot), cap);
  return resolved.kind === 'ok' ? resolved.value : undefined;
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

/** Where an account's digests go, as far as that is known when its settings as a whole can't be used. */
export const topicOf = (
  snapshot: SettingsSnapshot,
  account: Pick<Account, 'id' | 'ouPath'>,
): string | undefined =>
  layersOfAccount(snapshot, account).findLast(({ values }) => values.topicArn !== undefined)?.values.topicArn;

/** Whether mode audit is set for all accounts, as far as the settings can be used. */
export const changesNothing = (snapshot: SettingsSnapshot): boolean =>
  settingsOfOrganization(snapshot)?.values.mode === 'audit' &&
  snapshot.rows.every(({ values: { mode = 'audit' } }) => mode === 'audit');

/** Whether accounts must be listed with the units they are in. */
export const needsUnits = ({ rows, badRows }: SettingsSnapshot): boolean =>
  [...rows, ...badRows].some(({ target }) => target?.level === 'organizational-unit');

interface UserSettings extends ResolvedSettings {
  readonly policy: Policy;
  readonly owner?: string;
}

export type UserSettingsResult = Result<UserSettings, { readonly failure: Failure }>;

/** What is set for one user, its exemption included. A row of the user that can't be used stops it. */
export function settingsOfUser(account: AccountSettings, facts: UserFacts, now: Instant): UserSettingsResult {
  const { snapshot, accountId, layers, cap } = account;
  const mine = (row: BadSettingsRow) =>
    row.target !== undefined && isUser(row.target, accountId, facts.userName);
  const bad = snapshot.badRows.filter(mine);
  if (bad.length > 0) return refused(bad.map(({ message }) => message));
  const own = layerOfUser(snapshot, accountId, facts.userName);
  const resolved =
    own.length === 0 ? { kind: 'ok' as const, value: account } : resolveSettings([...layers, ...own], cap);
  if (resolved.kind === 'failed') return refused(resolved.problems);
  const { values, sources } = resolved.value;
  const last = lastExemption(values, facts, now);
  // An owner set for the user goes before its tag, and the tag before an owner set for many.
  const ownerOfVeryUser = own.find(({ values: { owner: named } }) => named !== undefined)?.values.owner;
  const owner = ownerOfVeryUser ?? ownerByTag(values, facts) ?? values.owner;
  return {
    kind: 'ok',
    value: {
      values,
      sources,
      policy: last === undefined ? policyOf(values) : { ...policyOf(values), ...last },
      ...definedOnly({ owner }),
    },
  };
}

/** The exemption that ends last. One that has ended doesn't count any more, and is told apart. */
function lastExemption(
  values: SettingValues,
  facts: UserFacts,
  now: Instant,
): Pick<Policy, 'exemption' | 'endedExemption'> | undefined {
  const ofRules = values.exemptions.filter(({ users }) => users.some((selector) => selects(selector, facts)));
  const last: Exemption | undefined = [
    ...ofRules,
    ...(values.exemption === undefined ? [] : [values.exemption]),
  ]
    .sort((one, other) => other.until - one.until)
    .map(({ owner, reason, until }) => ({ owner, reason, until }))[0];
  if (last === undefined) return undefined;
  return now < last.until ? { exemption: last } : { endedExemption: last };
}

function ownerByTag({ ownerTag }: SettingValues, { tags }: UserFacts): string | undefined {
  if (ownerTag === undefined || tags === undefined) return undefined;
  return tagOf(tags, ownerTag)?.trim() || undefined;
}
