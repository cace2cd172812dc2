import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { OperationError } from '../../domain/errors.ts';
import type { KeyVerifier } from '../../run/ports/keys.ts';
import { countCalls } from '../client/call-counts.ts';
import { sentOnce, type AwsSettings } from '../client/config.ts';
import { kindOf, operationErrorOf } from '../client/errors.ts';

/** Signs a call with a new key. The caller repeats it, so every request is sent once. */
export const stsVerifier = (settings: AwsSettings, accountId: string): KeyVerifier => ({
  answers: async ({ id, secret }) => {
    const credentials = async () => ({ accessKeyId: id, secretAccessKey: secret });
    const sts = countCalls(new STSClient(sentOnce({ ...settings, credentials })), settings.counts);
    try {
      const { Account } = await sts.send(new GetCallerIdentityCommand({}));
      if (Account === accountId) return true;
    } catch (error) {
      // A new key is `denied` until IAM has propagated it everywhere.
      if (['denied', 'throttled', 'transient'].includes(kindOf(error))) return false;
      throw operationErrorOf(error, 'sts:GetCallerIdentity');
    } finally {
      sts.destroy();
    }
    throw new OperationError({
      kind: 'unknown',
      during: 'sts:GetCallerIdentity',
      message: `the new key ${id} belongs to another account than ${accountId}`,
      nextStep: 'Find out what stands between this run and AWS: this must not happen.',
    });
  },
});
