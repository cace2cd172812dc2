import type { Failure } from '../../domain/errors.ts';
import { failureOf, isKind } from '../../domain/errors.ts';
import {
  ACTIONS,
  externalIdCheck,
  NOT_SIMULATED,
  permissionChecks,
  SUBJECTS,
  type Action,
  type Permission,
  type Read,
  type Subject,
} from '../../domain/health/account-checks.ts';
import { ok, type Check } from '../../domain/health/check.ts';
import { roleArnIn, type RoleConfig } from '../../domain/health/member-role.ts';
import type { Refusal } from '../../domain/health/refused-accounts.ts';
import type { SettingValues } from '../../domain/settings/setting.ts';
import type { AccountExaminer, AccountAccess } from '../ports/doctor.ts';
import type { IamUser } from '../ports/keys.ts';
import { examineUsage } from './examine-usage.ts';

/** A secret that no user has: user names hold no slash. */
const NO_SECRET = 'access-key-rotation/doctor/none';
/** A group that no account has, to see whether groups may be read. */
const NO_GROUP = 'access-key-rotation-doctor';

/** What was found in an account of a run of `doctor`. */
export interface ExaminedAccount {
  readonly accountId: string;
  readonly checks: readonly Check[];
  /** Why it could not be entered. */
  readonly refusal: Refusal | undefined;
}

/** What is right and wrong inside of an account, or that it could not be entered. */
type Examined =
  | { readonly kind: 'entered'; readonly checks: readonly Check[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Enters an account as the service does, and finds out what it may do there. */
export async function examineAccount(
  accountId: string,
  access: AccountAccess,
  role: RoleConfig,
  { lookUpUsage }: Pick<SettingValues, 'lookUpUsage'>,
): Promise<Examined> {
  let inside;
  try {
    inside = await access.enter(accountId);
  } catch (error) {
    const failure = failureOf(error, 'sts:AssumeRole');
    const denied = role.hasExternalId && failure.kind === 'denied';
    const opensWithoutExternalId =
      denied && (await failureOfCall(() => access.enterWithoutExternalId(accountId))) === undefined;
    return { kind: 'refused', refusal: { accountId, failure, opensWithoutExternalId } };
  }
  const without = role.hasExternalId
    ? await failureOfCall(() => access.enterWithoutExternalId(accountId))
    : undefined;
  const checks = [
    ok('account', 'enter', 'the role can be assumed'),
    externalIdCheck(accountId, role, without),
    ...(await examineInside(accountId, inside, role)),
    ...(lookUpUsage ? [await examineUsage(inside)] : []),
  ];
  return { kind: 'entered', checks };
}

async function failureOfCall(call: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return failureOf(error, 'sts:AssumeRole');
  }
}

/** Permissions in the account: those that only read are tried, the others simulated. */
async function examineInside(
  accountId: string,
  account: AccountExaminer,
  role: RoleConfig,
): Promise<readonly Check[]> {
  const { permissions, user } = await tryReads(account);
  const open = ACTIONS.filter((action) => (permissions.get(action)?.known ?? 'unknown') === 'unknown');
  const userArn = user?.arn ?? `arn:${role.partition}:iam::${accountId}:user/access-key-rotation-doctor`;
  const secretArn = `arn:${role.partition}:secretsmanager:${role.region}:${accountId}:secret:${NO_SECRET}-AbCdEf`;
  const resources: Record<Subject, string> = {
    anything: '*',
    user: userArn,
    group: `arn:${role.partition}:iam::${accountId}:group/${NO_GROUP}`,
    secret: secretArn,
  };

  const simulated = await simulate(account, roleArnIn(accountId, role), open, resources);
  const all = new Map(
    ACTIONS.map((action) => [
      action,
      permissions.get(action) ?? simulated.get(action) ?? unknown('it was neither tried nor simulated'),
    ]),
  );
  return permissionChecks(all, accountId, role);
}

const unknown = (why: string): Permission => ({ known: 'unknown', why });

/** One call for each permission to read, as far as there is something to try it on. */
async function tryReads(account: AccountExaminer) {
  const { inventory } = account;
  const permissions = new Map<Action, Permission>();
  const attempt = async <Answer>(action: Read, call: () => Promise<Answer>) => {
    try {
      const answer = await call();
      permissions.set(action, { known: 'allowed', by: 'call', message: 'allowed' });
      return answer;
    } catch (error) {
      const failure = failureOf(error, action);
      // A user or key may be gone since it was listed; that says nothing.
      if (isKind(error, 'not-found')) return undefined;
      permissions.set(
        action,
        failure.kind === 'denied'
          ? { known: 'denied', by: 'call', message: `${action}: ${failure.message}` }
          : { known: 'failed', failure },
      );
      return undefined;
    }
  };
  const user: IamUser | undefined = await attempt('iam:ListUsers', () => account.firstUser());
  await attempt('iam:GetAccountSummary', () => inventory.rootHasKeys());
  await attempt('iam:GenerateCredentialReport', () => account.credentialReport.generate());
  await attempt('iam:GetCredentialReport', () => account.credentialReport.get());
  if (user !== undefined) {
    const keys = await attempt('iam:ListAccessKeys', () => inventory.keysOf(user.userName));
    const key = keys?.[0];
    if (key !== undefined) await attempt('iam:GetAccessKeyLastUsed', () => inventory.lastUse(key.id));
    await attempt('iam:ListUserTags', () => inventory.tagsOf(user.userName));
  }
  await attempt('iam:GetGroup', () => inventory.membersOf(NO_GROUP));
  await attempt('secretsmanager:DescribeSecret', () => account.describeSecret(NO_SECRET));
  return { permissions, user };
}

/** Simulation is optional: where it isn't allowed, what it would have shown is unknown. */
async function simulate(
  account: AccountExaminer,
  principalArn: string,
  actions: readonly Action[],
  resources: Readonly<Record<Subject, string>>,
): Promise<ReadonlyMap<Action, Permission>> {
  const found = new Map<Action, Permission>();
  for (const [subject, resource] of Object.entries(resources)) {
    const asked = actions.filter((action) => SUBJECTS[action] === subject);
    if (asked.length === 0) continue;
    for (const [action, permission] of await simulateOn(account, principalArn, asked, resource)) {
      found.set(action, permission);
    }
  }
  return found;
}

async function simulateOn(
  account: AccountExaminer,
  principalArn: string,
  actions: readonly Action[],
  resource: string,
): Promise<readonly (readonly [Action, Permission])[]> {
  const all = (why: string) => actions.map((action) => [action, unknown(why)] as const);
  try {
    const answers = await account.simulate(principalArn, actions, resource);
    return actions.map((action) => {
      const verdict = answers.find((answer) => answer.action === action)?.verdict ?? 'depends';
      if (verdict === 'depends') return [action, unknown('it depends on conditions of a policy')];
      const message = `${principalArn} may not do this on ${resource}`;
      return [action, { known: verdict, by: 'simulation', message }];
    });
  } catch (error) {
    const { kind, message } = failureOf(error, 'iam:SimulatePrincipalPolicy');
    return all(kind === 'denied' ? NOT_SIMULATED : `iam:SimulatePrincipalPolicy failed: ${message}`);
  }
}
