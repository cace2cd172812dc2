import {
  decide,
  keysWhoseLastUseMatters,
  replacementsToLookFor,
} from '../../../../src/domain/rotation/decide.ts';
import { CHANGING, type Decision } from '../../../../src/domain/rotation/decision.ts';
import type { AccessKey, Delivery, LastUse, UserKeys } from '../../../../src/domain/rotation/key.ts';
import { DEFAULT_LIMIT, givesNotices, plan, type Mode } from '../../../../src/domain/rotation/limits.ts';
import { published, type NoticeToGive } from '../../../../src/domain/rotation/notice.ts';
import { definedOnly } from '../../../../src/domain/defined-only.ts';
import { afterReactivation } from '../../../../src/domain/rotation/predicates.ts';
import type { Instant } from '../../../../src/domain/time.ts';
import { seesKeyOff, toldOfReplacement } from './owners.ts';
import { announce, brokenByDeactivation, brokenByDeletion } from './promises.ts';
import {
  breaks,
  hasTrouble,
  makeKey,
  readersAt,
  replacementOf,
  usedAsTold,
  type Key,
  type Life,
} from './world.ts';

/* A run over one user: IAM, ledger, secret and digest in memory, decide() and plan() as they are. */

export function serviceRuns(life: Life, now: Instant): void {
  const { times, random } = life;
  const rarely = (probability: number) => times.rough && random.chance(probability);
  if (rarely(0.02)) return; // The user's keys can't be read.
  for (const key of life.keys) see(key, now);
  const readers = readersAt(life, now);
  const mode: Mode = hasTrouble(life, 'audit', now) ? 'audit' : 'enforce';
  const policy = times.policyAt(now);
  const found = gather(life, now, rarely);
  const decisions = decide(found, policy, now);
  life.blocked = decisions.some(({ action }) => action === 'blocked');
  for (const decision of decisions) observe(keyOf(decision, life), decision);

  const limits = { maxDeactivations: DEFAULT_LIMIT, maxDeletions: DEFAULT_LIMIT };
  const planned = plan(decisions, { mode, readers, limits, keyCount: life.keys.length });
  const carriedOut = new Set<Decision>();
  for (const { decision, held } of planned) {
    if (held !== undefined || !CHANGING.has(decision.action)) continue;
    if (rarely(0.03) || !apply(decision, life, now)) break; // What fails holds the user's further actions.
    carriedOut.add(decision);
  }
  if (readers === 'somebody' && !rarely(0.05)) publish(life, decisions, carriedOut, mode, now);
}

/** What a run can know of keys that others switch. */
function see(key: Key, now: Instant): void {
  if (!key.active) key.seenOff ??= now;
  else if (key.seenOff !== undefined) {
    key.seenOn = now;
    delete key.seenOff;
    key.announced.clear();
  }
}

function gather(life: Life, now: Instant, rarely: (probability: number) => boolean): UserKeys {
  const keys = life.keys.map((key): AccessKey => ({
    id: key.id,
    status: key.active ? 'active' : 'inactive',
    createdAt: key.createdAt,
    lastUse: { kind: 'unknown' },
    memory: key.memory,
    ...definedOnly({ predecessorOffSince: life.offSince.get(key.memory.replacementOf ?? '') }),
  }));
  const listed: UserKeys = {
    userName: 'ann',
    userArn: 'arn:aws:iam::111111111111:user/ann',
    userId: 'AIDAANN',
    keys,
  };
  const matter = keysWhoseLastUseMatters(listed, life.times.policyAt(now), now);
  const read = keys.map((key, index): AccessKey => {
    const at = usedAsTold(life.keys[index]!, now);
    const lastUse: LastUse = at === undefined ? { kind: 'never' } : { kind: 'used', at };
    return matter.has(key.id) && !rarely(0.03) ? { ...key, lastUse } : key;
  });
  const toLookFor = new Set(replacementsToLookFor({ ...listed, keys: read }).map(({ id }) => id));
  const looked = read.map((key, index): AccessKey => {
    if (!toLookFor.has(key.id)) return key;
    if (rarely(0.03)) return { ...key, delivery: 'unknown' };
    life.secret.isSeen = true;
    return { ...key, delivery: deliveryOf(life.keys[index]!, life) };
  });
  return { ...listed, keys: looked };
}

const deliveryOf = (key: Key, { secret }: Life): Delivery =>
  secret.state === 'kept' ? (secret.holds === key ? 'current' : 'superseded') : secret.state;

const keyOf = ({ key: { id } }: Decision, { keys }: Life): Key => keys.find((key) => key.id === id)!;

function observe(key: Key, { observation }: Decision): void {
  if (observation?.kind === 'seen-inactive') key.memory = { ...key.memory, inactiveSince: observation.at };
  if (observation?.kind === 'seen-reactivated') key.memory = afterReactivation(key.memory, observation.at);
  if (observation?.kind === 'notices-void') {
    const { notices: _void, ...rest } = key.memory;
    key.memory = rest;
  }
}

/** @returns whether it could be done */
function apply({ action, key: { id }, reason }: Decision, life: Life, now: Instant): boolean {
  const key = life.keys.find((one) => one.id === id)!;
  if (action === 'replace') {
    // The place before the key.
    if (life.secret.state === 'deleting') return false;
    const memory = { replacementOf: key.id, deliveredAt: now };
    const made = makeKey(life, now, { memory, replaces: key, deliveredAt: now });
    made.toldUse = now; // By us, to see that it works.
    Object.assign(life.secret, { holds: made, state: 'kept' });
    delete key.touchedAt;
    for (const about of ['replaced', 'deadline'] as const) key.announced.delete(about);
  } else if (action === 'deactivate') {
    const why = brokenByDeactivation(life, key, reason, now);
    if (why !== undefined) breaks(life, key, now, `switched off as ${reason}, and ${why}`);
    life.grounds[reason] = (life.grounds[reason] ?? 0) + 1;
    Object.assign(key, { active: false, offBy: reason, seenOff: now });
    key.deactivations.push(now);
    key.memory = { ...key.memory, inactiveSince: now, deactivatedAs: reason };
    life.offSince.set(key.id, now);
    seesKeyOff(life, key, now);
  } else {
    const why = brokenByDeletion(life, key, now);
    if (why !== undefined) breaks(life, key, now, `deleted, and ${why}`);
    life.keys = life.keys.filter((other) => other !== key);
  }
  life.done[action] = (life.done[action] ?? 0) + 1;
  return true;
}

/** A digest that somebody receives: the ledger remembers what it announced, and so do its readers. */
function publish(
  life: Life,
  decisions: readonly Decision[],
  carriedOut: ReadonlySet<Decision>,
  mode: Mode,
  now: Instant,
): void {
  for (const decision of decisions) {
    const key = keyOf(decision, life) as Key | undefined;
    const notice = carriedOut.has(decision) ? decision.noticeWhenDone : decision.notice;
    if (key === undefined) continue;
    if (notice !== undefined && givesNotices(mode, notice.about)) remember(life, key, notice, now);
    const replacement = replacementOf(key, life);
    if (key.active && replacement !== undefined) toldOfReplacement(life, key, replacement, now);
  }
}

function remember(life: Life, key: Key, notice: NoticeToGive, now: Instant): void {
  const others = (key.memory.notices ?? []).filter(({ about }) => about !== notice.about);
  key.memory = { ...key.memory, notices: [...others, published(notice, now)] };
  announce(life, key, notice, now);
}
