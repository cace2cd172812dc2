import {
  SEVERITY_OF,
  type KeyFinding,
  type ProblemKind,
  type Severity,
} from '../../domain/report/findings-of.ts';
import type { KeyProblem } from '../../domain/report/key-problems.ts';
import type { Instant } from '../../domain/time.ts';
import { clean, nameOr } from '../common/sanitize.ts';

/*
 * Findings as AWS Security Hub takes them (ASFF). Security Hub takes findings of an account from nobody but that
 * account, so all of them are of the account of the service; where the key is, say resources and product fields.
 */

/** `arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default` */
export interface Product {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
}

/** Part of the names of ids and rules, which are never to change: automations of customers go by them. */
const GENERATOR = 'access-key-rotation';

const TYPES = ['Software and Configuration Checks/AWS Security Best Practices'];

const TITLES: Readonly<Record<ProblemKind, string>> = {
  'root-key': 'The root user has access keys',
  'over-limit': 'An access key is older than the settings allow',
  'needs-person': 'An access key needs a decision by a person',
  failed: 'The rotation of an access key failed',
  unused: 'An access key is not used',
  'two-keys': 'A user has two active access keys',
  'exemption-ended': 'The exemption of an access key has ended',
};

const LABELS: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
};

/** As Security Hub allows. */
const LONGEST = { title: 250, description: 1_000, step: 500, field: 1_000 };

/** @param at when the run ended that has found it, or has found it gone */
export function asffFinding(
  { id, finding, problem }: KeyProblem,
  state: 'active' | 'archived',
  { runId, finishedAt: at }: { readonly runId: string; readonly finishedAt: Instant },
  product: Product,
) {
  const { accountId, accountName, key, exemption, nextStep } = finding;
  // Somebody answers for it, so it is to be known and not to be mended.
  const label = LABELS[exemption === undefined ? SEVERITY_OF[problem.kind] : 'low'];
  const since = momentOf(problem.since);
  return {
    SchemaVersion: '2018-10-08',
    Id: `${GENERATOR}/${id}`,
    ProductArn: product.arn,
    GeneratorId: `${GENERATOR}/${problem.kind}`,
    AwsAccountId: product.accountId,
    ...{ Types: TYPES, Severity: { Label: label } },
    // Customers may change the two above; these say what we say.
    FindingProviderFields: { Types: TYPES, Severity: { Label: label } },
    ...(since === undefined ? {} : { FirstObservedAt: since }),
    ...(state === 'active' ? { LastObservedAt: isoOf(at) } : {}),
    CreatedAt: since ?? isoOf(at),
    UpdatedAt: isoOf(at),
    Title: clean(`${TITLES[problem.kind]}: ${nameOfKey(finding)}`, LONGEST.title),
    Description: clean(descriptionOf(finding, problem.why), LONGEST.description),
    Remediation: {
      Recommendation: { Text: clean(nextStep, LONGEST.step) || 'Read the report of the run.' },
    },
    ProductFields: {
      [`${GENERATOR}/AccountId`]: accountId,
      [`${GENERATOR}/AccountName`]: nameOr(accountName, 'unnamed'),
      ...(key === undefined ? {} : { [`${GENERATOR}/UserName`]: nameOr(key.userName, 'unnamed') }),
      ...ownerFieldOf(key?.owner),
      [`${GENERATOR}/RunId`]: runId,
    },
    Resources: resourcesOf(finding, product),
    Compliance: {
      Status: state === 'archived' ? 'PASSED' : exemption === undefined ? 'FAILED' : 'WARNING',
    },
    RecordState: state === 'archived' ? 'ARCHIVED' : 'ACTIVE',
  };
}

export type AsffFinding = ReturnType<typeof asffFinding>;

function ownerFieldOf(owner: string | undefined): Readonly<Record<string, string>> {
  const text = clean(owner ?? '', LONGEST.field);
  return text === '' ? {} : { [`${GENERATOR}/Owner`]: text };
}

const nameOfKey = ({ accountId, key }: KeyFinding): string =>
  key === undefined ? accountId : `${key.keyId} of ${nameOr(key.userName, 'an unnamed user')}`;

function descriptionOf({ accountId, accountName, key, exemption }: KeyFinding, why: string): string {
  const where = `in account ${accountId} (${nameOr(accountName, 'unnamed')})`;
  const what =
    key === undefined ? `The root user ${where}` : `Access key ${key.keyId} of user ${key.userName} ${where}`;
  const exempt =
    exemption === undefined
      ? ''
      : ` It is exempt until ${momentOf(exemption.until)?.slice(0, 10) ?? 'an unknown day'}: ${clean(exemption.reason, 200)} (${clean(exemption.owner, 100)}).`;
  return `${what}: ${clean(why)}${exempt}`;
}

/** The path of a user isn't in the report, so nobody is given an ARN that may be wrong. */
function resourcesOf({ accountId, key }: KeyFinding, { partition }: Product): readonly Resource[] {
  if (key === undefined) {
    return [{ Type: 'AwsAccount', Id: `AWS::::Account:${accountId}`, Partition: partition }];
  }
  const { keyId, status, createdAt } = key;
  const userName = nameOr(key.userName, 'unnamed');
  const created = momentOf(createdAt);
  return [
    {
      Type: 'AwsIamAccessKey',
      Id: `AWS::IAM::AccessKey:${keyId}`,
      Partition: partition,
      Details: {
        AwsIamAccessKey: {
          AccessKeyId: keyId,
          AccountId: accountId,
          PrincipalType: 'AWS::IAM::User',
          PrincipalName: userName,
          Status: status === 'active' ? 'Active' : 'Inactive',
          ...(created === undefined ? {} : { CreatedAt: created }),
        },
      },
    },
    {
      Type: 'AwsIamUser',
      Id: `AWS::IAM::User:${accountId}/${userName}`,
      Partition: partition,
      Details: { AwsIamUser: { UserName: userName } },
    },
  ];
}

interface Resource {
  readonly Type: string;
  readonly Id: string;
  readonly Partition: string;
  readonly Details?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const isoOf = (at: Instant): string => new Date(at).toISOString();

/** A date that is no date is in no finding. */
const momentOf = (at: Instant | undefined): string | undefined =>
  at === undefined || !Number.isFinite(at) || Math.abs(at) > LAST_MOMENT ? undefined : isoOf(at);

const LAST_MOMENT = 8.64e15;
