import type { Account } from '../../src/domain/account.ts';
import type { Failure } from '../../src/domain/errors.ts';
import type { Gap, Outcome, Replacement } from '../../src/domain/report/outcome.ts';
import type { AccountReport, RotatedAccount, RunReport } from '../../src/domain/report/run-report.ts';
import { decide } from '../../src/domain/rotation/decide.ts';
import type { Action, Decision, Reason } from '../../src/domain/rotation/decision.ts';
import type { AccessKey, KeyMemory, LastUse, UserKeys } from '../../src/domain/rotation/key.ts';
import {
  DEFAULT_POLICY,
  toPolicy,
  type Exemption,
  type Policy,
  type PolicyDays,
} from '../../src/domain/rotation/policy.ts';
import { settingsOfAccount, type AccountSettings } from '../../src/domain/settings/account-settings.ts';
import {
  DEFAULT_SETTINGS,
  type SettingsSnapshot,
  type SettingValues,
} from '../../src/domain/settings/setting.ts';
import { days, type Duration, type Instant } from '../../src/domain/time.ts';

/** The `now` of all tests of the domain; what happened before is said as "so long ago". */
export const T0: Instant = Date.UTC(2026, 2, 1, 6);

/** The key a test is about, and the user's other key. */
export const THIS = 'AKIATHIS';
export const OTHER = 'AKIAOTHER';

export type PolicyFacts = Partial<PolicyDays> & { readonly exemption?: Exemption };

/** The default policy, with what a test wants different in it, in days. */
export function policy({ exemption, ...overrides }: PolicyFacts = {}): Policy {
  const resolved = toPolicy({ ...DEFAULT_POLICY, ...overrides });
  return exemption === undefined ? resolved : { ...resolved, exemption };
}

/** A key in short; every time is milliseconds before {@link T0}. Default: active, in use. */
export interface KeyFacts {
  readonly id?: string;
  readonly status?: AccessKey['status'];
  readonly age?: Duration;
  readonly lastUsed?: Duration | 'never' | 'unknown';
  readonly replacementOf?: string;
  readonly deliveredAgo?: Duration;
  readonly noticedAgo?: Duration;
  readonly inactiveFor?: Duration;
  readonly reactivatedAgo?: Duration;
}

export function key(facts: KeyFacts = {}): AccessKey {
  const { id = THIS, status = 'active', age = days(30), lastUsed = days(1), replacementOf } = facts;
  const ago = (name: keyof KeyMemory, duration: Duration | undefined): KeyMemory =>
    duration === undefined ? {} : { [name]: T0 - duration };
  return {
    id,
    status,
    createdAt: T0 - age,
    lastUse: lastUse(lastUsed),
    memory: {
      ...(replacementOf === undefined ? {} : { replacementOf }),
      ...ago('deliveredAt', facts.deliveredAgo),
      ...ago('noticedAt', facts.noticedAgo),
      ...ago('inactiveSince', facts.inactiveFor),
      ...ago('reactivatedAt', facts.reactivatedAgo),
    },
  };
}

const lastUse = (lastUsed: Duration | 'never' | 'unknown'): LastUse =>
  typeof lastUsed === 'number' ? { kind: 'used', at: T0 - lastUsed } : { kind: lastUsed };

export const user = (keys: readonly AccessKey[], userName = 'ann'): UserKeys => ({
  userName,
  userArn: `arn:aws:iam::111111111111:user/${userName}`,
  keys,
});

/** What the engine is asked about: one key of a user, and the other one if there is one. */
export interface Situation {
  readonly key: KeyFacts;
  readonly other?: KeyFacts;
  readonly policy?: PolicyFacts;
}

/** A line of a table: `it` waits, `when` this is so; it `says` "action: reason". */
export interface Line {
  readonly it: string;
  readonly when: Situation;
  readonly says: `${Action}: ${Reason}`;
  /** `undefined` means that no date may be named; leave it out where the date doesn't matter. */
  readonly dueIn?: Duration | undefined;
  readonly notice?: boolean;
}

export function decisionOn(situation: Situation): Decision {
  const keys = [key({ ...situation.key, id: THIS })];
  if (situation.other !== undefined) keys.push(key({ ...situation.other, id: OTHER }));
  const found = decide(user(keys), policy(situation.policy), T0).find((one) => one.key.id === THIS);
  if (found === undefined) throw new Error('the engine said nothing about the key');
  return found;
}

/** A decision in the words of a {@link Line}. */
export function verdictOn(situation: Situation) {
  const { action, reason, dueAt, givesNotice } = decisionOn(situation);
  return {
    says: `${action}: ${reason}`,
    dueIn: dueAt === undefined ? undefined : dueAt - T0,
    notice: givesNotice ?? false,
  };
}

