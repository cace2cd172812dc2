import { definedOnly } from '../defined-only.ts';
import { isActive } from '../rotation/key.ts';
import { toPolicy, type Policy } from '../rotation/policy.ts';
import type { AccountSettings } from '../settings/account-settings.ts';
import { nextStepOf } from './next-step.ts';
import type { Outcome } from './outcome.ts';
import { totalsOf, type AccountReport, type RotatedAccount, type RunReport } from './run-report.ts';
import { settingsOfAccountIn, settingsOfRun } from './stored-settings.ts';
import type { StoredAccount, StoredKey, StoredPolicy, StoredQuiet, StoredRun } from './stored-run.ts';

/** What is known of a run beside its report. */
export interface AboutRun {
  /** It was about all accounts and all users. */
  readonly isWhole: boolean;
  /** How many files its quiet keys are in. */
  readonly quietFiles: number;
  /** ARN of the person who asked for it. */
  readonly requestedBy?: string;
}

/** What is kept of a run for whoever looks at it later. */
export const storedRunOf = (
  report: RunReport,
  { isWhole, quietFiles, requestedBy }: AboutRun,
): StoredRun => ({
  schemaVersion: 1,
  runId: report.runId,
  mode: report.mode,
  isAudit: report.isAudit,
  isWhole,
  startedAt: report.startedAt,
  finishedAt: report.finishedAt,
  accounts: report.accounts.map((account) => storedAccountOf(account, report)),
  totals: totalsOf(report.accounts),
  findings: report.findings,
  quietFiles,
  ...definedOnly({ requestedBy, settings: settingsOfRun(report.accounts) }),
});

function storedAccountOf(report: AccountReport, run: RunReport): StoredAccount {
  const { account, status } = report;
  const settings = 'settings' in report ? report.settings : undefined;
  const policy = settings === undefined ? undefined : policyOfAccount(settings);
  const about = {
    id: account.id,
    name: account.name,
    ouPath: account.ouPath,
    status,
    ...definedOnly({
      ouNames: account.ouNames,
      mode: settings?.values.mode,
      policy,
      settings: settings === undefined ? undefined : settingsOfAccountIn(settings),
    }),
  };
  if (report.status === 'rotated') {
    return {
      ...about,
      keys: storedKeysOf(report, run, policy),
      gaps: report.gaps,
      findings: report.findings,
      exclusions: report.exclusions ?? [],
      ...definedOnly({ quiet: quietOf(report), rootKeys: report.rootKeys }),
    };
  }
  const nothing = { keys: [], gaps: [], findings: [], exclusions: [] };
  return report.status === 'unreachable'
    ? { ...about, ...nothing, failure: report.failure }
    : { ...about, ...nothing, cause: report.cause };
}

const thresholdsOf = ({ rotateAfter, deactivateAfter, deleteAfter, unusedAfter }: Policy): StoredPolicy => ({
  rotateAfter,
  deactivateAfter,
  deleteAfter,
  ...definedOnly({ unusedAfter }),
});

const policyOfAccount = ({ values }: AccountSettings): StoredPolicy => thresholdsOf(toPolicy(values));

const isSame = (one: StoredPolicy | undefined, other: StoredPolicy): boolean =>
  one?.rotateAfter === other.rotateAfter &&
  one.deactivateAfter === other.deactivateAfter &&
  one.deleteAfter === other.deleteAfter &&
  one.unusedAfter === other.unusedAfter;

function quietOf({ notLookedAt }: RotatedAccount): StoredQuiet | undefined {
  if (notLookedAt === undefined) return undefined;
  const { users, activeKeys, oldest, dueOn } = notLookedAt;
  return { users, activeKeys, ...definedOnly({ oldestAt: oldest?.createdAt }), dueOn };
}

function storedKeysOf(
  { outcomes }: RotatedAccount,
  run: RunReport,
  ofAccount: StoredPolicy | undefined,
): readonly StoredKey[] {
  const keys = new Map<string, StoredKey>();
  const add = (key: StoredKey) => keys.set(key.keyId, { ...keys.get(key.keyId), ...key });
  const replacements = replacementsIn(outcomes);
  for (const outcome of outcomes) {
    // In an emergency two things are done about one key: what was done last is what became of it.
    add(storedKeyOf(outcome, run, ofAccount, replacements));
    for (const made of madeBy(outcome, run)) add(made);
  }
  return [...keys.values()];
}

/** Which key each was made to replace, as far as the ledger knows: from the old one to the new one. */
const replacementsIn = (outcomes: readonly Outcome[]): ReadonlyMap<string, string> =>
  new Map(
    outcomes.flatMap(({ decision: { key } }) =>
      key.memory.replacementOf === undefined ? [] : [[key.memory.replacementOf, key.id] as const],
    ),
  );

