import type { QuietKey, StoredAccount, StoredKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import type { Decision, Reason } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey } from '../../../src/domain/rotation/key.ts';
import { definedOnly } from '../../../src/domain/defined-only.ts';
import { DAY, dateOf, HOUR, type Instant } from '../../../src/domain/time.ts';
import { earlierRun, type EarlierRun } from '../../../src/report/page/earlier-run.ts';
import { groupBy } from '../../../src/report/common/order.ts';
import { COUNT_NOTHING } from './totals.ts';
import { rotate, work, type Done, type SimulatedUser } from './simulated.ts';

export interface Organization {
  readonly accounts: readonly StoredAccount[];
  readonly users: readonly SimulatedUser[];
}

export interface Simulated {
  readonly run: StoredRun;
  readonly quiet: readonly QuietKey[];
  readonly before: readonly EarlierRun[];
  readonly isLive: boolean;
}

/** The runs of so many weeks, the last one at a moment. */
export function simulate({ accounts, users }: Organization, weeks: number, last: Instant): Simulated {
  const runs: StoredRun[] = [];
  let quiet: readonly QuietKey[] = [];
  for (let week = weeks; week >= 0; week--) {
    const now = last - week * 7 * DAY;
    const results = users.map((user) => {
      work(user, now);
      const keysBefore = user.keys;
      return { user, keysBefore, done: rotate(user, now) };
    });
    const isQuiet = ({ done }: (typeof results)[number]) =>
      done.length === 1 && done.every(({ decision }) => decision.reason === 'young');
    quiet = results.filter(isQuiet).flatMap(({ user }) => user.keys.map((key) => quietKey(user, key)));
    const looked = results.filter((one) => !isQuiet(one));
    runs.unshift(storedRun(accounts, looked, quiet, now));
  }
  const [run, ...before] = runs;
  if (run === undefined) throw new Error('no week was simulated');
  return { run, quiet, before: before.map((one, index) => earlierRun(one, index === 0)), isLive: false };
}

const quietKey = ({ accountId, userName, policy }: SimulatedUser, key: AccessKey): QuietKey => ({
  accountId,
  userName,
  createdAt: key.createdAt,
  lastUse: key.lastUse,
  dueAt: key.createdAt + policy.rotateAfter,
});

function storedRun(
  accounts: readonly StoredAccount[],
  looked: readonly { readonly user: SimulatedUser; readonly done: readonly Done[] }[],
  quiet: readonly QuietKey[],
  now: Instant,
): StoredRun {
  const byAccount = groupBy(looked, ({ user }) => user.accountId);
  const quietBy = groupBy(quiet, ({ accountId }) => accountId);
  const stored = accounts.map((account): StoredAccount => {
    if (account.status !== 'rotated') return account;
    const own = quietBy.get(account.id) ?? [];
    const dueOn: Record<string, number> = {};
    for (const { dueAt } of own) dueOn[dateOf(dueAt)] = (dueOn[dateOf(dueAt)] ?? 0) + 1;
    return {
      ...account,
      keys: (byAccount.get(account.id) ?? []).flatMap(({ user, done }) => storedKeys(user, done, now)),
      quiet: { users: own.length, activeKeys: own.length, dueOn },
    };
  });
  const keys = stored.flatMap((account) => account.keys);
  const applied = (action: string) =>
    keys.filter((key) => key.outcome === 'applied' && key.action === action).length;
  return {
    schemaVersion: 1,
    runId: `${dateOf(now)}-weekly-run`,
    mode: 'enforce',
    isAudit: false,
    isWhole: true,
    startedAt: now - HOUR / 6,
    finishedAt: now,
    accounts: stored,
    totals: {
      ...COUNT_NOTHING,
      activeKeys: quiet.length + keys.filter(({ status }) => status === 'active').length,
      inactiveKeys: keys.filter(({ status }) => status === 'inactive').length,
      replaced: applied('replace'),
      deactivated: applied('deactivate'),
      deleted: applied('delete'),
      failed: keys.filter(({ outcome }) => outcome === 'failed').length,
      skippedUsers: stored.flatMap(({ gaps }) => gaps).length,
    },
    findings: [],
    quietFiles: 1,
  };
}

function storedKeys(user: SimulatedUser, done: readonly Done[], now: Instant): readonly StoredKey[] {
  const replacedBy = new Map(
    [...user.keys].flatMap(({ id, memory }) =>
      memory.replacementOf === undefined ? [] : [[memory.replacementOf, id]],
    ),
  );
  const keys = done.map((one) => storedKey(one, user, replacedBy.get(one.decision.key.id), now));
  const made = done.flatMap(({ decision, newKeyId }) => {
    const key = user.keys.find(({ id }) => id === newKeyId);
    return key === undefined ? [] : [madeKey(decision, key)];
  });
  return [...keys, ...made];
}

const common = (key: AccessKey) => ({
  keyId: key.id,
  createdAt: key.createdAt,
  lastUse: key.lastUse,
  ...definedOnly({
    replacementOf: key.memory.replacementOf,
    deliveredAt: key.memory.deliveredAt,
    inactiveSince: key.memory.inactiveSince,
    deactivatedAs: key.memory.deactivatedAs,
  }),
  notices: key.memory.notices ?? [],
});

function madeKey({ userName, owner, policy }: Decision, key: AccessKey): StoredKey {
  const dueAt = key.createdAt + policy.rotateAfter;
  return {
    userName,
    ...definedOnly({ owner }),
    ...common(key),
    status: 'active',
    action: 'keep',
    reason: 'young',
    message: 'Made by this run.',
    dueAt,
    outcome: 'none',
    next: { what: 'replace', at: dueAt },
  };
}

const DELETES: ReadonlySet<Reason> = new Set<Reason>([
  'newly-inactive',
  'recovery-grace',
  'deletion-notice',
  'not-old-enough-to-delete',
]);

function storedKey(
  { decision, newKeyId }: Done,
  user: SimulatedUser,
  replacedBy: string | undefined,
  now: Instant,
): StoredKey {
  const { action, reason, dueAt, key } = decision;
  const isDone = ['replace', 'deactivate', 'delete'].includes(action);
  const after = user.keys.find(({ id }) => id === key.id);
  const next = (): StoredKey['next'] => {
    const at = dueAt === undefined ? {} : { at: dueAt };
    if (action === 'blocked') return { what: 'person' };
    if (action === 'exempt') return { what: 'exemption-ends', ...at };
    if (action === 'replace') return { what: 'deactivate' };
    if (action === 'deactivate') return { what: 'delete', at: now + 10 * DAY };
    if (action === 'delete') return undefined;
    if (action === 'keep') return { what: 'replace', ...at };
    return {
      what: DELETES.has(reason)
        ? 'delete'
        : reason === 'slot-held' || reason === 'two-keys-in-use'
          ? 'person'
          : 'deactivate',
      ...at,
    };
  };
  return {
    userName: decision.userName,
    ...common(after ?? key),
    status: after?.status ?? 'deleted',
    action,
    reason,
    message: decision.message,
    outcome: isDone ? 'applied' : 'none',
    ...definedOnly({
      owner: decision.owner,
      dueAt,
      next: next(),
      replacedBy: newKeyId ?? replacedBy,
      adoption: decision.adoption?.state,
    }),
  };
}
