import type { KeyFinding, Severity } from '../../domain/report/findings-of.ts';
import { findingsOf } from '../../domain/report/findings-of.ts';
import type { StoredRun } from '../../domain/report/stored-run.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { VERSION } from '../../domain/version.ts';
import { clean, whole } from '../common/sanitize.ts';
import { sentence } from '../common/sanitize.ts';
import { isoOf } from '../common/wording.ts';
import type { Instant } from '../../domain/time.ts';

/*
 * What needs attention as Detection Findings of the Open Cybersecurity Schema Framework, one JSON object a line, as
 * SIEMs and data lakes take them in. The schema: https://schema.ocsf.io/1.9.0/classes/detection_finding
 */

const OCSF_VERSION = '1.9.0';
const FINDINGS = 2;
const DETECTION_FINDING = 2004;
/** Every run tells of what it finds; the uid says whether a finding is known already. */
const CREATE = 1;

/** The same run gives the same lines. */
export const ocsfLines = (run: StoredRun): string =>
  findingsOf(run)
    .map((finding) => `${JSON.stringify(detectionFinding(finding, run))}\n`)
    .join('');

const SEVERITIES: Readonly<Record<Severity, readonly [number, string]>> = {
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

const NEW = [1, 'New'] as const;
/** Somebody has taken it on himself: exempt until a date. */
const SUPPRESSED = [3, 'Suppressed'] as const;

function detectionFinding(finding: KeyFinding, run: StoredRun): object {
  const { uid, accountId, accountName, severity, problems, nextStep, exemption, key } = finding;
  const [severityId, severityName] = SEVERITIES[severity];
  const [statusId, status] = exemption === undefined ? NEW : SUPPRESSED;
  const title = titleOf(finding);
  const since = momentOf(problems[0].since);
  const account = {
    uid: whole(accountId),
    name: clean(accountName),
    type_id: 10,
    type: 'AWS Account',
  };
  return {
    activity_id: CREATE,
    activity_name: 'Create',
    category_uid: FINDINGS,
    category_name: 'Findings',
    class_uid: DETECTION_FINDING,
    class_name: 'Detection Finding',
    type_uid: DETECTION_FINDING * 100 + CREATE,
    type_name: 'Detection Finding: Create',
    severity_id: severityId,
    severity: severityName,
    status_id: statusId,
    status,
    is_alert: exemption === undefined,
    time: run.finishedAt,
    message: title,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      uid: `${whole(run.runId)}/${whole(uid)}`,
      product: { name: 'access-key-rotation', vendor_name: 'access-key-rotation', version: VERSION },
    },
    finding_info: {
      uid: `access-key-rotation/${whole(uid)}`,
      title,
      desc: problems.map(({ why }) => sentence(clean(why))).join(' '),
      types: problems.map(({ kind }) => kind),
      created_time: run.finishedAt,
      last_seen_time: run.finishedAt,
      ...definedOnly({ first_seen_time: since }),
    },
    remediation: { desc: clean(nextStep) },
    cloud: { provider: 'AWS', account },
    resources: resourcesOf(key, account),
    unmapped: {
      run_id: whole(run.runId),
      ...(exemption === undefined
        ? {}
        : {
            exemption: {
              owner: clean(exemption.owner),
              reason: clean(exemption.reason),
              ...definedOnly({ until: isoOf(exemption.until) }),
            },
          }),
    },
  };
}

const TITLES: Readonly<Record<KeyFinding['problems'][0]['kind'], string>> = {
  'root-key': 'The root user has access keys',
  'over-limit': 'Access key is over the limit of age',
  'needs-person': 'Access key needs a person',
  failed: 'Access key could not be rotated',
  unused: 'Access key is unused',
  'two-keys': 'User has two active access keys',
  'exemption-ended': 'Exemption of an access key has ended',
};

const titleOf = ({ problems, key }: KeyFinding): string =>
  key === undefined
    ? TITLES[problems[0].kind]
    : `${TITLES[problems[0].kind]}: ${whole(key.keyId)} of ${clean(key.userName)}`;

interface Account {
  readonly uid: string;
}

function resourcesOf(key: KeyFinding['key'], account: Account): readonly object[] {
  if (key === undefined) return [{ type: 'AWS::IAM::User', uid: `${account.uid}/root`, name: 'root' }];
  const owner = clean(key.owner ?? '');
  const createdAt = momentOf(key.createdAt);
  return [
    {
      type: 'AWS::IAM::AccessKey',
      uid: whole(key.keyId),
      ...(owner === '' ? {} : { owner: ownerOf(owner, account) }),
      data: {
        created_at: createdAt === undefined ? null : (isoOf(createdAt) ?? null),
        age_days: createdAt === undefined ? null : key.ageDays,
        reason: key.reason,
        replaced_by: key.replacedBy ?? null,
      },
    },
    {
      type: 'AWS::IAM::User',
      uid: `${account.uid}/${whole(key.userName)}`,
      name: whole(key.userName),
    },
  ];
}

/**
 * The schema asks for one of name, uid and account; py-ocsf-models, by which others read findings, for all of them.
 * The name is what owners are known by here, and what it is the name of, a person or a team, nobody has said.
 */
const ownerOf = (name: string, account: Account): object => ({
  name,
  uid: name,
  type_id: 0,
  type: 'Unknown',
  account,
});

/** A stored run has null for a date that AWS doesn't tell, and the schema has no such moment. */
const momentOf = (at: Instant | undefined): Instant | undefined =>
  at === undefined || !Number.isInteger(at) || isoOf(at) === undefined ? undefined : at;
