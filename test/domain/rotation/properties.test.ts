import { expect } from 'chai';
import fc from 'fast-check';
import { decide, keysWhoseLastUseMatters } from '../../../src/domain/rotation/decide.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { isActive, type AccessKey, type UserKeys } from '../../../src/domain/rotation/key.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY, MINUTE, type Duration } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { anyPolicy, anyUser } from './any-user.ts';

const of = (decisions: readonly Decision[], ...actions: readonly Decision['action'][]) =>
  decisions.filter(({ action }) => actions.includes(action));

const inUse = (key: AccessKey, { inUseWindow }: Policy) =>
  key.lastUse.kind === 'used' && T0 - key.lastUse.at <= inUseWindow;

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
  this.timeout(120_000);

  always('says exactly one thing about each key, in one sentence', (decisions, found) => {
    expect(decisions.map(({ key }) => key.id)).to.have.members(found.keys.map(({ id }) => id));
    for (const { message } of decisions) expect(message).to.match(/^[A-Z0-9][^\n]*\.$/);
  });

  always('says the same again, in whatever order the keys are given', (decisions, found, by) => {
    expect(decide(found, by, T0)).to.deep.equal(decisions);
    const reversed = decide({ ...found, keys: found.keys.toReversed() }, by, T0);
    expect(reversed).to.have.deep.members([...decisions]);
  });

  always('never deactivates without a notice at least adoptionGrace old', (decisions, _, by) => {
    for (const { key } of of(decisions, 'deactivate')) {
      expect(T0 - (key.memory.noticedAt ?? T0 + 1)).to.be.at.least(by.adoptionGrace);
      expect(T0 - (key.memory.reactivatedAt ?? 0)).to.be.at.least(by.adoptionGrace);
    }
  });

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

  always(
    'never touches a key younger than deactivateAfter that has been used and may be again',
    (decisions, _, by) => {
      for (const { key, reason } of of(decisions, 'deactivate')) {
        if (reason !== 'unused') expect(T0 - key.createdAt).to.be.at.least(by.deactivateAfter);
        else if (key.lastUse.kind === 'used') {
          expect(T0 - key.lastUse.at).to.be.at.least(by.unusedAfter ?? Infinity);
        }
      }
    },
  );

  always(
    'deactivates a key in use only past its deadline, replaced by us or chosen by the policy',
    (decisions, found, by) => {
      for (const { key } of of(decisions, 'deactivate').filter((one) => inUse(one.key, by))) {
        const other = found.keys.find(({ id }) => id !== key.id);
        expect(by.whenStillInUse).to.equal('deactivate');
        expect(T0 - key.createdAt).to.be.at.least(by.deleteAfter);
        expect(T0 - (key.memory.noticedAt ?? T0)).to.be.at.least(2 * by.adoptionGrace);
        if (by.whenTwoKeysInUse === 'escalate') {
          expect(other?.memory.replacementOf).to.equal(key.id);
          expect(T0 - (other?.memory.deliveredAt ?? T0)).to.be.at.least(2 * by.adoptionGrace);
        }
      }
    },
  );

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

  always('announces nothing for sooner than adoptionGrace', (decisions, _, by) => {
    for (const { dueAt, action } of decisions.filter(({ givesNotice }) => givesNotice)) {
      expect(action).to.equal('wait');
      expect(dueAt).to.be.at.least(T0 + by.adoptionGrace);
    }
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

  it('knows no time but what it is given: later by as much, it says the same', () => {
    fc.assert(
      fc.property(anyUser, anyPolicy, fc.integer({ min: -900 * DAY, max: 900 * DAY }), (found, by, shift) => {
        const { exemption } = by;
        const moved = { ...by, ...(exemption && { exemption: later(exemption, shift) }) };
        const said = (all: readonly Decision[], offset: number) =>
          all.map(({ action, reason, key, dueAt, givesNotice, observation }) => ({
            id: key.id,
            action,
            reason,
            givesNotice,
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