function storedKeyOf(
  outcome: Outcome,
  run: RunReport,
  ofAccount: StoredPolicy | undefined,
  replacements: ReadonlyMap<string, string>,
): StoredKey {
  const { decision } = outcome;
  const { key, adoption } = decision;
  const policy = thresholdsOf(decision.policy);
  const replacedBy =
    (outcome.status === 'applied' ? outcome.replacement?.accessKeyId : undefined) ??
    adoption?.replacementId ??
    replacements.get(key.id);
  return {
    userName: decision.userName,
    keyId: key.id,
    status: statusAfter(outcome),
    createdAt: key.createdAt,
    lastUse: key.lastUse,
    action: decision.action,
    reason: decision.reason,
    message: decision.message,
    outcome: outcome.status,
    ...resultOf(outcome),
    ...onAndOff(outcome, run),
    ...definedOnly({
      owner: decision.owner,
      dueAt: decision.dueAt,
      next: nextStepOf(outcome, run.startedAt),
      replacementOf: key.memory.replacementOf,
      replacedBy,
      adoption: adoption?.state,
      deliveredAt: key.memory.deliveredAt,
      policy: isSame(ofAccount, policy) ? undefined : policy,
      exemption: decision.policy.exemption ?? decision.policy.endedExemption,
    }),
    notices: decision.observation?.kind === 'notices-void' ? [] : (key.memory.notices ?? []),
  };
}

const whenApplied = (outcome: Outcome, action: string): boolean =>
  outcome.status === 'applied' && outcome.decision.action === action;

function statusAfter(outcome: Outcome): StoredKey['status'] {
  if (whenApplied(outcome, 'delete')) return 'deleted';
  if (whenApplied(outcome, 'deactivate')) return 'inactive';
  if (whenApplied(outcome, 'restore')) return 'active';
  return isActive(outcome.decision.key) ? 'active' : 'inactive';
}

function resultOf(outcome: Outcome): Pick<StoredKey, 'heldBy' | 'cause' | 'nextStep'> {
  switch (outcome.status) {
    case 'held':
      return { heldBy: outcome.by, cause: outcome.why };
    case 'failed':
    case 'partial': {
      const { during, message, nextStep } = outcome.failure;
      return { cause: `${during}: ${message}`, nextStep };
    }
    default:
      return {};
  }
}

/** Since when it is off, and when it was switched on again, with what the run itself did and saw. */
function onAndOff(
  outcome: Outcome,
  { finishedAt }: RunReport,
): Pick<StoredKey, 'inactiveSince' | 'deactivatedAs' | 'reactivatedAt'> {
  const { key, reason, observation } = outcome.decision;
  const { inactiveSince, deactivatedAs, reactivatedAt } = key.memory;
  const seen = (kind: 'seen-inactive' | 'seen-reactivated') =>
    observation?.kind === kind ? observation.at : undefined;
  if (whenApplied(outcome, 'deactivate')) {
    return { inactiveSince: finishedAt, deactivatedAs: reason, ...definedOnly({ reactivatedAt }) };
  }
  if (whenApplied(outcome, 'restore')) return { reactivatedAt: finishedAt };
  const again = definedOnly({ reactivatedAt: reactivatedAt ?? seen('seen-reactivated') });
  if (isActive(key)) return again;
  return {
    ...definedOnly({ inactiveSince: inactiveSince ?? seen('seen-inactive'), deactivatedAs }),
    ...again,
  };
}

/** The key that was made, where one was. When exactly IAM alone knows: by then the run had begun. */
function madeBy(outcome: Outcome, { startedAt, finishedAt }: RunReport): readonly StoredKey[] {
  const { decision } = outcome;
  const made = (keyId: string, message: string, deliveredAt?: number): StoredKey => {
    const dueAt = startedAt + decision.policy.rotateAfter;
    return {
      userName: decision.userName,
      ...definedOnly({ owner: decision.owner, deliveredAt }),
      keyId,
      status: 'active',
      createdAt: startedAt,
      lastUse: { kind: 'never' },
      action: 'keep',
      reason: 'young',
      message,
      dueAt,
      outcome: 'none',
      next: { what: 'replace', at: dueAt },
      replacementOf: decision.key.id,
      notices: [],
    };
  };
  if (outcome.status === 'applied' && outcome.replacement !== undefined) {
    return [made(outcome.replacement.accessKeyId, 'Made by this run.', finishedAt)];
  }
  if (outcome.status === 'partial' && outcome.createdKeyId !== undefined) {
    return [made(outcome.createdKeyId, 'Made by this run, and not delivered: the next run repairs that.')];
  }
  return [];
}
