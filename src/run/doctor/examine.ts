import pLimit from 'p-limit';
import { selectAccount, unknownIds, type Account } from '../../domain/account.ts';
import {
  deployAgain,
  notChecked,
  ok,
  unanswered,
  wrong,
  type Check,
  type HealthReport,
} from '../../domain/health/check.ts';
import type { RoleConfig } from '../../domain/health/account-checks.ts';
import { failureOf, InputError } from '../../domain/errors.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { accountsThatLeft, asksForUnits } from '../context/accounts.ts';
import type { Examination } from './examination.ts';
import { examineAccount } from './examine-account.ts';
import { accountsByTopic } from './examine-readers.ts';
import { examineService } from './examine-service.ts';
import { examineSettings, settingsOf, topicsInTable } from './examine-settings.ts';

/**
 * Examines the service, then every account. Whatever fails is a check of its own and doesn't keep the
 * rest from being examined.
 * @throws InputError when an account is asked for that the organization doesn't have
 * @throws OperationError when not even the caller's own identity can be read
 */
export async function examine(examination: Examination): Promise<HealthReport> {
  const { access, region, now } = examination;
  const { accountId: serviceAccountId, partition } = await access.identity();
  const role: RoleConfig = { ...examination.role, region, partition, serviceAccountId };
  const { snapshot, checks: ofSettings } = await examineSettings(examination.settings);
  const { accounts, checks: ofOrganization } = await findAccounts(examination, serviceAccountId, snapshot);
  const topics = snapshot === undefined ? [] : topicsInTable(snapshot, role);
  const ofService = await examineService(examination, topics, accountsByTopic(snapshot, accounts));

  examination.progress.accountsFound(accounts.length);
  const limit = pLimit(examination.accountConcurrency);
  const ofAccounts = await limit.map([...accounts], async (account) => {
    const checks = await examineOne(account, examination, role);
    examination.progress.accountDone(account);
    return [...settingsOf(account, snapshot), ...checks].map(({ area, ...check }): Check => ({
      area,
      accountId: account.id,
      ...check,
    }));
  });
  return {
    checkedAt: now,
    accounts,
    checks: [...ofSettings, ...ofOrganization, ...ofService, ...ofAccounts.flat()],
  };
}

async function examineOne(
  account: Account,
  { access }: Examination,
  role: RoleConfig,
): Promise<readonly Check[]> {
  if (account.state !== 'ACTIVE') {
    return [
      notChecked('account', 'state', `the account is ${account.state.toLowerCase().replace('_', ' ')}`),
    ];
  }
  try {
    return await examineAccount(account.id, access, role);
  } catch (error) {
    return [unanswered('account', 'examination', failureOf(error, 'examine'))];
  }
}

interface Found {
  readonly accounts: readonly Account[];
  readonly checks: readonly Check[];
}

/** The accounts to examine; where they can't be listed those that were asked for, or the service's own. */
async function findAccounts(
  examination: Examination,
  ownId: string,
  snapshot: SettingsSnapshot | undefined,
): Promise<Found> {
  const { selection, directory } = examination;
  let organization;
  try {
    organization = await directory.list({ withOus: asksForUnits(selection, snapshot) });
  } catch (error) {
    const ids = selection.onlyAccounts.length > 0 ? selection.onlyAccounts : [ownId];
    const accounts = ids.map((id): Account => ({ id, name: id, state: 'ACTIVE', ouPath: [] }));
    return { accounts, checks: [notListed(error, examination, ownId)] };
  }
  const { accounts: all, ous } = organization;
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
  return { accounts, checks: [listed, ...left.map(hasLeft), ...settingsProblems(mistyped, accounts)] };
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

function notListed(error: unknown, { region }: Examination, ownId: string): Check {
  const failure = failureOf(error, 'organizations:ListAccounts');
  if (failure.kind !== 'denied') return unanswered('organization', 'accounts', failure);
  const register = `aws organizations register-delegated-administrator --account-id ${ownId} --service-principal member.org.stacksets.cloudformation.amazonaws.com`;
  const role = `aws cloudformation deploy --region ${region} --template-file resources/organizations-role.yml --stack-name access-key-rotation-organizations --capabilities CAPABILITY_NAMED_IAM --parameter-overrides ServiceAccountId=${ownId}`;
  return wrong(
    'organization',
    'accounts',
    `${failure.during}: ${failure.message}; account ${ownId} is no delegated administrator, or the caller may not list`,
    `In the management account, either ${register} or ${role}, then set organizationsRoleArn in serverless.yml to its output RoleArn and ${deployAgain(region)}`,
  );
}
