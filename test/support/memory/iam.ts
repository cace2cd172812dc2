import type { LastUse } from '../../../src/domain/rotation/key.ts';
import type { CredentialReport, ReportedKey } from '../../../src/domain/rotation/credential-report.ts';
import { SECOND, type Duration, type Instant } from '../../../src/domain/time.ts';
import type { CredentialReports } from '../../../src/run/ports/accounts.ts';
import type { Clock } from '../../../src/run/ports/clock.ts';
import type {
  CreatedKey,
  IamUser,
  KeyInventory,
  KeyVerifier,
  KeyWriter,
  ListedKey,
} from '../../../src/run/ports/keys.ts';
import { refusal } from './intercept.ts';

interface MemoryKey extends CreatedKey {
  userName: string;
  /** What IAM tells of every use. */
  usedWith: Pick<Extract<LastUse, { kind: 'used' }>, 'service' | 'region'>;
  /** `us`: through the writer of a session. */
  readonly madeBy: 'us' | 'person';
  status: 'active' | 'inactive';
  /** When it was made, or last switched off or on. */
  changedAt: Instant;
  readonly uses: Instant[];
}

/** IAM's eventual consistency. All 0 at first. */
interface Lags {
  /** A new key is missing from lists for so long. */
  newKeyIsListed: Duration;
  /** Calls signed with a new key are refused for so long. */
  newKeyAnswers: Duration;
  /** A use is not reported for so long. */
  useIsTold: Duration;
}

/** The IAM of one account: its ports, and what the people of the account do to it. */
export interface MemoryIam {
  readonly inventory: KeyInventory;
  readonly writer: KeyWriter;
  readonly verifier: KeyVerifier;
  readonly reports: CredentialReports;
  /** The report that is given from now on: the one of now, however long; undefined: one of each moment. */
  keepReport(keep: boolean): void;
  /** Whether the report shows nothing of inactive keys, as documented, or their dates, as seen in practice. */
  hidesInactive: boolean;
  readonly lags: Lags;
  rootHasKeys: boolean;
  /** Of each user. */
  readonly tags: Map<string, Readonly<Record<string, string>>>;
  /** User names by group. */
  readonly groups: Map<string, readonly string[]>;
  addUser(userName: string): void;
  removeUser(userName: string): void;
  /** Its keys and its id go with it. */
  renameUser(userName: string, newName: string): void;
  userIdOf(userName: string): string;
  /** Makes the user too, if need be. Times as so long ago; a key without `usedAgo` was never used. */
  addKey(userName: string, facts?: NewKey): string;
  removeKey(id: string): void;
  /**
   * @param at default: now
   * @returns whether a call signed with the key is answered
   */
  use(id: string, at?: Instant): boolean;
  switchKey(id: string, status: MemoryKey['status']): void;
  key(id: string): MemoryKey;
  keysOf(userName: string): readonly MemoryKey[];
  /** Also of those who have no keys. */
  userNames(): readonly string[];
}

interface NewKey {
  readonly id?: string;
  readonly age?: Duration;
  readonly usedAgo?: Duration;
  readonly status?: MemoryKey['status'];
}

const MOST_KEYS = 2;

