import { definedOnly } from '../../../src/domain/defined-only.ts';
import type { Delivery } from '../../../src/domain/rotation/key.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { OrphanedSecrets } from '../../../src/run/ports/orphaned-secrets.ts';
import type { SecretOwner, SecretState, SecretStore } from '../../../src/run/ports/secrets.ts';
import { refusal } from './intercept.ts';

type Stage = 'current' | 'previous' | 'pending';

interface Secret {
  /** The id of the user it was made for; undefined: an earlier version made it, and did not say. */
  owner: string | undefined;
  /** The secret of each key that has a version. */
  readonly versions: Map<string, string>;
  /** The key whose version has that stage. */
  readonly stages: Map<Stage, string>;
  /** The ARN that may read it. */
  reader?: string;
  /** The region of the SMTP password in each version that has one. */
  readonly sesRegions: Map<string, string>;
  orphanedSince?: Instant | undefined;
  /** The run that was about to make a key last. */
  preparedBy?: string;
  /** What else its policy says, and what of it was named. */
  readonly statements: Set<string>;
  readonly named: Set<string>;
}

/**
 * The secrets of one account. The place of a user's is its name, or its name and id where somebody had
 * that name before.
 */
export interface MemorySecrets {
  readonly store: SecretStore;
  readonly orphans: OrphanedSecrets;
  /** What consumers of the secret read now. */
  currentOf(place: string): { readonly accessKeyId: string; readonly secret: string } | undefined;
  /** The ARN that may read the secret. */
  readerOf(place: string): string | undefined;
  /** The region of the SMTP password that consumers read now. */
  sesRegionOf(place: string): string | undefined;
  /** The id of the user that the secret was made for. */
  ownerOf(place: string): string | undefined;
  /** Whether the key's secret is there, shown to consumers or not. */
  holds(place: string, accessKeyId: string): boolean;
  /**
   * Puts a secret there that consumers read.
   * @param owner default: an earlier version made it
   */
  put(place: string, accessKeyId: string, secret: string, owner?: string): void;
  /** Somebody else makes a secret there. */
  putForeign(place: string): void;
  addStatement(place: string, sid: string): void;
  scheduleDeletion(place: string): void;
  remove(place: string): void;
  /** Nobody can look at it until then. */
  setReadable(place: string, readable: boolean): void;
  /** Every version that has a stage. */
  staged(): readonly StagedSecret[];
}

interface StagedSecret {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly stages: readonly Stage[];
}

const FOREIGN = 'somebody else';
const DESCRIBE = 'secretsmanager:DescribeSecret';
const versionOf = (accessKeyId: string): string => `version-of-${accessKeyId}`;
const nameOf = (place: string): string => `secret/of/${place}`;

const newSecret = (owner: string | undefined): Secret => ({
  owner,
  versions: new Map(),
  stages: new Map(),
  sesRegions: new Map(),
  statements: new Set(),
  named: new Set(),
});

/**
 * Behaves as our secrets do: one user's is never another's, and a version is pending until it is promoted.
 * @param keysOf as IAM lists them
 */