/** A time from which another answer is given: three lines, 1 ms before, at the moment, 1 ms after. */
export interface Threshold {
  readonly name: string;
  readonly at: Duration;
  readonly when: (time: Duration) => Situation;
  readonly before: Line['says'];
  readonly from: Line['says'];
}

export const around = ({ name, at, when, before, from }: Threshold): readonly Line[] => [
  { it: `says "${before}" 1 ms before ${name}`, when: when(at - 1), says: before },
  { it: `says "${from}" at exactly ${name}`, when: when(at), says: from },
  { it: `says "${from}" 1 ms after ${name}`, when: when(at + 1), says: from },
];

const REASON: Record<Action, Reason> = {
  keep: 'young',
  replace: 'due',
  deactivate: 'replaced',
  delete: 'recovery-grace-over',
  wait: 'replaced-grace',
  blocked: 'two-keys-in-use',
  exempt: 'exempt',
  skip: 'unreadable',
  restore: 'restored',
};

export function decision(action: Action, overrides: Partial<Decision> = {}): Decision {
  const { userName, userArn } = user([], overrides.userName);
  const found = key({ status: action === 'delete' ? 'inactive' : 'active' });
  const message = `An example of ${action}.`;
  return {
    action,
    userName,
    userArn,
    key: found,
    policy: policy(),
    reason: REASON[action],
    message,
    ...overrides,
  };
}

export const failure = (overrides: Partial<Failure> = {}): Failure => ({
  kind: 'denied',
  during: 'iam:UpdateAccessKey',
  message: 'not authorized',
  nextStep: 'Allow it in the member role.',
  ...overrides,
});

type Held = Extract<Outcome, { readonly status: 'held' }>;

export const untouched = (of: Decision): Outcome => ({ status: 'none', decision: of });
export const applied = (of: Decision, replacement?: Replacement): Outcome => ({
  status: 'applied',
  decision: of,
  ...(replacement === undefined ? {} : { replacement }),
});
export const failed = (of: Decision, why = failure()): Outcome => ({
  status: 'failed',
  decision: of,
  failure: why,
});
export const partial = (of: Decision, createdKeyId?: string): Outcome => ({
  status: 'partial',
  decision: of,
  failure: failure(),
  ...(createdKeyId === undefined ? {} : { createdKeyId }),
});
export const held = (of: Decision, by: Held['by'] = 'mode', why = `held by ${by}`): Outcome => ({
  status: 'held',
  decision: of,
  by,
  why,
});
export const gap = (userName: string, reason: Gap['reason'] = 'unreadable'): Gap => ({
  userName,
  reason,
  failure: failure({ during: 'iam:ListAccessKeys' }),
});

export const account = (overrides: Partial<Account> = {}): Account => ({
  id: '111111111111',
  name: 'production',
  state: 'ACTIVE',
  ouPath: [],
  ...overrides,
});

/** Settings as if a deployment had set these, and nothing else were set. */
export const snapshotOf = (values: Partial<SettingValues> = {}): SettingsSnapshot => ({
  base: [
    { level: 'default', from: 'default', values: { ...DEFAULT_SETTINGS, topicArn: TOPIC_ARN }, final: [] },
    { level: 'environment', from: 'environment', values, final: [] },
  ],
  rows: [],
  badRows: [],
});
export const TOPIC_ARN = 'arn:aws:sns:eu-central-1:999999999999:access-key-rotation';

/** @throws Error when they contradict each other */
export function accountSettings(values: Partial<SettingValues> = {}, of = account()): AccountSettings {
  const resolved = settingsOfAccount(snapshotOf(values), of);
  if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
  return resolved.value;
}

export const rotatedAccount = (overrides: Partial<Omit<RotatedAccount, 'status'>> = {}): RotatedAccount => ({
  status: 'rotated',
  account: account(),
  outcomes: [],
  gaps: [],
  findings: [],
  settings: accountSettings({ mode: 'enforce' }, overrides.account),
  uncovered: [],
  ...overrides,
});
export const unreachable = (of = account(), why = failure({ during: 'sts:AssumeRole' })): AccountReport => ({
  status: 'unreachable',
  account: of,
  failure: why,
});
export const notEntered = (
  status: 'skipped' | 'not-started',
  of = account(),
  cause = status,
): AccountReport => ({
  status,
  account: of,
  cause,
});

export const runReport = (overrides: Partial<RunReport> = {}): RunReport => ({
  runId: 'run-1',
  mode: 'enforce',
  isAudit: false,
  startedAt: T0,
  finishedAt: T0 + 1_000,
  accounts: [],
  findings: [],
  ...overrides,
});

/** Random numbers that can be repeated: mulberry32, the same numbers for the same seed everywhere. */
export function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (probability: number) => next() < probability,
    /** A whole number, both ends included. */
    between: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
  };
}
