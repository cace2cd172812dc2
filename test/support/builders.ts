import type { Account } from '../../src/domain/account.ts';
import { definedOnly } from '../../src/domain/defined-only.ts';
import type { Failure } from '../../src/domain/errors.ts';
import type { Gap, Outcome, Replacement } from '../../src/domain/report/outcome.ts';
import type { AccountReport, RotatedAccount, RunReport } from '../../src/domain/report/run-report.ts';
import { decide } from '../../src/domain/rotation/decide.ts';
import type { Action, Adoption, Decision, Reason } from '../../src/domain/rotation/decision.ts';
import type { AccessKey, Delivery, LastUse, UserKeys } from '../../src/domain/rotation/key.ts';
import type { Notice, NoticeAbout } from '../../src/domain/rotation/notice.ts';
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
  /** What used it last, as IAM names it: `{ service: 's3', region: 'eu-central-1' }`. */
  readonly usedBy?: { readonly service?: string; readonly region?: string };
  readonly replacementOf?: string;
  readonly deliveredAgo?: Duration;
  /** What the user's secret holds; by default the key, for a replacement that we have delivered. */
  readonly delivery?: Delivery | 'not-looked-at';
  readonly secretName?: string;
  readonly notices?: Partial<Record<NoticeAbout, NoticeFacts>>;
  readonly inactiveFor?: Duration;
  readonly deactivatedAs?: string;
  readonly predecessorOffFor?: Duration;
  readonly reactivatedAgo?: Duration;
  readonly reactivations?: readonly Duration[];
  readonly signsThisRun?: boolean;
  /** Since when the test call of a replacement was denied. */
  readonly testDeniedAgo?: Duration;
}

/** A notice in short. */
export interface NoticeFacts {
  /** When it was first given, before {@link T0}. */
  readonly givenAgo: Duration;
  /** When it was repeated last, before {@link T0}; by default a week ago, as a weekly run does. */
  readonly repeatedAgo?: Duration;
  /** Its date, after {@link T0} (negative: before); by default the 10 days of grace after it was given. */
  readonly dateIn?: Duration;
  readonly inAnyCaseIn?: Duration;
}

export function key(facts: KeyFacts = {}): AccessKey {
  const { id = THIS, status = 'active', age = days(30), lastUsed = days(1) } = facts;
  const { replacementOf, deliveredAgo, reactivations, deactivatedAs, secretName, signsThisRun } = facts;
  const isDelivered = replacementOf !== undefined && deliveredAgo !== undefined;
  const { delivery = isDelivered ? 'current' : 'not-looked-at' } = facts;
  const notices = Object.entries(facts.notices ?? {}).map(([about, of]) => notice(about as NoticeAbout, of));
  return {
    id,
    status,
    createdAt: T0 - age,
    lastUse: lastUse(lastUsed, facts.usedBy),
    memory: definedOnly({
      replacementOf,
      deliveredAt: ago(deliveredAgo),
      secretName,
      notices: facts.notices === undefined ? undefined : notices,
      inactiveSince: ago(facts.inactiveFor),
      deactivatedAs,
      testDenied:
        facts.testDeniedAgo === undefined
          ? undefined
          : { at: T0 - facts.testDeniedAgo, cause: 'AccessDenied' },
      reactivatedAt: ago(facts.reactivatedAgo),
      reactivations: reactivations?.map((duration) => T0 - duration),
    }),
    ...definedOnly({
      delivery: delivery === 'not-looked-at' ? undefined : delivery,
      predecessorOffSince: ago(facts.predecessorOffFor),
      signsThisRun,
    }),
  };
}

const ago = (duration: Duration | undefined): Instant | undefined =>
  duration === undefined ? undefined : T0 - duration;

export function notice(about: NoticeAbout, facts: NoticeFacts): Notice {
  const { givenAgo, repeatedAgo = Math.min(givenAgo, days(7)), dateIn = days(10) - givenAgo } = facts;
  return {
    about,
    firstAt: T0 - givenAgo,
    lastAt: T0 - repeatedAgo,
    date: T0 + dateIn,
    ...(facts.inAnyCaseIn === undefined ? {} : { inAnyCase: T0 + facts.inAnyCaseIn }),
  };
}

const lastUse = (lastUsed: Duration | 'never' | 'unknown', by: KeyFacts['usedBy'] = {}): LastUse =>
  typeof lastUsed === 'number' ? { kind: 'used', at: T0 - lastUsed, ...by } : { kind: lastUsed };

export const user = (keys: readonly AccessKey[], userName = 'ann'): UserKeys => ({
  userName,
  userArn: `arn:aws:iam::111111111111:user/${userName}`,
  userId: userIdOf(userName),
  keys,
});

/** The unique id of the user of this name. */
export const userIdOf = (userName: string): string => `AIDA${userName.toUpperCase()}`;

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
  /** What is announced; `undefined` means nothing. */
  readonly notice?: NoticeAbout | undefined;
  /** For which date. */
  readonly noticeFor?: Duration | undefined;
  readonly inAnyCase?: Duration | undefined;
  /** `false` for a notice that repeats an earlier one. */
  readonly isNewNotice?: boolean;
  readonly restsOnNotice?: boolean;
  readonly owner?: Adoption['state'];
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
  const { action, reason, dueAt, notice: announced, restsOnNotice = false, adoption } = decisionOn(situation);
  const after = (at: Instant | undefined) => (at === undefined ? undefined : at - T0);
  return {
    says: `${action}: ${reason}`,
    dueIn: after(dueAt),
    notice: announced?.about,
    noticeFor: after(announced?.date),
    inAnyCase: after(announced?.inAnyCase),
    isNewNotice: announced !== undefined && announced.firstAt === undefined,
    restsOnNotice,
    owner: adoption?.state,
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
  deactivate: 'moved',
  delete: 'recovery-grace-over',
  wait: 'moved-grace',
  blocked: 'two-keys-in-use',
  exempt: 'exempt',
  skip: 'unreadable',
  restore: 'restored',
};

export function decision(action: Action, overrides: Partial<Decision> = {}): Decision {
  const { userName, userArn, userId } = user([], overrides.userName);
  const found = key({ status: action === 'delete' ? 'inactive' : 'active' });
  const message = `An example of ${action}.`;
  return {
    action,
    userName,
    userArn,
    userId,
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