export function memorySecrets(
  keysOf: (userName: string) => readonly { readonly id: string }[] = () => [],
): MemorySecrets {
  const secrets = new Map<string, Secret>();
  const leaving = new Set<string>();
  const unreadable = new Set<string>();

  const isOf = ({ owner, stages }: Secret, { userName, userId }: SecretOwner): boolean => {
    if (owner === FOREIGN) throw refusal('conflict', DESCRIBE);
    const telling = stages.get('current') ?? stages.get('pending');
    return owner === undefined ? keysOf(userName).some(({ id }) => id === telling) : owner === userId;
  };
  const placeOf = (user: SecretOwner): { readonly place: string; readonly secret?: Secret } => {
    const veryOwn = `${user.userName}/${user.userId}`;
    for (const place of [user.userName, veryOwn]) {
      const secret = secrets.get(place);
      if (secret === undefined || !isOf(secret, user)) continue;
      if (leaving.has(place)) throw refusal('conflict', DESCRIBE);
      return { place, secret };
    }
    return { place: secrets.has(user.userName) ? veryOwn : user.userName };
  };
  const stateOf = (place: string, secret: Secret | undefined): SecretState => {
    const current = secret?.stages.get('current');
    return {
      name: nameOf(place),
      exists: secret !== undefined,
      ...(current === undefined ? {} : { currentVersion: versionOf(current) }),
    };
  };
  const named = (name: string): Secret | undefined =>
    [...secrets].find(([place]) => nameOf(place) === name)?.[1];
  const currentOf: MemorySecrets['currentOf'] = (place) => {
    const found = secrets.get(place);
    const accessKeyId = found?.stages.get('current');
    const secret = accessKeyId === undefined ? undefined : found?.versions.get(accessKeyId);
    return accessKeyId === undefined || secret === undefined ? undefined : { accessKeyId, secret };
  };
  const deliveryIn = (place: string, accessKeyId: string): Delivery => {
    if (unreadable.has(place)) return 'unknown';
    const secret = secrets.get(place);
    if (secret === undefined) return 'gone';
    if (leaving.has(place)) return 'deleting';
    return secret.stages.get('current') === accessKeyId ? 'current' : 'superseded';
  };

  const orphans: OrphanedSecrets = {
    list: async () =>
      [...secrets]
        .filter(([place, { owner }]) => owner !== FOREIGN && !leaving.has(place))
        .map(([place, { owner: userId, orphanedSince }]) => ({
          id: nameOf(place),
          name: nameOf(place),
          userName: place.split('/')[0] ?? '',
          replicaRegions: [],
          ...definedOnly({ userId, orphanedSince }),
        })),
    mark: async ({ id }, since) => {
      const secret = named(id);
      if (secret !== undefined) secret.orphanedSince = since;
    },
    scheduleDeletion: async ({ id }) => {
      for (const place of secrets.keys()) if (nameOf(place) === id) leaving.add(place);
    },
  };

  return {
    orphans,
    currentOf,
    readerOf: (place) => secrets.get(place)?.reader,
    sesRegionOf: (place) => secrets.get(place)?.sesRegions.get(currentOf(place)?.accessKeyId ?? ''),
    ownerOf: (place) => secrets.get(place)?.owner,
    holds: (place, accessKeyId) => secrets.get(place)?.versions.has(accessKeyId) ?? false,
    put: (place, accessKeyId, secret, owner) => {
      const made = newSecret(owner);
      made.versions.set(accessKeyId, secret);
      made.stages.set('current', accessKeyId);
      secrets.set(place, made);
    },
    putForeign: (place) => {
      secrets.set(place, newSecret(FOREIGN));
    },
    addStatement: (place, sid) => void secrets.get(place)?.statements.add(sid),
    scheduleDeletion: (place) => {
      leaving.add(place);
    },
    remove: (place) => {
      secrets.delete(place);
      leaving.delete(place);
    },
    setReadable: (place, readable) => {
      if (readable) unreadable.delete(place);
      else unreadable.add(place);
    },
    staged: () =>
      [...secrets].flatMap(([userName, { versions, stages }]) =>
        [...versions].flatMap(([accessKeyId, secret]) => {
          const own = [...stages].flatMap(([stage, id]) => (id === accessKeyId ? [stage] : []));
          return own.length === 0 ? [] : [{ userName, accessKeyId, secret, stages: own }];
        }),
      ),
    store: {
      look: async (user) => {
        const { place, secret } = placeOf(user);
        return { ...stateOf(place, secret), ...definedOnly({ preparedBy: secret?.preparedBy }) };
      },
      prepare: async (user, { name }, runId) => {
        const { place, secret = newSecret(user.userId) } = placeOf(user);
        if (nameOf(place) !== name) throw refusal('changed-meanwhile', 'prepare the secret');
        secrets.set(place, secret);
        secret.owner = user.userId;
        secret.reader = user.arn;
        if (runId !== undefined) secret.preparedBy = runId;
        const foreignStatements = [...secret.statements].filter((sid) => !secret.named.has(sid));
        for (const sid of foreignStatements) secret.named.add(sid);
        return {
          ...stateOf(place, secret),
          ...(foreignStatements.length === 0 ? {} : { foreignStatements }),
        };
      },
      deliveryOf: async (userName, accessKeyId, secretName = nameOf(userName)) =>
        deliveryIn(secretName.replace(nameOf(''), ''), accessKeyId),
      hasHeld: async ({ userName, userId }, accessKeyId, secretName) => {
        const places =
          secretName === undefined
            ? [userName, `${userName}/${userId}`]
            : [secretName.replace(nameOf(''), '')];
        if (places.some((place) => unreadable.has(place))) throw refusal('denied', DESCRIBE);
        return places.some((place) => [...(secrets.get(place)?.stages.values() ?? [])].includes(accessKeyId));
      },
      stageOf: async ({ userName, userId }, accessKeyId) => {
        const places = [userName, `${userName}/${userId}`];
        const has = (...stages: Stage[]) =>
          places.some((place) =>
            stages.some((stage) => secrets.get(place)?.stages.get(stage) === accessKeyId),
          );
        if (has('current', 'previous')) return 'delivered';
        return has('pending') ? 'pending' : 'none';
      },
      store: async (_user, key, { name }, sesRegion) => {
        const secret = named(name);
        if (secret === undefined) throw refusal('not-found', 'secretsmanager:PutSecretValue');
        secret.versions.set(key.id, key.secret);
        secret.stages.set('pending', key.id);
        if (sesRegion !== undefined) secret.sesRegions.set(key.id, sesRegion);
      },
      promote: async ({ id }, { name, currentVersion }) => {
        const secret = named(name);
        const current = secret?.stages.get('current');
        if (current === id) return;
        const asLooked = (current === undefined ? undefined : versionOf(current)) === currentVersion;
        if (!secret?.versions.has(id) || !asLooked) {
          throw refusal('unknown', 'secretsmanager:UpdateSecretVersionStage');
        }
        if (current !== undefined) secret.stages.set('previous', current);
        secret.stages.set('current', id);
      },
    },
  };
}
