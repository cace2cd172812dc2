import type { SecretStore } from '../../../src/run/ports/secrets.ts';
import { refusal } from './intercept.ts';

type Stage = 'current' | 'previous' | 'pending';

interface Secret {
  /** The secret of each key that has a version. */
  readonly versions: Map<string, string>;
  /** The key whose version has that stage. */
  readonly stages: Map<Stage, string>;
  /** The ARN that may read it. */
  reader?: string;
}

/** The secrets of one account, by user name. */
export interface MemorySecrets {
  readonly store: SecretStore;
  /** What consumers of the user's secret read now. */
  currentOf(userName: string): { readonly accessKeyId: string; readonly secret: string } | undefined;
  /** The ARN that may read the user's secret. */
  readerOf(userName: string): string | undefined;
  /** Whether the key's secret is there, shown to consumers or not. */
  holds(userName: string, accessKeyId: string): boolean;
  /** Puts a secret there that consumers read. */
  put(userName: string, accessKeyId: string, secret: string): void;
  scheduleDeletion(userName: string): void;
  /** Every version that has a stage. */
  staged(): readonly StagedSecret[];
}

interface StagedSecret {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly stages: readonly Stage[];
}

const versionOf = (accessKeyId: string): string => `version-of-${accessKeyId}`;
const nameOf = (userName: string): string => `secret/of/${userName}`;

/** Behaves as our secrets do: a version is pending until it is promoted. */
export function memorySecrets(): MemorySecrets {
  const secrets = new Map<string, Secret>();
  const leaving = new Set<string>();

  const look: SecretStore['look'] = async (userName) => {
    if (leaving.has(userName)) throw refusal('conflict', 'secretsmanager:DescribeSecret');
    const secret = secrets.get(userName);
    const current = secret?.stages.get('current');
    return {
      name: nameOf(userName),
      exists: secret !== undefined,
      ...(current === undefined ? {} : { currentVersion: versionOf(current) }),
    };
  };

  return {
    currentOf: (userName) => {
      const found = secrets.get(userName);
      const accessKeyId = found?.stages.get('current');
      const secret = accessKeyId === undefined ? undefined : found?.versions.get(accessKeyId);
      return accessKeyId === undefined || secret === undefined ? undefined : { accessKeyId, secret };
    },
    readerOf: (userName) => secrets.get(userName)?.reader,
    holds: (userName, accessKeyId) => secrets.get(userName)?.versions.has(accessKeyId) ?? false,
    put: (userName, accessKeyId, secret) => {
      secrets.set(userName, {
        versions: new Map([[accessKeyId, secret]]),
        stages: new Map([['current', accessKeyId]]),
      });
    },
    scheduleDeletion: (userName) => leaving.add(userName),
    staged: () =>
      [...secrets].flatMap(([userName, { versions, stages }]) =>
        [...versions].flatMap(([accessKeyId, secret]) => {
          const own = [...stages].flatMap(([stage, id]) => (id === accessKeyId ? [stage] : []));
          return own.length === 0 ? [] : [{ userName, accessKeyId, secret, stages: own }];
        }),
      ),
    store: {
      look,
      stageOf: async (userName, accessKeyId) => {
        const stages = secrets.get(userName)?.stages;
        const has = (stage: Stage) => stages?.get(stage) === accessKeyId;
        if (has('current') || has('previous')) return 'delivered';
        return has('pending') ? 'pending' : 'none';
      },
      store: async ({ userName }, key, { exists }) => {
        const found = secrets.get(userName);
        if (exists !== (found !== undefined)) {
          throw refusal(exists ? 'not-found' : 'conflict', 'secretsmanager:PutSecretValue');
        }
        const secret: Secret = found ?? { versions: new Map(), stages: new Map() };
        secret.versions.set(key.id, key.secret);
        secret.stages.set('pending', key.id);
        secrets.set(userName, secret);
        return look(userName);
      },
      share: async ({ userName, arn }) => {
        const secret = secrets.get(userName);
        if (secret === undefined) throw refusal('not-found', 'secretsmanager:PutResourcePolicy');
        secret.reader = arn;
      },
      promote: async ({ id }, { name, currentVersion }) => {
        const secret = [...secrets].find(([userName]) => nameOf(userName) === name)?.[1];
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
