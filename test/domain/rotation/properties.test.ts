import { expect } from 'chai';
import fc from 'fast-check';
import {
  decide,
  keysWhoseLastUseMatters,
  replacementsToLookFor,
} from '../../../src/domain/rotation/decide.ts';
import type { Decision, Reason } from '../../../src/domain/rotation/decision.ts';
import { isActive, type AccessKey, type UserKeys } from '../../../src/domain/rotation/key.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY, MINUTE, type Duration, type Instant } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { anyPolicy, anyUser } from './any-user.ts';

const of = (decisions: readonly Decision[], ...actions: readonly Decision['action'][]) =>
  decisions.filter(({ action }) => actions.includes(action));

/** When a key was used by its owner: after its creation, and not by our test of it. */
function ownUse({ createdAt, lastUse, memory: { deliveredAt } }: AccessKey): Instant {
  if (lastUse.kind !== 'used' || lastUse.at < createdAt) return -Infinity;
  const tested = Math.min(deliveredAt ?? -Infinity, createdAt + 10 * MINUTE) + 5 * MINUTE;
  return lastUse.at <= tested ? -Infinity : lastUse.at;
}

const there = ({ createdAt, memory: { deliveredAt = 0, reactivatedAt = 0 } }: AccessKey): Instant =>
  Math.max(createdAt, deliveredAt, reactivatedAt);

type Ground = (key: AccessKey, other: AccessKey | undefined, by: Policy) => boolean;

const isHeir = (other: AccessKey | undefined, key: AccessKey): other is AccessKey =>
  other !== undefined &&
  isActive(other) &&
  other.memory.replacementOf === key.id &&
  other.memory.deliveredAt !== undefined;

/** What must be true of a key that is switched off, said without the words of the rules. */
const GROUNDS: Partial<Record<Reason, Ground>> = {
  moved: (key, other, by) =>
    isHeir(other, key) &&
    ownUse(other) > ownUse(key) &&
    T0 - ownUse(key) > by.inUseWindow &&
    T0 - key.createdAt >= by.deactivateAfter &&
    T0 - there(other) >= by.adoptionGrace,
  deadline: (key, other, by) =>
    isHeir(other, key) &&
    by.whenStillInUse === 'deactivate' &&
    (ownUse(key) > there(other) || by.whenNotAdopted === 'deactivate') &&
    T0 - key.createdAt >= by.deleteAfter &&
    T0 - there(other) >= by.deadlineGrace,
  unused: (key, _, by) =>
    by.unusedAfter !== undefined &&
    T0 - Math.max(ownUse(key), key.memory.reactivatedAt ?? 0) >=
      (ownUse(key) === -Infinity ? by.unusedAfter / 2 : by.unusedAfter),
  'least-recently-used': (key, other, by) =>
    by.whenTwoKeysInUse === 'deactivate-least-recently-used' &&
    other !== undefined &&
    ownUse(other) - ownUse(key) > 15 * MINUTE &&
    T0 - key.createdAt >= by.deactivateAfter,
  'delivery-lost': (key, other) =>
    other !== undefined && isActive(other) && ownUse(key) === -Infinity && key.delivery === 'gone',
};

/** The same, so much later: every number in the facts is a moment. */
const later = <Facts>(facts: Facts, by: Duration): Facts =>
  JSON.parse(JSON.stringify(facts), (_, value: unknown) =>
    typeof value === 'number' ? value + by : value,
  ) as Facts;

/** A test that fails with the smallest case that breaks the promise. */
const always = (
  title: string,
  promise: (decisions: readonly Decision[], found: UserKeys, by: Policy) => void,
) =>
  it(title, () => {
    const everywhere = fc.property(anyUser, anyPolicy, (found, by) => {
      promise(decide(found, by, T0), found, by);
    });
    fc.assert(everywhere, { numRuns: 3_000 });
  });

