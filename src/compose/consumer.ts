import { readOwnSecret } from '../aws/secret/own-secret.ts';
import { keyOf, readProfiles, refuseCircle } from '../aws/client/profile.ts';
import { writtenKeyId, type Profiles } from '../aws/client/profile-source.ts';
import { definedOnly } from '../domain/defined-only.ts';
import type { FirstKey, OwnKeyCalls, SecretPlace } from '../run/ports/own-key.ts';
import type { Environment } from './environment.ts';

export { refuseCircle };

/** What a workload needs to ask AWS about its own key. */
export function ownKeyCalls(
  { region, endpoint }: Pick<Environment, 'region' | 'endpoint'>,
  place: SecretPlace,
): OwnKeyCalls {
  const settings = { region, ...definedOnly({ endpoint }) };
  return {
    readSecret: (held, elsewhere = place.region) =>
      readOwnSecret({ ...settings, region: elsewhere }, held, place.id),
    // Each has a client of its own to load, and mostly neither is needed.
    identify: async (held) => (await import('../aws/account/own-identity.ts')).identify(settings, held),
    newerKey: async (held) => (await import('../aws/account/newer-key.ts')).newerKey(settings, held),
  };
}

/** The profiles of this machine, and the one that holds the first key. */
export interface Profile extends FirstKey {
  /** Of the profile; undefined when it has none. */
  readonly region: string | undefined;
  /** Those of all profiles of this machine. */
  readonly regions: readonly string[];
}

/** @throws Error when a file can't be parsed */
export async function openProfile(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Profile> {
  const profiles: Profiles = await readProfiles(environment);
  return {
    writtenKeyId: writtenKeyId(profiles, name),
    read: () => keyOf(profiles, name, environment),
    region: profiles[name]?.['region'],
    regions: Object.values(profiles).flatMap((profile) => profile?.['region'] ?? []),
  };
}
