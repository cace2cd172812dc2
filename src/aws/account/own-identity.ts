import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accountIn } from '../../domain/arn.ts';
import type { Failure } from '../../domain/errors.ts';
import type { HeldKey, IdentityAnswer } from '../../run/ports/own-key.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { operationErrorOf } from '../client/errors.ts';
import { whyNoAnswer } from '../client/key-refused.ts';

const DURING = 'sts:GetCallerIdentity';

/** The consumer's side: whose key is this, as AWS says? Programs wait for it, so it is asked for twice at most. */
export async function identify(
  settings: Omit<AwsSettings, 'credentials'>,
  held: HeldKey,
): Promise<IdentityAnswer> {
  const sts = new STSClient({ ...clientConfig(settings), credentials: { ...held }, maxAttempts: 2 });
  try {
    const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (arn !== undefined && accountIn(arn) !== undefined) return { kind: 'known', arn };
    return { kind: 'unreachable', failure: noAnswer(DURING, 'the answer lacks the ARN') };
  } catch (error) {
    const failure = operationErrorOf(error, DURING).failure;
    return whyNoAnswer(error, DURING, held.accessKeyId) ?? { kind: 'unreachable', failure };
  } finally {
    sts.destroy();
  }
}

const noAnswer = (during: string, message: string): Failure => ({
  kind: 'transient',
  during,
  message,
  nextStep: 'Check what stands between this machine and AWS.',
});
