import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { definedOnly } from '../../domain/defined-only.ts';
import { OperationError } from '../../domain/errors.ts';
import { MINUTE } from '../../domain/time.ts';
import { accountIn, partitionIn } from '../../domain/arn.ts';
import type { TemporaryCredentials } from '../client/credentials.ts';
import { ask, badAnswer } from '../client/errors.ts';

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  /** `aws`, `aws-us-gov`, `aws-cn`: the second part of every ARN. */
  readonly partition: string;
}

export async function callerIdentity(sts: STSClient): Promise<CallerIdentity> {
  const { Account, Arn } = await ask(
    'sts:GetCallerIdentity',
    () => sts.send(new GetCallerIdentityCommand({})),
    {
      denied: 'Set the credentials of an account of the organization, for instance with AWS_PROFILE.',
      unknown: 'Set the credentials of an account of the organization, for instance with AWS_PROFILE.',
    },
  );
  assertClockIsRight(sts);
  const partition = Arn === undefined ? undefined : partitionIn(Arn);
  if (Account === undefined || Arn === undefined || !partition) {
    throw badAnswer('sts:GetCallerIdentity', 'an account or ARN');
  }
  return { accountId: Account, arn: Arn, partition };
}

/** What AWS itself allows before it refuses a signature. */
const MAX_CLOCK_SKEW = 5 * MINUTE;

/** Ages and graces are counted with this machine's clock, so a wrong one could end them too early. */
function assertClockIsRight(sts: STSClient): void {
  const ahead = -sts.config.systemClockOffset;
  if (Math.abs(ahead) <= MAX_CLOCK_SKEW) return;
  throw new OperationError({
    kind: 'unknown',
    during: 'compare the clock with that of AWS',
    message: `the clock of this machine is ${Math.round(Math.abs(ahead) / MINUTE)} minutes ${ahead > 0 ? 'ahead' : 'behind'}`,
    nextStep: 'Set the clock of this machine; nothing is decided with a wrong one.',
  });
}

export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string;
  readonly sessionPolicy?: string;
  /** What to say when it is refused. */
  readonly nextStep: string;
}

/** The least STS gives: credentials that get lost are worth nothing soon. */
const SESSION_SECONDS = 900;

/**
 * Assumes a role and makes sure that the session is in the account the role was asked for in.
 * @throws OperationError
 */
export async function assumeRole(sts: STSClient, request: RoleRequest): Promise<TemporaryCredentials> {
  const { roleArn, externalId, sessionPolicy } = request;
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: request.sessionName,
    DurationSeconds: SESSION_SECONDS,
    ...definedOnly({ ExternalId: externalId, Policy: sessionPolicy }),
  });
  const { Credentials, AssumedRoleUser } = await ask('sts:AssumeRole', () => sts.send(command), {
    denied: request.nextStep,
    'not-found': request.nextStep,
  });
  const asked = accountIn(roleArn);
  const got = accountIn(AssumedRoleUser?.Arn ?? '');
  if (got !== asked) {
    throw new OperationError({
      kind: 'unknown',
      during: 'sts:AssumeRole',
      message: `the session belongs to account ${got ?? 'unknown'}, not to ${asked} as asked`,
      nextStep: 'Find out what stands between this run and AWS: this must not happen.',
    });
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw badAnswer('sts:AssumeRole', 'credentials');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...definedOnly({ expiration: Expiration }),
  };
}

/** Session names may hold `\w+=,.@-` and at most 64 characters. */
export const sessionNameOf = (runId: string): string =>
  `access-key-rotation-${runId}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
