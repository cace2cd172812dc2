import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { OperationError, type FailureKind } from '../../domain/errors.ts';
import type { KeyVerifier } from '../../run/ports/keys.ts';
import { countCalls } from '../client/call-counts.ts';
import { sentOnce, type AwsSettings } from '../client/config.ts';
import { kindOf, required } from '../client/errors.ts';
import { redact } from '../secret/redact.ts';

const WAITING_HELPS: readonly FailureKind[] = ['denied', 'throttled', 'transient'];

const WHEN_DENIED =
  'The key itself is known. Whoever keeps this call from the user (a policy of the VPC endpoint for STS, a service control policy, a proxy) has to allow sts:GetCallerIdentity; until then no key of the user can be tested, and none is replaced.';

const isAboutWhatItMay = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('AccessDenied');

/** Signs a call with a new key. The caller repeats it, so every request is sent once. */
export const stsVerifier = (settings: AwsSettings, accountId: string): KeyVerifier => ({
  answers: async ({ id, secret }) => {
    const credentials = async () => ({ accessKeyId: id, secretAccessKey: secret });
    const sts = countCalls(new STSClient(sentOnce({ ...settings, credentials })), settings.counts);
    try {
      const { Account } = await sts.send(new GetCallerIdentityCommand({}));
      if (required('sts:GetCallerIdentity', Account, 'an account') === accountId) return { kind: 'answered' };
    } catch (error) {
      const refused = redact(error, secret, 'sts:GetCallerIdentity', { denied: WHEN_DENIED });
      // A key that IAM has not propagated everywhere isn't known; one that is denied something is.
      if (isAboutWhatItMay(error) || !WAITING_HELPS.includes(kindOf(error))) throw refused;
      return { kind: 'refused', failure: refused.failure };
    }
    throw new OperationError({
      kind: 'unknown',
      during: 'sts:GetCallerIdentity',
      message: `the new key ${id} belongs to another account than ${accountId}`,
      nextStep: 'Find out what stands between this run and AWS: this must not happen.',
    });
  },
});