describe('whatever the facts, the engine', function () {
  always('says exactly one thing about each key, in one sentence', (decisions, found) => {
    expect(decisions.map(({ key }) => key.id)).to.have.members(found.keys.map(({ id }) => id));
    // A command at the end has no full stop: it is typed as it stands.
    for (const { message } of decisions)
      expect(message).to.match(/^[A-Z0-9][^\n]*(\.|: access-key-rotation [^\n]+)$/);
  });

  always('says the same again, in whatever order the keys are given', (decisions, found, by) => {
    expect(decide(found, by, T0)).to.deep.equal(decisions);
    const reversed = decide({ ...found, keys: found.keys.toReversed() }, by, T0);
    expect(reversed).to.have.deep.members([...decisions]);
  });

  always('never deactivates without one of its grounds', (decisions, found, by) => {
    for (const { key, reason } of of(decisions, 'deactivate')) {
      const other = found.keys.find(({ id }) => id !== key.id);
      expect(GROUNDS[reason]?.(key, other, by) ?? 'no ground').to.equal(true, reason);
    }
  });

  always('never switches off or deletes before a date that people were told, or unannounced', (decisions) => {
    for (const { key, reason, action, restsOnNotice } of of(decisions, 'deactivate', 'delete')) {
      const about = action === 'delete' ? 'delete' : reason;
      if (about === 'moved' || about === 'delivery-lost') continue;
      const told = key.memory.notices?.find((one) => one.about === about);
      expect(restsOnNotice).to.equal(true);
      expect(told?.date ?? Infinity).to.be.at.most(T0);
      expect(T0 - (told?.lastAt ?? -Infinity)).to.be.at.most(45 * DAY);
    }
  });

  always('never brings a date forward that counts', (decisions) => {
    for (const { key, notice } of decisions) {
      const told = key.memory.notices?.find(({ about }) => about === notice?.about);
      if (notice?.firstAt === undefined || told === undefined) continue;
      expect(notice.firstAt).to.equal(told.firstAt);
      expect(notice.date).to.be.at.least(told.date);
      if (told.inAnyCase !== undefined && notice.about === 'replaced') {
        expect(notice.inAnyCase ?? -Infinity).to.be.at.least(told.inAnyCase);
      }
    }
  });

  always('announces nothing new for sooner than the grace', (decisions, _, by) => {
    for (const { notice } of decisions) {
      if (notice === undefined || notice.firstAt !== undefined || notice.about === 'replaced') continue;
      const grace = notice.about === 'delete' ? by.recoveryGrace : by.adoptionGrace;
      expect(notice.date).to.be.at.least(T0 + grace);
    }
  });

  always('touches no key that the run is signed with', (decisions) => {
    for (const { key } of of(decisions, 'deactivate', 'delete', 'replace')) {
      expect(key.signsThisRun ?? false).to.equal(false);
    }
  });

  always(
    'deactivates or deletes nothing because of a replacement that is not known to be there',
    (decisions, found) => {
      for (const { key, reason, action } of of(decisions, 'deactivate', 'delete')) {
        const heir = found.keys.find((one) => one.memory.replacementOf === key.id && isActive(one));
        if (heir?.memory.deliveredAt === undefined) continue;
        if (reason === 'unused' || reason === 'delivery-lost') continue;
        const hasMoved = ownUse(heir) > ownUse(key);
        expect(hasMoved || heir.delivery === 'current', action).to.equal(true);
      }
    },
  );

  always('never deactivates a key that is inactive, never deletes one that is active', (decisions) => {
    for (const { key } of of(decisions, 'deactivate', 'replace')) expect(key.status).to.equal('active');
    for (const { key } of of(decisions, 'delete')) expect(key.status).to.equal('inactive');
  });

  always('never deletes a key that is not known inactive for at least recoveryGrace', (decisions, _, by) => {
    for (const { key } of of(decisions, 'delete')) {
      expect(T0 - (key.memory.inactiveSince ?? T0 + 1)).to.be.at.least(by.recoveryGrace);
    }
  });

  always('never acts on a key whose last use is unknown', (decisions) => {
    for (const { key } of of(decisions, 'deactivate', 'delete', 'replace')) {
      expect(key.lastUse.kind).to.not.equal('unknown');
    }
  });

  always('never leaves a user who uses a key without an active one', (decisions, found, by) => {
    const unusedSince = T0 - (by.unusedAfter ?? Infinity);
    const used = found.keys.filter(isActive).some(({ lastUse: last, memory: { deliveredAt } }) => {
      const onlyTestedByUs = last.kind === 'used' && last.at <= (deliveredAt ?? -Infinity) + 5 * MINUTE;
      return last.kind === 'used' && last.at > unusedSince && !onlyTestedByUs;
    });
    const gone = of(decisions, 'deactivate', 'delete').map(({ key }) => key.id);
    const left = found.keys.filter((key) => isActive(key) && !gone.includes(key.id));
    if (used) expect(left).to.not.be.empty;
  });

  always('never replaces where there is no place', (decisions, found) => {
    const places = 2 - found.keys.length + of(decisions, 'delete').length;
    expect(of(decisions, 'replace').length).to.be.at.most(places);
  });

  always('waits only for what lies ahead', (decisions) => {
    for (const { dueAt } of of(decisions, 'wait', 'keep')) expect(dueAt ?? T0).to.be.at.least(T0);
  });

  always('needs no last use but those it says matter', (decisions, found, by) => {
    const matter = keysWhoseLastUseMatters(found, by, T0);
    const keys = found.keys.map((key) =>
      matter.has(key.id) ? key : { ...key, lastUse: { kind: 'unknown' } as const },
    );
    const said = (all: readonly Decision[]) => all.map(({ key, ...rest }) => ({ id: key.id, ...rest }));
    expect(said(decide({ ...found, keys }, by, T0))).to.deep.equal(said(decisions));
  });

  always('needs no secret but those it says are to be looked at', (decisions, found, by) => {
    const looked = new Set(replacementsToLookFor(found).map(({ id }) => id));
    const keys = found.keys.map((key) => {
      const { delivery: _, ...rest } = key;
      return looked.has(key.id) ? key : rest;
    });
    const said = (all: readonly Decision[]) => all.map(({ key, ...rest }) => ({ id: key.id, ...rest }));
    expect(said(decide({ ...found, keys }, by, T0))).to.deep.equal(said(decisions));
  });

  it('knows no time but what it is given: later by as much, it says the same', () => {
    fc.assert(
      fc.property(anyUser, anyPolicy, fc.integer({ min: -900 * DAY, max: 900 * DAY }), (found, by, shift) => {
        const { exemption } = by;
        const moved = { ...by, ...(exemption && { exemption: later(exemption, shift) }) };
        const said = (all: readonly Decision[], offset: number) =>
          all.map(({ action, reason, key, dueAt, notice, observation }) => ({
            id: key.id,
            action,
            reason,
            notice: notice && later(notice, -offset),
            dueAt: dueAt === undefined ? undefined : dueAt - offset,
            observation: observation && { ...observation, at: observation.at - offset },
          }));
        const asked = decide(later(found, shift), moved, T0 + shift);
        expect(said(asked, shift)).to.deep.equal(said(decide(found, by, T0), 0));
      }),
      { numRuns: 3_000 },
    );
  });
});
