import { STSClient } from '@aws-sdk/client-sts';

/** The region the SDK finds, in AWS_REGION or in the profile; undefined when there is none. */
export async function regionOfEnvironment(): Promise<string | undefined> {
  // Any client would do: the SDK has no public call that finds the region without one.
  const sts = new STSClient({});
  try {
    return await sts.config.region();
  } catch {
    return undefined;
  } finally {
    sts.destroy();
  }
}
