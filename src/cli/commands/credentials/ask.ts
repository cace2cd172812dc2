import { openProfile, ownKeyCalls, refuseCircle, type Profile } from '../../../compose/consumer.ts';
import { useNetworkOf } from '../../../compose/network.ts';
import { InputError } from '../../../domain/errors.ts';
import { regionOfSecret, secretNameOf } from '../../../domain/secrets/secret-name.ts';
import type { Instant } from '../../../domain/time.ts';
import { definedOnly } from '../../../domain/defined-only.ts';
import { REGION } from '../../../config/patterns.ts';
import { currentKey, type CurrentKey } from '../../../run/own-key/current-key.ts';
import type { Remembered } from '../../../run/ports/own-key.ts';
import type { Terminal } from '../../input/terminal.ts';
import type { CredentialsOptions } from './recall-key.ts';

/* What is loaded once an hour: the config files and the clients of AWS. */

/** @throws InputError, OperationError */
export async function askForKey(
  options: CredentialsOptions,
  remembered: Remembered | undefined,
  terminal: Terminal,
  now: Instant,
): Promise<CurrentKey> {
  const { aws, environment } = terminal;
  refuseCircle(options.from, environment);
  await useNetworkOf(environment);
  const profile = await openProfile(options.from, environment).catch((error: unknown) => {
    throw new InputError([`--from: the AWS config files can't be read (${String(error)})`]);
  });
  const region = await regionOf(options, profile, terminal);
  const id = options.secret ?? secretNameOf(options.user);
  const place = { region, id };
  return currentKey(
    {
      userName: options.user,
      ...definedOnly({ accountId: options.account }),
      place,
      configuredRegions: configuredRegions(profile, environment),
    },
    remembered,
    { calls: ownKeyCalls({ ...aws, region }, place), first: profile, now },
  );
}

/** Where the secret is: as typed, as its ARN says, as the environment says, or the profile of the key. */
async function regionOf(
  { region, secret, from }: CredentialsOptions,
  profile: Profile,
  { aws, environment }: Terminal,
): Promise<string> {
  const said = region ?? regionOfSecret(secret ?? '');
  if (said !== undefined) return said;
  const found: readonly (readonly [where: string, region: string | undefined])[] = [
    ['AWS_REGION', aws?.region ?? environment['AWS_REGION']],
    [`the profile ${from}`, profile.region],
  ];
  for (const [where, one] of found) {
    if (one === undefined || one === '') continue;
    if (REGION.test(one)) return one;
    throw new InputError([`${where}: must name a region like eu-central-1, not ${JSON.stringify(one)}`]);
  }
  const { findRegion } = await import('../../../compose/region.ts');
  return findRegion();
}

const configuredRegions = (profile: Profile, environment: Terminal['environment']): readonly string[] =>
  [environment['AWS_REGION'], environment['AWS_DEFAULT_REGION'], profile.region, ...profile.regions].filter(
    (region) => region !== undefined && REGION.test(region),
  ) as readonly string[];
