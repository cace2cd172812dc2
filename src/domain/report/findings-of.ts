import { definedOnly } from '../defined-only.ts';
import type { Exemption } from '../rotation/policy.ts';
import { dateOf, latest, type Instant } from '../time.ts';
import type { OverviewKey } from './overview-keys.ts';
import { listsIn, type ListName } from './overview-lists.ts';
import type { StoredAccount, StoredRun } from './stored-run.ts';

/*
 * What needs attention, key by key, for whoever watches from elsewhere: a SIEM (OCSF), Security Hub (ASFF). It is
 * what `overview` lists, put together by key. Texts are foreign where they quote a run: clean them where they are shown.
 */

/** In the order in which they concern people. */
export const PROBLEMS = [
  'root-key',
  'over-limit',
  'needs-person',
  'failed',
  'unused',
  'two-keys',
  'exemption-ended',
] as const;
export type ProblemKind = (typeof PROBLEMS)[number];

export type Severity = 'critical' | 'high' | 'medium' | 'low';

export const SEVERITY_OF: Readonly<Record<ProblemKind, Severity>> = {
  'root-key': 'critical',
  'over-limit': 'high',
  'needs-person': 'high',
  failed: 'high',
  unused: 'medium',
  'two-keys': 'medium',
  'exemption-ended': 'low',
};

export interface Problem {
  readonly kind: ProblemKind;
  /** One plain sentence. */
  readonly why: string;
  /** Absent where nobody can tell. */
  readonly since?: Instant;
}

/** A key that needs attention. There is one finding for each, however many problems it has. */
export interface KeyFinding {
  /** The same in every run that finds it: `111122223333/AKIA...`, `111122223333/root`. */
  readonly uid: string;
  readonly accountId: string;
  readonly accountName: string;
  /** Absent for the keys of the root user. */
  readonly key?: OverviewKey;
  /** That of the worst problem. */
  readonly severity: Severity;
  /** The worst first; never empty. */
  readonly problems: readonly [Problem, ...Problem[]];
  /** What a person can do. */
  readonly nextStep: string;
  /** In force: somebody has taken it on himself that the key is as it is. */
  readonly exemption?: Exemption;
}

/** Accounts in their order, and in each the root user first, then the keys as the run lists them. */
export function findingsOf(run: StoredRun): readonly KeyFinding[] {
  const found = problemsByKey(run);
  return run.accounts.flatMap((account) => [
    ...rootOf(account),
    ...account.keys.flatMap(({ keyId }) => {
      const one = found.get(uidOf(account.id, keyId));
      return one === undefined ? [] : [findingOf(one.key, one.problems)];
    }),
  ]);
}

const uidOf = (accountId: string, keyId: string): string => `${accountId}/${keyId}`;

interface Found {
  readonly key: OverviewKey;
  readonly problems: Problem[];
}

const LISTS: readonly (readonly [ListName, ProblemKind])[] = [
  ['overLimit', 'over-limit'],
  ['needsPerson', 'needs-person'],
  ['failed', 'failed'],
  ['unused', 'unused'],
  ['twoKeys', 'two-keys'],
];

function problemsByKey(run: StoredRun): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const add = (key: OverviewKey, problem: Problem) => {
    const uid = uidOf(key.accountId, key.keyId);
    const one = found.get(uid);
    if (one === undefined) found.set(uid, { key, problems: [problem] });
    else one.problems.push(problem);
  };
  const lists = listsIn(run, run.finishedAt);
  for (const [list, kind] of LISTS) {
    for (const key of lists[list]) {
      const since = sinceOf(kind, key, lists.twoKeys);
      add(key, { kind, why: whyOf(kind, key), ...definedOnly({ since }) });
      if (kind === 'over-limit') for (const ended of endedOf(key)) add(key, ended);
    }
  }
  return found;
}

/** It is over the limit because it was exempt, and nobody has prolonged that. */
function endedOf({ action, exemption, createdAt }: OverviewKey): readonly Problem[] {
  if (exemption === undefined || action === 'exempt' || createdAt >= exemption.until) return [];
  const { until, reason, owner } = exemption;
  return [
    {
      kind: 'exemption-ended',
      why: `Its exemption ended on ${dateOf(until)}: ${reason} (${owner}).`,
      since: until,
    },
  ];
}

function whyOf(kind: ProblemKind, key: OverviewKey): string {
  switch (kind) {
    case 'over-limit':
      return `It is active and ${key.ageDays} days old, which is more than the settings allow (deleteAfter). ${key.message}`;
    case 'failed':
      return `What was due could not be done: ${key.cause ?? key.message}`;
    case 'two-keys':
      return 'Its user has two active keys, and neither was made to replace the other.';
    default:
      return key.message;
  }
}

function sinceOf(kind: ProblemKind, key: OverviewKey, twoKeys: readonly OverviewKey[]): Instant | undefined {
  const { createdAt, lastUse, next, since } = key;
  switch (kind) {
    case 'over-limit':
      return since;
    case 'needs-person':
      return next?.at;
    case 'unused':
      return lastUse.kind === 'used' ? lastUse.at : lastUse.kind === 'never' ? createdAt : undefined;
    case 'two-keys':
      return latest(
        ...twoKeys
          .filter((other) => other.accountId === key.accountId && other.userName === key.userName)
          .map((other) => latest(other.createdAt, other.reactivatedAt)),
      );
    default:
      return undefined;
  }
}

function findingOf(key: OverviewKey, unsorted: readonly Problem[]): KeyFinding {
  const problems = unsorted.toSorted(
    (one, other) => PROBLEMS.indexOf(one.kind) - PROBLEMS.indexOf(other.kind),
  ) as [Problem, ...Problem[]];
  const { accountId, accountName, keyId, action, exemption } = key;
  return {
    uid: uidOf(accountId, keyId),
    accountId,
    accountName,
    key,
    severity: SEVERITY_OF[problems[0].kind],
    problems,
    nextStep: key.nextStep ?? nextStepFor(problems[0].kind, key),
    ...(action === 'exempt' ? definedOnly({ exemption }) : {}),
  };
}

function nextStepFor(kind: ProblemKind, { next, replacedBy }: OverviewKey): string {
  if (kind === 'two-keys') return 'Find out which of the two is needed, and deactivate the other one.';
  if (replacedBy !== undefined) return `Move what uses it to ${replacedBy}, which is in the user's secret.`;
  if (kind === 'unused') return 'Deactivate it, or use it where it is needed after all.';
  if (next?.what === 'person') return 'Read why it is left to a person, and decide.';
  return 'Have it rotated: see what holds it back, or replace it with access-key-rotation replace.';
}

function rootOf({ id, name, rootKeys }: StoredAccount): readonly KeyFinding[] {
  if (rootKeys !== 'present') return [];
  return [
    {
      uid: uidOf(id, 'root'),
      accountId: id,
      accountName: name,
      severity: SEVERITY_OF['root-key'],
      problems: [{ kind: 'root-key', why: 'The root user of the account has access keys.' }],
      nextStep: 'Sign in as root and delete them: My security credentials, Access keys.',
    },
  ];
}
