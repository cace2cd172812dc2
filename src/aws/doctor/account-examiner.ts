import { IAMClient, SimulatePrincipalPolicyCommand, type EvaluationResult } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { definedOnly } from '../../domain/defined-only.ts';
import { READS } from '../../domain/health/account-checks.ts';
import { roleArnIn, type RoleConfig } from '../../domain/health/member-role.ts';
import { DAY } from '../../domain/time.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { AccountAccess, AccountExaminer, Simulated } from '../../run/ports/doctor.ts';
import { assumeRole, callerIdentity, sessionNameOf, type CallerIdentity } from '../account/assume-role.ts';
import { generateReport, getReport } from '../account/credential-report.ts';
import { firstUser, iamInventory, markerOf } from '../account/inventory.ts';
import { cloudTrailUsage } from '../account/key-usage.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { kindOf, operationErrorOf, required } from '../client/errors.ts';
import { readList } from '../client/pages.ts';

export interface AccountAccessSettings {
  readonly role: Pick<RoleConfig, 'roleName' | 'rolePath'>;
  readonly externalId?: string;
  readonly runId: string;
}

/** What a session of `doctor` may do at most, whatever the role allows: AWS enforces it. */
const SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['cloudtrail:LookupEvents', ...Object.keys(READS), 'iam:SimulatePrincipalPolicy'],
      Resource: '*',
    },
  ],
});

export function stsAccountAccess(
  settings: AwsSettings,
  { role, externalId, runId }: AccountAccessSettings,
  clock: Clock,
): AccountAccess {
  const sts = new STSClient(clientConfig(settings));
  let known: Promise<CallerIdentity> | undefined;
  const identity = () => (known ??= callerIdentity(sts));

  const assume = async (accountId: string, id: string | undefined) => {
    const { partition } = await identity();
    return await assumeRole(sts, {
      roleArn: roleArnIn(accountId, { ...role, partition }),
      sessionName: sessionNameOf(`doctor-${runId}`),
      ...definedOnly({ externalId: id }),
      sessionPolicy: SESSION_POLICY,
      nextStep: `Deploy the member role into ${accountId}.`,
    });
  };
  return {
    identity,
    enter: async (accountId) => {
      const credentials = await assume(accountId, externalId);
      return accountExaminer(
        accountClients({ ...settings, credentials: () => Promise.resolve(credentials) }, clock),
      );
    },
    enterWithoutExternalId: async (accountId) => {
      await assume(accountId, undefined);
    },
  };
}

/** A key that nobody has, to see whether its use may be looked up. */
const NO_KEY = 'AKIAIOSFODNN7EXAMPLE';

/** The clients, replaceable for tests. */
export interface AccountClients {
  readonly iam: IAMClient;
  readonly secretsManager: SecretsManagerClient;
  readonly lookUpUsage: () => Promise<unknown>;
}

export const accountClients = (settings: AwsSettings, clock: Clock): AccountClients => ({
  iam: new IAMClient(clientConfig(settings)),
  secretsManager: new SecretsManagerClient(clientConfig(settings)),
  lookUpUsage: () => cloudTrailUsage(settings, clock).of(NO_KEY, { since: clock.now() - DAY, pages: 1 }),
});

const SIMULATE = 'iam:SimulatePrincipalPolicy';

export const accountExaminer = ({ iam, secretsManager, lookUpUsage }: AccountClients): AccountExaminer => ({
  inventory: iamInventory(iam),
  firstUser: () => firstUser(iam),
  credentialReport: {
    generate: async () => {
      await generateReport(iam);
    },
    get: async () => {
      await getReport(iam);
    },
  },
  lookUpUsage: async () => {
    await lookUpUsage();
  },
  describeSecret: (name) => describeSecret(secretsManager, name),
  simulate: async (principalArn, actions, resourceArn) => {
    const input = { PolicySourceArn: principalArn, ActionNames: [...actions], ResourceArns: [resourceArn] };
    const results = await readList({
      action: SIMULATE,
      fetch: (Marker) => iam.send(new SimulatePrincipalPolicyCommand({ ...input, Marker })),
      things: ({ EvaluationResults }) => EvaluationResults,
      next: markerOf(SIMULATE),
    });
    return results.map(simulated);
  },
});

/** AWS answers "no such secret" only to those who are allowed to ask. */
async function describeSecret(client: SecretsManagerClient, name: string): Promise<void> {
  try {
    const { ARN } = await client.send(new DescribeSecretCommand({ SecretId: name }));
    required('secretsmanager:DescribeSecret', ARN, 'the ARN of the secret');
  } catch (error) {
    if (kindOf(error) !== 'not-found') throw operationErrorOf(error, 'secretsmanager:DescribeSecret');
  }
}

/** What is denied for want of a condition's value may be allowed in the real call. */
function simulated({ EvalActionName, EvalDecision, MissingContextValues }: EvaluationResult): Simulated {
  const action = required(SIMULATE, EvalActionName, 'the name of an action');
  required(SIMULATE, EvalDecision, 'a decision');
  if (EvalDecision === 'allowed') return { action, verdict: 'allowed' };
  return { action, verdict: (MissingContextValues ?? []).length > 0 ? 'depends' : 'denied' };
}
