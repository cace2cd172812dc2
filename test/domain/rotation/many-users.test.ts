import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../../src/domain/rotation/decide.ts';
import type { Decision, Reason } from '../../../src/domain/rotation/decision.ts';
import { type AccessKey, type UserKeys } from '../../../src/domain/rotation/key.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { anyPolicy, anyUser } from './any-user.ts';

/* What must hold for every user there can be. One walk over them all; each of them costs little. */

const USERS = 100_000;

const DESTRUCTIVE: ReadonlySet<string> = new Set(['deactivate', 'delete']);
const destroyed = (decisions: readonly Decision[]) =>
  decisions.filter(({ action }) => DESTRUCTIVE.has(action)).map(({ key }) => key.id);

/** What waits for something that has no date: facts, a person, or another key. */
const WITHOUT_A_DATE: ReadonlySet<Reason> = new Set<Reason>([
  'last-use-unknown',
  'date-unknown',
  'two-keys-in-use',
  'still-needed',
  'not-adopted',
  'used-after-notice',
  'switched-on-again',
  'slot-held',
  'signs-this-run',
  'delivery-void',
  'delivery-lost',
  'delivery-unknown',
  'replacement-not-adopted',
  'slot-being-freed',
  'slot-in-recovery',
  'never-used',
]);

const inUse = ({ lastUse }: AccessKey, { inUseWindow }: Policy) =>
  lastUse.kind === 'used' && T0 - lastUse.at <= inUseWindow;

const moreGrace = (by: Policy, days: number): Policy => ({
  ...by,
  adoptionGrace: by.adoptionGrace + days * DAY,
  deadlineGrace: by.deadlineGrace + days * DAY,
  recoveryGrace: by.recoveryGrace + days * DAY,
});

/** The properties, each as what speaks against it; empty where nothing does. */
const PROPERTIES: Readonly<
  Record<
    string,
    (decisions: readonly Decision[], user: UserKeys, by: Policy, days: number) => readonly string[]
  >
> = {
  'nothing is destroyed while its last use is unknown': (decisions) =>
    decisions
      .filter(({ action, key }) => DESTRUCTIVE.has(action) && key.lastUse.kind === 'unknown')
      .map(({ action, key }) => `${action} ${key.id}`),

  'never are both keys of a user deactivated while both are in use': (decisions, { keys }, by) => {
    const off = decisions.filter(({ action }) => action === 'deactivate').map(({ key }) => key.id);
    const used = keys.filter((key) => off.includes(key.id) && inUse(key, by));
    return used.length > 1 ? used.map(({ id }) => id) : [];
  },

  'deciding again on the same facts decides the same': (decisions, user, by) =>
    JSON.stringify(decide(user, by, T0)) === JSON.stringify(decisions) ? [] : ['it does not'],

  'more grace never means that something is destroyed earlier': (decisions, user, by, days) => {
    const now = destroyed(decisions);
    // Who stops using a key within a longer grace counts as moved for longer.
    const later = decide(user, moreGrace(by, days), T0).filter(({ reason }) => reason !== 'moved');
    return destroyed(later).filter((id) => !now.includes(id));
  },

  'every decision has a reason, and a date unless it waits for something that has none': (decisions) =>
    decisions
      .filter(
        ({ reason, message, dueAt }) =>
          message === '' || (dueAt === undefined ? !WITHOUT_A_DATE.has(reason) : !Number.isFinite(dueAt)),
      )
      .map(({ reason, key }) => `${key.id} ${reason}`),
};

describe(`for ${USERS.toLocaleString('en')} users as they may be`, function () {
  const against = new Map<string, string>();

  before(() => {
    const days = fc.constantFrom(0.5, 1, 5, 30);
    const everywhere = fc.property(anyUser, anyPolicy, days, (user, by, more) => {
      const decisions = decide(user, by, T0);
      for (const [title, objections] of Object.entries(PROPERTIES)) {
        const found = objections(decisions, user, by, more);
        if (found.length > 0 && !against.has(title)) {
          against.set(title, `${found.join(', ')} in ${JSON.stringify({ user, by, more })}`);
        }
      }
    });
    fc.assert(everywhere, { numRuns: USERS });
  });

  for (const title of Object.keys(PROPERTIES)) {
    it(title, () => expect(against.get(title)).to.equal(undefined));
  }
});