export function memoryIam(accountId: string, clock: Clock): MemoryIam {
  /** The unique id of each. */
  const users = new Map<string, string>();
  const everMade = new Map<string, number>();
  const keys = new Map<string, MemoryKey>();
  const lags: Lags = { newKeyIsListed: 0, newKeyAnswers: 0, useIsTold: 0 };
  let made = 0;

  const keysOf = (userName: string) => [...keys.values()].filter((key) => key.userName === userName);
  const find = (id: string, during: string): MemoryKey => {
    const key = keys.get(id);
    if (key === undefined) throw refusal('not-found', during);
    return key;
  };
  const keyOf = (userName: string, id: string, during: string): MemoryKey => {
    const key = find(id, during);
    if (key.userName !== userName) throw refusal('not-found', during);
    return key;
  };
  const mustExist = (userName: string, during: string) => {
    if (!users.has(userName)) throw refusal('not-found', during);
  };
  const addUser = (userName: string): void => {
    if (users.has(userName)) return;
    const nth = (everMade.get(userName) ?? 0) + 1;
    everMade.set(userName, nth);
    users.set(userName, userIdFor(userName, nth));
  };
  const userIdOf = (userName: string): string => {
    const id = users.get(userName);
    if (id === undefined) throw refusal('not-found', 'the eye of a test');
    return id;
  };
  const make = (userName: string, madeBy: MemoryKey['madeBy'], facts: NewKey): MemoryKey => {
    if (keysOf(userName).length >= MOST_KEYS) throw refusal('limit', 'iam:CreateAccessKey');
    const { age = 0, usedAgo, status = 'active' } = facts;
    const nth = String(++made).padStart(10, '0');
    const id = facts.id ?? `AKIA${accountId.slice(-3)}${madeBy === 'us' ? 'NEW' : 'OLD'}${nth}`;
    const key: MemoryKey = {
      id,
      userName,
      madeBy,
      status,
      // IAM reports creation dates in whole seconds.
      createdAt: Math.floor((clock.now() - age) / SECOND) * SECOND,
      changedAt: Math.floor((clock.now() - age) / SECOND) * SECOND,
      secret: `secret-of-${id}`,
      usedWith: {},
      uses: usedAgo === undefined ? [] : [clock.now() - usedAgo],
    };
    keys.set(id, key);
    return key;
  };
  const use = (id: string, at = clock.now()): boolean => {
    const key = keys.get(id);
    const tooNew = (one: MemoryKey) => one.madeBy === 'us' && at - one.createdAt < lags.newKeyAnswers;
    if (key === undefined || key.status !== 'active' || tooNew(key)) return false;
    key.uses.push(at);
    return true;
  };
  const switchTo = (key: MemoryKey, status: MemoryKey['status']) => {
    if (key.status === status) return;
    key.status = status;
    key.changedAt = Math.floor(clock.now() / SECOND) * SECOND;
  };
  let kept: CredentialReport | undefined;
  const reportNow = (): CredentialReport => ({
    rootHasKeys: iam.rootHasKeys,
    users: [...users.keys()].map((userName) => ({
      userName,
      path: '/',
      keys: [0, 1].map((place) => reported(keysOf(userName)[place])),
    })),
  });
  const reported = (key: MemoryKey | undefined): ReportedKey => {
    if (key === undefined || (key.status === 'inactive' && iam.hidesInactive)) return { kind: 'none' };
    const { changedAt, uses, usedWith } = key;
    if (key.status === 'inactive') return { kind: 'inactive', changedAt };
    const at = uses.findLast((one) => one + lags.useIsTold <= clock.now());
    return at === undefined
      ? { kind: 'active', changedAt }
      : { kind: 'active', changedAt, lastUse: { at, ...usedWith } };
  };
  const listed = ({ id, status, createdAt }: MemoryKey): ListedKey => ({ id, status, createdAt });

  const iam: MemoryIam = {
    lags,
    rootHasKeys: false,
    hidesInactive: false,
    keepReport: (keep) => {
      kept = keep ? reportNow() : undefined;
    },
    reports: { read: async () => kept ?? reportNow() },
    tags: new Map(),
    groups: new Map(),
    addUser,
    userIdOf,
    renameUser: (userName, newName) => {
      users.set(newName, userIdOf(userName));
      users.delete(userName);
      for (const key of keysOf(userName)) key.userName = newName;
    },
    removeUser: (userName) => {
      users.delete(userName);
      for (const { id } of keysOf(userName)) keys.delete(id);
    },
    addKey: (userName, facts = {}) => {
      addUser(userName);
      return make(userName, 'person', facts).id;
    },
    removeKey: (id) => keys.delete(id),
    use,
    switchKey: (id, status) => {
      switchTo(find(id, 'the hand of a person'), status);
    },
    key: (id) => find(id, 'the eye of a test'),
    keysOf,
    userNames: () => [...users.keys()],
    inventory: {
      users: async () =>
        [...users].map(([userName, userId]): IamUser => ({
          userName,
          arn: arnOf(accountId, userName),
          userId,
          path: '/',
        })),
      keysOf: async (userName) => {
        mustExist(userName, 'iam:ListAccessKeys');
        const isListed = (key: MemoryKey) =>
          key.madeBy === 'person' || clock.now() - key.createdAt >= lags.newKeyIsListed;
        return keysOf(userName).filter(isListed).map(listed);
      },
      lastUse: async (id) => {
        const { uses, usedWith } = find(id, 'iam:GetAccessKeyLastUsed');
        const last = uses.findLast((at) => at + lags.useIsTold <= clock.now());
        return last === undefined ? { kind: 'never' } : { kind: 'used', at: last, ...usedWith };
      },
      rootHasKeys: async () => iam.rootHasKeys,
      tagsOf: async (userName) => {
        mustExist(userName, 'iam:ListUserTags');
        return iam.tags.get(userName) ?? {};
      },
      membersOf: async (group) => iam.groups.get(group) ?? [],
      userOf: async (id) => keys.get(id)?.userName,
    },
    writer: {
      create: async (userName) => {
        mustExist(userName, 'iam:CreateAccessKey');
        const key = make(userName, 'us', {});
        return { ...listed(key), secret: key.secret };
      },
      deactivate: async (userName, id) => {
        switchTo(keyOf(userName, id, 'iam:UpdateAccessKey'), 'inactive');
      },
      activate: async (userName, id) => {
        switchTo(keyOf(userName, id, 'iam:UpdateAccessKey'), 'active');
      },
      delete: async (userName, id) => {
        return keys.get(id)?.userName === userName && keys.delete(id) ? 'deleted' : 'not-found';
      },
    },
    verifier: {
      answers: async ({ id, secret }) =>
        keys.get(id)?.secret === secret && use(id)
          ? { kind: 'answered' }
          : { kind: 'refused', failure: refusal('denied', 'sts:GetCallerIdentity').failure },
    },
  };
  return iam;
}

/** @param nth of all users who ever had that name */
export const userIdFor = (userName: string, nth = 1): string => `AIDA${userName.toUpperCase()}${nth}`;

export const arnOf = (accountId: string, userName: string): string =>
  `arn:aws:iam::${accountId}:user/${userName}`;
