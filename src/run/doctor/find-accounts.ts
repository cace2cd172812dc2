import { selectAccount, unknownIds, type Account } from '../../domain/account.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf, InputError, type Failure } from '../../domain/errors.ts';
import { ok, wrong, type Check } from '../../domain/health/check.ts';
import type { OrganizationIds } from '../../domain/health/member-role.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { accountsThatLeft, asksForUnits } from '../context/accounts.ts';
import type { Examination } from './examination.ts';

export interface FoundAccounts {
  readonly accounts: readonly Account[];
  readonly checks: readonly Check[];
  readonly ids?: OrganizationIds;
  /** Why they could not be listed. */
  readonly failure?: Failure;
}

/** The accounts to examine; where they can't be listed those that were asked for, or the service's own. */
export async function findAccounts(
  examination: Examination,
  ownId: string,
  snapshot: SettingsSnapshot | undefined,
): Promise<FoundAccounts> {
  const { selection, directory } = examination;
  let organization;
  try {
    organization = await directory.list({ withOus: asksForUnits(selection, snapshot) });
  } catch (error) {
    const ids = selection.onlyAccounts.length > 0 ? selection.onlyAccounts : [ownId];
    const accounts = ids.map((id): Account => ({ id, name: id, state: 'ACTIVE', ouPath: [] }));
    return { accounts, checks: [], failure: failureOf(error, 'organizations:ListAccounts') };
  }
  const { accounts: all, ous, ids } = organization;
  const known = [...all.map(({ id }) => id), ...ous];
  const notThere = selection.onlyAccounts.filter((id) => !known.includes(id));
  if (notThere.length > 0) {
    throw new InputError(notThere.map((id) => `${id}: the organization has no such account`));
  }
  const accounts = all.filter((account) => {
    const selected = selectAccount(account, selection);
    return selected.kind === 'selected' || selected.kind === 'inactive';
  });
  const listed = ok(
    'organization',
    'accounts',
    `${all.length} can be listed, ${accounts.length} are looked at`,
  );
  const unknown = unknownIds(selection, all, ous);
  const left = await accountsThatLeft(unknown, selection, examination.formerMembers).catch(
    (): readonly string[] => [],
  );
  const mistyped = unknown.filter((id) => !left.includes(id));
  const checks = [listed, ...left.map(hasLeft), ...settingsProblems(mistyped, accounts)];
  return { accounts, checks, ...definedOnly({ ids }) };
}

const hasLeft = (id: string): Check =>
  ok('settings', 'accounts and units', `${id} has left the organization; nothing need name it any more`);

/** With these problems no run starts. */
const settingsProblems = (unknown: readonly string[], accounts: readonly Account[]): readonly Check[] => [
  ...unknown.map((id) =>
    wrong(
      'settings',
      'accounts and units',
      `the organization has no ${id}; no run starts while a setting names it`,
      'Remove it from ROTATION_INCLUDE_ACCOUNTS, ROTATION_EXCLUDE_ACCOUNTS, ROTATION_INCLUDE_OUS or ROTATION_EXCLUDE_OUS.',
    ),
  ),
  ...(accounts.length > 0
    ? []
    : [
        wrong(
          'settings',
          'accounts and units',
          'the settings leave no account to work on',
          'Correct ROTATION_INCLUDE_ACCOUNTS, ROTATION_EXCLUDE_ACCOUNTS, ROTATION_INCLUDE_OUS and ROTATION_EXCLUDE_OUS.',
        ),
      ]),
];
