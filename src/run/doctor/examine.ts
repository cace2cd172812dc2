import pLimit from 'p-limit';
import type { Account } from '../../domain/account.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf } from '../../domain/errors.ts';
import { callerOf } from '../../domain/health/caller.ts';
import { notChecked, unanswered, type Check, type HealthReport } from '../../domain/health/check.ts';
import type { RoleConfig } from '../../domain/health/member-role.ts';
import type { Examination } from './examination.ts';
import { examineAccount, type ExaminedAccount } from './examine-account.ts';
import { explain } from './explain.ts';
import { accountsByTopic } from './examine-readers.ts';
import { examineService } from './examine-service.ts';
import { examineSettings, looksUpUsage, settingsOf, topicsInTable } from './examine-settings.ts';
import { findAccounts } from './find-accounts.ts';

/**
 * Examines the service, then every account. Whatever fails is a check of its own and doesn't keep the
 * rest from being examined.
 * @throws InputError when an account is asked for that the organization doesn't have
 * @throws OperationError when not even the caller's own identity can be read
 */
export async function examine(examination: Examination): Promise<HealthReport> {
  const { access, region, now } = examination;
  const { accountId: serviceAccountId, partition, arn } = await access.identity();
  const { snapshot, checks: ofSettings } = await examineSettings(examination.settings);
  const found = await findAccounts(examination, serviceAccountId, snapshot);
  const { accounts, ids: organization } = found;
  const role: RoleConfig = {
    ...examination.role,
    ...definedOnly({ organization }),
    narrowedTo: {
      ous: examination.selection.includeOus,
      accounts: examination.selection.includeAccounts,
    },
    region,
    partition,
    serviceAccountId,
  };
  const topics = snapshot === undefined ? [] : topicsInTable(snapshot, role);
  const service = await examineService(
    examination,
    topics,
    accountsByTopic(snapshot, accounts),
    serviceAccountId,
  );

  examination.progress.accountsFound(accounts.length);
  const limit = pLimit(examination.accountConcurrency);
  const examined = await limit.map([...accounts], async (account) => {
    const { checks, refusal } = await examineOne(account, examination, {
      role,
      lookUpUsage: looksUpUsage(account, snapshot),
    });
    examination.progress.accountDone(account);
    const ofAccount = [...settingsOf(account, snapshot), ...checks];
    return { accountId: account.id, refusal, checks: ofAccount.map(withId(account.id)) };
  });
  const explained = await explain(examination, {
    role,
    caller: callerOf(arn),
    service,
    found,
    examined,
    ofSettings,
  });
  return {
    checkedAt: now,
    accounts,
    checks: [
      ...ofSettings,
      ...explained.ofOrganization,
      ...service.checks,
      ...examined.flatMap(({ accountId, checks }) => [
        ...checks,
        ...explained.refused.filter((check) => check.accountId === accountId),
      ]),
    ],
  };
}

const withId =
  (accountId: string) =>
  ({ area, ...check }: Check): Check => ({ area, accountId, ...check });

async function examineOne(
  account: Account,
  { access }: Examination,
  { role, lookUpUsage }: { readonly role: RoleConfig; readonly lookUpUsage: boolean },
): Promise<Pick<ExaminedAccount, 'checks' | 'refusal'>> {
  if (account.state !== 'ACTIVE') {
    const state = account.state.toLowerCase().replace('_', ' ');
    return { refusal: undefined, checks: [notChecked('account', 'state', `the account is ${state}`)] };
  }
  try {
    const examined = await examineAccount(account.id, access, role, { lookUpUsage });
    return examined.kind === 'entered'
      ? { refusal: undefined, checks: examined.checks }
      : { refusal: examined.refusal, checks: [] };
  } catch (error) {
    return {
      refusal: undefined,
      checks: [unanswered('account', 'examination', failureOf(error, 'examine'))],
    };
  }
}
