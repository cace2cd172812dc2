import type { Outcome } from '../../src/domain/report/outcome.ts';
import type { AccountReport, RotatedAccount } from '../../src/domain/report/run-report.ts';
import { dateOf, type Instant } from '../../src/domain/time.ts';
import type { YearAccount } from './accounts.ts';
import { living, named, tell, type KeyLife, type Notice, type Person } from './lives.ts';
import { findNewKey } from './by-hand.ts';
import { brokenByDeactivation, brokenByDeletion, brokenByWaiting } from './promises.ts';
import type { AccountKeys, Aftermath, StoredSecret } from './world.ts';

export type Broken = (person: Person, what: string) => void;

/** Compares what a run has left with what people know, and asks for every promise. */
export function observe(accounts: readonly YearAccount[], after: Aftermath, broken: Broken): void {
  const notices = noticesIn(after);
  const secretOf = new Map(after.secrets.map((secret) => [secret.keyId, secret]));
  const keysOf = new Map(
    after.accounts.flatMap(({ accountId, users }) =>
      users.map(({ userName, keys }) => [`${accountId}/${userName}`, keys] as const),
    ),
  );
  const reportOf = new Map(after.report?.accounts.map((report) => [report.account.id, report]));
  for (const account of accounts) {
    const report = reportOf.get(account.id);
    for (const person of account.people) {
      const found = keysOf.get(`${person.accountId}/${person.userName}`) ?? [];
      const say: (what: string) => void = (what) => broken(person, what);
      seen(person, report, after.at);
      const changes = changed(person, found, after.at, say);
      if (account.state !== 'open' && changes > 0)
        say(`something was done in an account that is ${account.state}`);
      for (const key of living(person)) key.notices.push(...(notices.get(key.id) ?? []));
      delivered(person, secretOf, report, after.at);
      if (account.state !== 'open' || person.awayUntil !== undefined) continue;
      if (hadNoTrouble(person, report)) quiet(person, secretOf, after.at, say);
    }
  }
}

const hadFailures = ({ findings }: RotatedAccount): boolean =>
  findings.some(({ severity }) => severity !== 'note');

/** Whether a run did everything for a user that there was to do. */
export function hadNoTrouble(person: Person, report: AccountReport | undefined): boolean {
  if (report?.status !== 'rotated') return false;
  if (hadFailures(report)) return false;
  if (report.gaps.some(({ userName }) => userName === person.userName)) return false;
  return report.outcomes
    .filter(({ decision }) => decision.userName === person.userName)
    .every(({ status }) => status === 'none' || status === 'applied');
}

/**
 * What the run has reported of each key: the service can know no more than it has seen and was able
 * to write down. Where that failed nobody can tell whether it is written; both must be expected.
 */
function seen(person: Person, report: AccountReport | undefined, at: Instant): void {
  // It ended early, but may have come as far as that.
  const isGap =
    report?.status === 'rotated' && report.gaps.some(({ userName }) => userName === person.userName);
  if (report?.status === 'unreachable' || isGap)
    for (const key of living(person)) sawKey(key, key.active, at, false);
  if (report?.status !== 'rotated') return;
  for (const outcome of report.outcomes) {
    const { decision } = outcome;
    if (decision.userName !== person.userName) continue;
    const key = person.keys.find(({ id }) => id === decision.key.id);
    if (key === undefined) continue;
    const trouble = report.findings.some(
      ({ severity, message }) => severity !== 'note' && message.includes(key.id),
    );
    sawKey(key, decision.key.status === 'active', at, !trouble);
    if (isTestDenied(outcome)) key.testDeniedAt = at;
    const isTried = outcome.status === 'failed' || outcome.status === 'partial';
    if (isTried && decision.action === 'deactivate') key.triedAt = at;
    if (outcome.status === 'applied' && decision.action === 'deactivate')
      key.offAs = { reason: decision.reason, at, isWritten: !trouble };
  }
}

const isTestDenied = (outcome: Outcome): boolean =>
  (outcome.status === 'failed' || outcome.status === 'partial') &&
  outcome.decision.action === 'replace' &&
  outcome.failure.kind === 'denied' &&
  TEST_CALLS.has(outcome.failure.during);

/** In memory, and on the emulator. */
const TEST_CALLS: ReadonlySet<string> = new Set(['verifier.answers', 'sts:GetCallerIdentity']);

/** @param isWritten whether what was seen is certainly written down */
function sawKey(key: KeyLife, active: boolean, at: Instant, isWritten: boolean): void {
  if (!active) {
    if (key.maybeBackOn !== undefined) delete key.surelySeenOff;
    delete key.maybeBackOn;
    key.seenOff ??= at;
    if (isWritten) key.surelySeenOff ??= at;
  } else if (key.seenOff !== undefined) {
    if (key.maybeBackOn === undefined) key.backOn.push(at);
    key.maybeBackOn ??= at;
    if (isWritten) isBackOn(key, key.maybeBackOn);
  }
}

function isBackOn(key: KeyLife, since: Instant): void {
  if (key.surelySeenOff !== undefined) {
    key.seenBackOn = since;
    key.notices = key.notices.filter((notice) => notice.at >= since);
  }
  forgetOff(key);
}

