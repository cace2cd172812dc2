import { failureOf, type Failure } from '../../domain/errors.ts';
import type { Caller } from '../../domain/health/caller.ts';
import type { Check } from '../../domain/health/check.ts';
import { isReachedByStackSet, type RoleConfig } from '../../domain/health/member-role.ts';
import {
  lacksPermission,
  lacksPolicy,
  policyStep,
  rootUser,
  withoutPolicy,
} from '../../domain/health/operator.ts';
import { notListed, trustedAccessCheck } from '../../domain/health/organization-checks.ts';
import { isAboutTheRole, refusedChecks, type Refusal } from '../../domain/health/refused-accounts.ts';
import type { AccountAccess } from '../ports/doctor.ts';
import type { Examination } from './examination.ts';
import type { ExaminedAccount } from './examine-account.ts';
import type { ExaminedService } from './examine-service.ts';
import type { FoundAccounts } from './find-accounts.ts';

/** All that was found, where what came of one thing tells why another failed. */
export interface Findings {
  readonly role: RoleConfig;
  readonly caller: Caller;
  readonly service: ExaminedService;
  readonly found: FoundAccounts;
  readonly examined: readonly ExaminedAccount[];
  readonly ofSettings: readonly Check[];
}

export interface Explained {
  readonly ofOrganization: readonly Check[];
  /** One for each account that could not be entered. */
  readonly refused: readonly Check[];
}

/**
 * Says why accounts could not be listed or entered: AWS itself only says that it was denied.
 */
export async function explain(
  { access, service: examiner, region, externalId }: Examination,
  { role, caller, service, found, examined, ofSettings }: Findings,
): Promise<Explained> {
  const refusals = examined.flatMap(({ refusal }) => refusal ?? []);
  const aboutTheRole = refusals.filter(isAboutTheRole);
  const deniedRights = [...new Set([...ofSettings, ...service.checks].flatMap(({ right }) => right ?? []))];
  const failures = [...(found.failure ? [found.failure] : []), ...aboutTheRole.map(({ failure }) => failure)];
  const lacking = caller.kind !== 'root' && lacksPolicy(deniedRights, failures);

  const members = (accounts: readonly { readonly accountId: string }[]) =>
    accounts.filter(({ accountId }) => isReachedByStackSet(accountId, role)).length;
  const { facts } = service;
  const deployed = service.checks.find(({ area, name }) => area === 'function' && name === 'deployed');
  const refused = refusedChecks(refusals, {
    role,
    caller,
    isDeployed: deployed?.status === 'not-checked' ? undefined : deployed?.status === 'ok',
    ownEntered: await entersOwn(access, role, examined, aboutTheRole),
    externalIdIsRight: facts === undefined ? undefined : facts.externalId === externalId,
    lacksPolicy: lacking,
    membersEntered: members(examined.filter(isEntered)),
  });
  return {
    ofOrganization: [
      ...(caller.kind === 'root' && failures.length > 0 ? [rootUser(caller)] : []),
      ...(lacking ? [withoutPolicy(caller, deniedRights, role)] : []),
      ...(found.failure === undefined ? [] : [ofListing(found.failure, lacking, caller, role)]),
      ...found.checks,
      ...trustedAccessCheck(await trusted(examiner), members(aboutTheRole) > 0, region),
    ],
    refused,
  };
}

const isEntered = ({ checks }: ExaminedAccount): boolean => checks.some(({ name }) => name === 'enter');

function ofListing(failure: Failure, lacking: boolean, caller: Caller, role: RoleConfig): Check {
  const check = notListed(failure, role.serviceAccountId, role.region);
  const byPolicy = failure.kind === 'denied' && (lacking || lacksPermission(failure));
  return byPolicy ? { ...check, nextStep: policyStep(caller, role) } : check;
}

/** Whether the account of the service lets in, where another refuses; it may not be among those asked for. */
async function entersOwn(
  access: AccountAccess,
  { serviceAccountId }: RoleConfig,
  examined: readonly ExaminedAccount[],
  refusals: readonly Refusal[],
): Promise<boolean | undefined> {
  if (refusals.length === 0) return undefined;
  if (refusals.some(({ accountId }) => accountId === serviceAccountId)) return false;
  const own = examined.find(({ accountId }) => accountId === serviceAccountId);
  if (own !== undefined) return isEntered(own) ? true : undefined;
  try {
    await access.enter(serviceAccountId);
    return true;
  } catch (error) {
    return failureOf(error, 'sts:AssumeRole').kind === 'denied' ? false : undefined;
  }
}

async function trusted({ trustedServices }: Examination['service']): Promise<readonly string[] | Failure> {
  try {
    return await trustedServices();
  } catch (error) {
    return failureOf(error, 'organizations:ListAWSServiceAccessForOrganization');
  }
}
