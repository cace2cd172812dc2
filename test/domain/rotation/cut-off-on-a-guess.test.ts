import { expect } from 'chai';
import { decide } from '../../../src/domain/rotation/decide.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey, Delivery, KeyMemory } from '../../../src/domain/rotation/key.ts';
import { givesNotices, plan, type Mode, type Readers } from '../../../src/domain/rotation/limits.ts';
import { published, type Notice, type NoticeToGive } from '../../../src/domain/rotation/notice.ts';
import { afterReactivation } from '../../../src/domain/rotation/predicates.ts';
import { DAY, HOUR, type Instant } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user, type PolicyFacts } from '../../support/builders.ts';

/*
 * What version 1 of the policy got wrong, in weekly runs: IAM, ledger and digests in memory. Days count
 * from the first run on.
 */

interface World {
  /** `K(age, last used)`, in days before the first run. */
  readonly keys: readonly (readonly [string, number, number | 'never'])[];
  readonly until: number;
  /** Days on which a key is used; a key that is off can't be. */
  readonly uses?: (day: number, keyId: string) => boolean;
  /** IAM tells of a use only so many days after it. */
  readonly toldLate?: number;
  readonly policy?: (day: number) => PolicyFacts;
  readonly mode?: (day: number) => Mode;
  readonly readers?: Readers;
  readonly delivery?: (day: number) => Delivery;
  /** A person switches a key on or off on a day. */
  readonly switches?: (day: number, found: AccessKey) => AccessKey['status'] | undefined;
  readonly signs?: string;
}

/** `replace THIS`, `deactivate THIS`: what was done on which day, and what each run said. */
interface Told {
  readonly done: Readonly<Record<string, number>>;
  said(day: number, keyId?: string): string;
  readonly runs: readonly number[];
}

/** A new key is named after the one it replaces. */
const replacementId = (id: string) => `${id}-NEW`;

function live(world: World): Told {
  let keys = world.keys.map(([id, age, used]) =>
    key({ id, age: age * DAY, lastUsed: used === 'never' ? 'never' : used * DAY }),
  );
  const usedAt = new Map<string, Instant>();
  const done: Record<string, number> = {};
  const said = new Map<string, string>();
  const runs: number[] = [];
  const edit = (id: string, how: (one: AccessKey) => AccessKey) =>
    (keys = keys.map((one) => (one.id === id ? how(one) : one)));
  const remember = (id: string, memory: Partial<KeyMemory>) =>
    edit(id, (one) => ({ ...one, memory: { ...one.memory, ...memory } }));
  const give = (id: string, toGive: NoticeToGive | undefined, now: Instant) => {
    if (toGive === undefined) return;
    edit(id, (one) => {
      const others = (one.memory.notices ?? []).filter(({ about }) => about !== toGive.about);
      const notices: readonly Notice[] = [...others, published(toGive, now)];
      return { ...one, memory: { ...one.memory, notices } };
    });
  };

  function carryOut({ action, key: { id }, reason }: Decision, now: Instant, day: number) {
    if (['replace', 'deactivate', 'delete'].includes(action)) done[`${action} ${id}`] ??= day;
    if (action === 'replace') {
      const fresh = key({ id: replacementId(id), age: 0, lastUsed: 'never' });
      const memory: KeyMemory = { replacementOf: id, deliveredAt: now };
      keys = [...keys, { ...fresh, createdAt: now, memory }];
    }
    if (action === 'deactivate') {
      edit(id, (one) => ({ ...one, status: 'inactive' }));
      remember(id, { inactiveSince: now, deactivatedAs: reason });
    }
    if (action === 'delete') keys = keys.filter((one) => one.id !== id);
  }

  function run(day: number) {
    const now = T0 + day * DAY;
    runs.push(day);
    for (const one of keys) {
      const { replacementOf: of } = one.memory;
      const predecessor = keys.find(({ id }) => id === of);
      edit(one.id, () => ({
        ...one,
        ...(of === undefined ? {} : { delivery: world.delivery?.(day) ?? 'current' }),
        ...(predecessor?.status === 'inactive' && predecessor.memory.inactiveSince !== undefined
          ? { predecessorOffSince: predecessor.memory.inactiveSince }
          : {}),
        ...(world.signs === one.id ? { signsThisRun: true } : {}),
      }));
    }
    const mode = world.mode?.(day) ?? 'enforce';
    const readers = world.readers ?? 'somebody';
    const decisions = decide(user(keys), policy(world.policy?.(day)), now);
    const limits = { maxDeactivations: { count: 9 }, maxDeletions: { count: 9 } };
    for (const { decision, held } of plan(decisions, { mode, limits, keyCount: keys.length, readers })) {
      const { action, key: of, reason, observation } = decision;
      said.set(`${day} ${of.id}`, held === undefined ? `${action}: ${reason}` : `held by ${held.by}`);
      if (observation?.kind === 'seen-inactive') remember(of.id, { inactiveSince: now });
      if (observation?.kind === 'seen-reactivated')
        edit(of.id, (one) => ({ ...one, memory: afterReactivation(one.memory, now) }));
      if (observation?.kind === 'notices-void') remember(of.id, { notices: [] });
      const isDone = held === undefined && ['replace', 'deactivate', 'delete'].includes(action);
      if (isDone) carryOut(decision, now, day);
      const toGive = isDone ? decision.noticeWhenDone : decision.notice;
      if (readers === 'somebody' && toGive !== undefined && givesNotices(mode, toGive.about))
        give(of.id, toGive, now);
    }
  }

  for (let day = 0; day <= world.until; day += 1) {
    for (const one of keys) {
      const wanted = world.switches?.(day, one);
      if (wanted !== undefined) edit(one.id, (found) => ({ ...found, status: wanted }));
    }
    if (day % 7 === 0) run(day);
    // Used after the run of the day; what a key was used at is told late, perhaps.
    for (const { id, status } of keys) {
      if (status === 'active' && world.uses?.(day, id) === true) usedAt.set(id, T0 + day * DAY + HOUR);
      const at = usedAt.get(id);
      if (at !== undefined && T0 + (day + 1) * DAY >= at + (world.toldLate ?? 0) * DAY)
        edit(id, (found) => ({ ...found, lastUse: { kind: 'used', at } }));
    }
  }
  return { done, runs, said: (day, keyId = THIS) => said.get(`${day} ${keyId}`) ?? 'nothing' };
}

