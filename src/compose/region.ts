import { regionOfEnvironment } from '../aws/client/region.ts';
import { InputError } from '../domain/errors.ts';

/**
 * The region the SDK finds, in AWS_REGION or in the profile.
 * @throws InputError when there is none
 */
export async function findRegion(): Promise<string> {
  const region = await regionOfEnvironment();
  if (region === undefined) throw new InputError(['AWS_REGION: must be set, for instance to eu-central-1']);
  return region;
}
