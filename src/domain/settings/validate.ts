import type { Account } from '../account.ts';
import { layerOfUser, layersOfAccount, layersOfOrganization, resolveSettings } from './resolve.ts';
import { describeTarget, type Layer, type SettingsSnapshot, type Target } from './setting.ts';

/** The organization, as far as settings can be about it. */
export interface KnownTargets {
  readonly accounts: readonly Pick<Account, 'id' | 'ouPath'>[];
  /** Ids of the root and all organizational units. */
  readonly ous: readonly string[];
}

/** Somewhere that settings hold: an account, a unit for accounts to come, or a user. */
interface Place {
  readonly inWords: string;
  /** Everything above it and itself, in words, whether anything is set there or not. */
  readonly chain: readonly string[];
  readonly layers: readonly Layer[];
}

/**
 * All problems of the settings as a whole, each with the accounts or users it is about. A problem
 * of many is reported once, at the level where it is set.
 */
export function validateSettings(snapshot: SettingsSnapshot, organization: KnownTargets): readonly string[] {
  const bad = new Set(
    snapshot.badRows.flatMap(({ target }) => (target === undefined ? [] : describeTarget(target))),
  );
  const problemsAt = new Map<string, ReadonlySet<string>>();
  const contradictions = placesIn(snapshot, organization).flatMap(({ inWords, chain, layers }) => {
    // What is set there is unknown; the row itself is a problem already.
    if (chain.some((one) => bad.has(one))) return [];
    const resolved = resolveSettings(layers);
    const problems = resolved.kind === 'ok' ? [] : resolved.problems;
    const above = chain.slice(0, -1).map((_, index) => problemsAt.get(chain.slice(0, index + 1).join('\n')));
    problemsAt.set(chain.join('\n'), new Set(problems));
    return problems
      .filter((problem) => !above.some((known) => known?.has(problem)))
      .map((problem) => `${inWords}: ${problem}`);
  });
  return [
    ...snapshot.badRows.map(({ message }) => message),
    ...unknown(snapshot, organization),
    ...contradictions,
  ];
}

/** Rows about what the organization doesn't have. */
function unknown({ rows }: SettingsSnapshot, { accounts, ous }: KnownTargets): readonly string[] {
  const ids = new Set(accounts.map(({ id }) => id));
  const units = new Set(ous);
  return rows.flatMap(({ target }) => {
    if ('accountId' in target && !ids.has(target.accountId)) {
      return `${describeTarget(target)}: the organization has no such account`;
    }
    if (target.level === 'organizational-unit' && !units.has(target.ouId)) {
      return `${describeTarget(target)}: the organization has no such unit`;
    }
    return [];
  });
}

/** A topic that secrets would be published to without anybody having confirmed e-mail readers. */
export interface PlaintextTopic {
  /** Whose secrets, in words. */
  readonly whose: string;
  readonly topicArn: string;
}

export function plaintextTopics(
  snapshot: SettingsSnapshot,
  organization: KnownTargets,
): readonly PlaintextTopic[] {
  return placesIn(snapshot, organization).flatMap(({ inWords, layers }) => {
    const resolved = resolveSettings(layers);
    if (resolved.kind === 'failed') return [];
    const { secretDelivery, snsPlaintextToEmail, topicArn } = resolved.value.values;
    return secretDelivery === 'sns-plaintext' && snsPlaintextToEmail === 'refused' && topicArn !== undefined
      ? [{ whose: inWords, topicArn }]
      : [];
  });
}

/**
 * Everywhere that something of its own is set, wider places first. Whatever holds in any account holds
 * in one of them, also in accounts to come.
 */
function placesIn(snapshot: SettingsSnapshot, { accounts }: KnownTargets): readonly Place[] {
  const targets = snapshot.rows.map(({ target }) => target);
  const known = new Map(accounts.map((account) => [account.id, account]));
  const paths = new Map<string, readonly string[]>();
  for (const { ouPath } of accounts) {
    for (const [index, ouId] of ouPath.entries()) {
      if (!paths.has(ouId)) paths.set(ouId, ouPath.slice(0, index + 1));
    }
  }
  const pathTo = (ouId: string): readonly string[] => paths.get(ouId) ?? [ouId];
  const units = targets
    .flatMap((target) => (target.level === 'organizational-unit' ? [pathTo(target.ouId)] : []))
    .sort((one, other) => one.length - other.length)
    .map((ouPath) => placeOf(snapshot, { id: '', ouPath }));
  const inAccounts = (level: 'account' | 'user') =>
    targets.flatMap((target) => {
      const account = 'accountId' in target ? known.get(target.accountId) : undefined;
      return account === undefined || target.level !== level ? [] : [placeOf(snapshot, account, target)];
    });
  return [
    { inWords: THE_ORGANIZATION, chain: [THE_ORGANIZATION], layers: layersOfOrganization(snapshot) },
    ...units,
    ...inAccounts('account'),
    ...inAccounts('user'),
  ];
}

const THE_ORGANIZATION = describeTarget({ level: 'organization' });

function placeOf(
  snapshot: SettingsSnapshot,
  account: Pick<Account, 'id' | 'ouPath'>,
  target?: Target,
): Place {
  const path: readonly Target[] = [
    { level: 'organization' },
    ...account.ouPath.map((ouId) => ({ level: 'organizational-unit' as const, ouId })),
    ...(target === undefined ? [] : [{ level: 'account' as const, accountId: account.id }]),
    ...(target?.level === 'user' ? [target] : []),
  ];
  const chain = path.map(describeTarget);
  const own = target?.level === 'user' ? layerOfUser(snapshot, account.id, target.userName) : [];
  return { inWords: chain.at(-1) ?? '', chain, layers: [...layersOfAccount(snapshot, account), ...own] };
}