const NEW = replacementId(THIS);
const daily =
  (...ids: readonly string[]) =>
  (_: number, id: string) =>
    ids.includes(id);

describe('nobody is cut off on a guess', () => {
  it('1: an older hand-made key used every fortnight stays on, and a person is asked', () => {
    const { done, said } = live({
      keys: [
        [THIS, 100, 3],
        [OTHER, 50, 0],
      ],
      until: 180,
      uses: (day, id) => id === OTHER || day % 14 === 11,
    });
    expect(done).to.deep.equal({});
    for (let day = 14; day <= 180; day += 7) expect(said(day)).to.equal('blocked: two-keys-in-use');
  });

  for (const [title, uses] of [
    ['the older used every 10 days', (day: number, id: string) => id === OTHER || day % 10 === 0],
    ['both used daily, the later use alternating', daily(THIS, OTHER)],
    ['used in turns', (day: number, id: string) => (day % 2 === 0) === (id === THIS)],
  ] as const) {
    it(`2: two hand-made keys, ${title}, are blocked, the same every week`, () => {
      const { done, said, runs } = live({
        keys: [
          [THIS, 100, 3],
          [OTHER, 95, 0],
        ],
        until: 180,
        uses,
      });
      expect(done).to.deep.equal({});
      expect(new Set(runs.flatMap((day) => [said(day), said(day, OTHER)]))).to.deep.equal(
        new Set(['blocked: two-keys-in-use']),
      );
    });
  }

  for (const [row, job, every, runsOn, switchedOff] of [
    ['3', 'monthly', 30, 25, 35],
    ['4', 'quarterly', 91, 84, 105],
  ] as const) {
    it(`${row}: a ${job} job that reads the secret keeps its key until it has run with the new one`, () => {
      const { done } = live({
        keys: [[THIS, 300, 5]],
        until: 150,
        uses: (day, id) => id === NEW && day % every === runsOn % every && day >= runsOn,
      });
      expect(done[`replace ${THIS}`]).to.equal(0);
      expect(done[`deactivate ${THIS}`]).to.be.within(runsOn + 1, switchedOff);
      expect(done[`delete ${THIS}`]).to.be.greaterThan(runsOn + 10);
    });
  }

  for (const delivery of ['gone', 'deleting', 'superseded'] as const) {
    it(`5: a key stays on when the secret of its replacement is ${delivery}, and a person is asked`, () => {
      const { done, said } = live({
        keys: [[THIS, 61, 1]],
        until: 120,
        uses: daily(THIS),
        delivery: (day) => (day >= 3 ? delivery : 'current'),
      });
      expect(done).to.not.have.property(`deactivate ${THIS}`);
      expect(done).to.not.have.property(`delete ${THIS}`);
      expect(said(7)).to.equal('blocked: delivery-void');
      // Announced on day 7 for day 17: somebody may have taken the new key and not have used it yet.
      if (delivery === 'gone') expect(done).to.include({ [`deactivate ${NEW}`]: 21, [`delete ${NEW}`]: 35 });
    });
  }

  for (const readers of ['nobody', 'unknown'] as const) {
    it(`6: an unused key stays on while ${readers === 'unknown' ? 'it is unknown who reads' : 'nobody reads'}`, () => {
      const { done } = live({ keys: [[THIS, 200, 'never']], until: 90, readers });
      expect(done).to.deep.equal({});
    });
  }
  it('6: an unused key is switched off where somebody has read of it', () => {
    expect(live({ keys: [[THIS, 200, 'never']], until: 90 }).done[`deactivate ${THIS}`]).to.equal(14);
  });

  it('7: a date that people were told stands, whatever the settings become', () => {
    const { done } = live({
      keys: [[THIS, 300, 0]],
      until: 90,
      uses: daily(THIS),
      policy: (day) =>
        day === 0
          ? { deadlineGrace: 20 }
          : { deactivateAfter: 61, deleteAfter: 62, adoptionGrace: 1, deadlineGrace: 1 },
    });
    expect(done[`deactivate ${THIS}`]).to.be.within(20, 35);
  });

  it('8: a notice that was given before a long audit counts no more: the key gets one of its own', () => {
    const { done, said } = live({
      keys: [[THIS, 200, 'never']],
      until: 150,
      mode: (day) => (day >= 3 && day < 100 ? 'audit' : 'enforce'),
    });
    expect(said(105)).to.equal('wait: unused-notice');
    expect(done[`deactivate ${THIS}`]).to.equal(119);
  });

  it('11: a use that IAM tells late keeps the key from being deleted', () => {
    const { done, said } = live({
      keys: [[THIS, 200, 'never']],
      until: 200,
      uses: (day) => day === 13,
      toldLate: 2,
    });
    expect(done).to.deep.equal({ [`deactivate ${THIS}`]: 14 });
    expect(said(28)).to.equal('blocked: used-after-notice');
    expect(said(196)).to.equal('blocked: used-after-notice');
  });

  it('12: a key that something switches on every week is left alone from the third time on', () => {
    const switchedOff: number[] = [];
    const { said } = live({
      keys: [
        [THIS, 200, 'never'],
        [OTHER, 190, 'never'],
      ],
      until: 400,
      policy: () => ({ unusedAfter: 10 }),
      switches: (day, { id, status }) => {
        if (id !== THIS || status === 'active' || day % 7 !== 3) return undefined;
        switchedOff.push(day);
        return 'active';
      },
    });
    expect(switchedOff).to.have.lengthOf(3);
    expect(said(196)).to.equal('blocked: switched-on-again');
  });

  it('13: a run leaves the key alone that it is signed with', () => {
    const { done, said } = live({
      keys: [[THIS, 61, 1]],
      until: 60,
      uses: daily(THIS),
      signs: THIS,
    });
    expect(done).to.deep.equal({});
    expect(said(56)).to.equal('blocked: signs-this-run');
  });

  it('18: a replacement that a person switches off gives its predecessor its grace from when it is on again', () => {
    const { done, said } = live({
      keys: [[THIS, 75, 1]],
      until: 120,
      uses: (day, id) => id === THIS || day > 22,
      switches: (day, { id }) =>
        id !== NEW ? undefined : day === 1 ? 'inactive' : day === 20 ? 'active' : undefined,
    });
    expect(said(14)).to.not.include('deactivate');
    expect(done[`deactivate ${THIS}`]).to.be.at.least(21 + 30);
  });

  it('18: also where its owner moves the day after', () => {
    const { done } = live({
      keys: [[THIS, 75, 1]],
      until: 120,
      uses: (day, id) => (day < 22 ? id === THIS : id === NEW),
      switches: (day, { id }) =>
        id !== NEW ? undefined : day === 1 ? 'inactive' : day === 20 ? 'active' : undefined,
    });
    expect(done[`deactivate ${THIS}`]).to.equal(35);
  });

  it('19: a spare key in the way of a replacement is for a person from 80 days on, with a long unusedAfter', () => {
    const { done, said } = live({
      keys: [
        [THIS, 60, 0],
        [OTHER, 60, 'never'],
      ],
      until: 100,
      uses: daily(THIS),
      policy: () => ({ unusedAfter: 400 }),
    });
    expect(done).to.deep.equal({});
    expect(said(14)).to.equal('wait: slot-held');
    expect(said(21)).to.equal('blocked: slot-held');
    expect(said(98)).to.equal('blocked: slot-held');
  });

  it('20: a last use dated before the creation is no use', () => {
    const { done, said } = live({ keys: [[THIS, 61, 200]], until: 20 });
    expect(said(0)).to.equal('wait: never-used');
    expect(done).to.deep.equal({});
  });
});