function forgetOff(key: KeyLife): void {
  delete key.seenOff;
  delete key.surelySeenOff;
  delete key.maybeBackOn;
}

type Found = AccountKeys['users'][number]['keys'];

/** @returns how many keys the run has changed */
function changed(person: Person, found: Found, at: Instant, broken: (what: string) => void): number {
  let changes = 0;
  for (const key of living(person)) {
    const now = found.find(({ id }) => id === key.id);
    const active = now?.status === 'Active';
    if (now === undefined) {
      changes += 1;
      tell(person, at, `${named(key, at)} is deleted by the service`);
      const why = brokenByDeletion(key, person, at);
      if (why !== undefined) broken(`${named(key, at)} was deleted, and ${why}`);
    } else if (active !== key.active) {
      changes += 1;
      tell(person, at, `${named(key, at)} is switched ${active ? 'on' : 'off'} by the service`);
      const why = active ? 'nobody but a person may do that' : brokenByDeactivation(key, person, at);
      if (why !== undefined) broken(`${named(key, at)} was switched ${active ? 'on' : 'off'}, and ${why}`);
    }
  }
  // Only now, since each key was judged by the state of the other one when the run started.
  for (const key of living(person)) {
    const now = found.find(({ id }) => id === key.id);
    key.gone = now === undefined;
    const active = now?.status === 'Active';
    if (now !== undefined && key.active && !active) switchedOff(key, at, person);
    key.active = active;
  }
  const made = found.filter(({ id }) => !person.keys.some((key) => key.id === id));
  for (const { id, createdAt } of made) {
    changes += 1;
    tell(person, at, `${id} is made by the service`);
    person.keys.push({
      id,
      createdAt,
      madeBy: 'service',
      active: true,
      gone: false,
      notices: [],
      backOn: [],
    });
  }
  if (made.length > 1) broken(`one run has made ${made.length} keys`);
  return changes;
}

function switchedOff(key: KeyLife, at: Instant, person: Person): void {
  key.offBy = 'service';
  forgetOff(key);
  key.seenOff = at;
  if (key.offAs?.at !== at) delete key.offAs;
  else if (key.offAs.isWritten) key.surelySeenOff = at;
  if (person.habit.also === 'toggles keys' && person.random.chance(0.3) && person.switchOn === undefined)
    person.switchOn = { key, at: at + person.random.between(1, 9) * 86_400_000 };
}

function delivered(
  person: Person,
  secretOf: ReadonlyMap<string, StoredSecret>,
  report: AccountReport | undefined,
  at: Instant,
): void {
  for (const key of living(person)) {
    const secret = secretOf.get(key.id);
    if (secret === undefined || !secret.right || !secret.isCurrent) continue;
    key.deliveredAt ??= at;
    if (report?.status === 'rotated' && report.outcomes.some((outcome) => namesAsDelivered(outcome, key.id)))
      key.surelyDeliveredAt ??= at;
    findNewKey(person, key, at);
  }
}

const namesAsDelivered = (outcome: Outcome, id: string): boolean =>
  outcome.decision.adoption?.replacementId === id ||
  (outcome.status === 'applied' && outcome.replacement?.accessKeyId === id);

/** What must be true of a user after a run that says that all is well. */
function quiet(
  person: Person,
  secretOf: ReadonlyMap<string, StoredSecret>,
  at: Instant,
  broken: (what: string) => void,
): void {
  for (const key of living(person).filter(({ madeBy, active }) => madeBy === 'service' && active)) {
    const secret = secretOf.get(key.id);
    if (secret === undefined) broken(`nobody has the secret of ${named(key, at)}`);
    else if (!secret.right) broken(`what is stored as the secret of ${named(key, at)} is another one`);
    else if (key.deliveredAt === undefined) broken(`${named(key, at)} was never delivered`);
  }
  for (const what of brokenByWaiting(person, at)) broken(what);
}

interface AccountDigest {
  readonly kind: string;
  readonly account: { readonly id: string };
  readonly entries: readonly DigestEntry[];
}

interface DigestEntry {
  readonly accessKeyId: string | null;
  readonly notice?: { readonly about: Notice['about']; readonly date: string };
}

/** Which keys were announced, in digests whose e-mail names the key and the date as well. */
function noticesIn({ at, report, published }: Aftermath): ReadonlyMap<string, readonly Notice[]> {
  const notices = new Map<string, Notice[]>();
  for (const { text, json } of published) {
    const digest = JSON.parse(json) as AccountDigest;
    if (digest.kind !== 'account-digest') continue;
    const of = report?.accounts.find(({ account }) => account.id === digest.account.id);
    const isSure = of?.status === 'rotated' && !hadFailures(of);
    for (const { accessKeyId, notice } of digest.entries) {
      if (accessKeyId === null || notice === undefined || !text.includes(accessKeyId)) continue;
      const { about } = notice;
      const date = Date.parse(notice.date);
      if (!text.includes(dateOf(date))) continue;
      notices.set(accessKeyId, [...(notices.get(accessKeyId) ?? []), { at, about, date, isSure }]);
    }
  }
  return notices;
}
