import { STSClient } from '@aws-sdk/client-sts';
import { InputError } from '../domain/errors.ts';

/**
 * The region the SDK finds, in AWS_REGION or in the profile.
 * @throws InputError when there is none
 */
export async function findRegion(): Promise<string> {
  const sts = new STSClient({});
  try {
    return await sts.config.region();
  } catch {
    throw new InputError(['AWS_REGION: must be set, for instance to eu-central-1']);
  } finally {
    sts.destroy();
  }
}
