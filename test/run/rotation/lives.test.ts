import { expect } from 'chai';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../../../src/domain/time.ts';
import { NEVER_THROWS, refusal, type Around } from '../../support/memory/intercept.ts';
import { mortal, type Moment } from '../../support/memory/process.ts';
import { newKeysOf, OLD } from './ann.ts';
import { annsReplacement, CIRCUMSTANCES, OFF } from './replacement.ts';

/*
 * Runs that die, fail or succeed, one after the other, and a person who does as she pleases in
 * between. All within a day, so that nothing she has falls due: whatever is hers has to stay.
 */

const DEEDS = [
  'nothing',
  'makes a key',
  'makes a key and uses it',
  'uses the old key',
  'adopts what the secret holds',
  'switches what was delivered off',
  'switches what was delivered on again',
  'deletes her second key',
] as const;

interface Step {
  readonly run: 'dies' | 'is refused' | 'goes well';
  readonly moment: Moment;
  readonly wait: number;
  readonly deed: (typeof DEEDS)[number];
}

const step: fc.Arbitrary<Step> = fc.record({
  run: fc.constantFrom('dies', 'is refused', 'goes well'),
  moment: fc.record({
    call: fc.integer({ min: 1, max: 22 }),
    side: fc.constantFrom('before', 'after'),
  }),
  // No shorter than a lease: what appears within one may be taken for ours.
  wait: fc.integer({ min: 15, max: 90 }),
  deed: fc.constantFrom(...DEEDS),
});

type Replacement = ReturnType<typeof annsReplacement>;

const aroundOf = ({ run, moment }: Step): Around => {
  if (run === 'goes well') return (_call, proceed) => proceed();
  if (run === 'dies') return mortal(moment).around;
  let calls = 0;
  return async ({ name }, proceed) => {
    if (NEVER_THROWS.has(name)) return await proceed();
    calls++;
    if (calls !== moment.call) return await proceed();
    if (moment.side === 'after') await proceed();
    throw refusal('transient', name);
  };
};

/** The person, and what she has made or switched herself. */
function person({ member, ledger }: Replacement) {
  const { iam, secrets } = member;
  const hers = new Map<string, 'active' | 'inactive'>([[OLD, 'active']]);
  const touched = new Set<string>();
  const delivered = () => {
    const { keys } = ledger.of(member.id);
    return newKeysOf(member).filter(({ id }) => keys.get(id)?.deliveredAt !== undefined);
  };
  const switchDelivered = (status: 'active' | 'inactive') => {
    for (const { id } of delivered()) {
      iam.switchKey(id, status);
      touched.add(id);
    }
  };
  const makeKey = (use: boolean) => {
    if (iam.keysOf('ann').length > 1) return;
    const id = iam.addKey('ann');
    if (use) iam.use(id);
    hers.set(id, 'active');
  };
  const deeds: Record<Step['deed'], () => void> = {
    nothing: () => undefined,
    'makes a key': () => makeKey(false),
    'makes a key and uses it': () => makeKey(true),
    'uses the old key': () => void iam.use(OLD),
    'adopts what the secret holds': () => void iam.use(secrets.currentOf('ann')?.accessKeyId ?? ''),
    'switches what was delivered off': () => switchDelivered('inactive'),
    'switches what was delivered on again': () => switchDelivered('active'),
    'deletes her second key': () => {
      for (const id of [...hers.keys()].filter((one) => one !== OLD)) {
        iam.removeKey(id);
        hers.delete(id);
      }
    },
  };
  return {
    does: (deed: Step['deed']) => deeds[deed](),
    hers: (): readonly string[] => [...hers].map(([id, status]) => `${id} ${status}`),
    touched,
  };
}

const keysOfAPerson = ({ member }: Replacement): readonly string[] =>
  member.iam
    .keysOf('ann')
    .filter(({ madeBy, id }) => madeBy === 'person' && id !== OFF)
    .map(({ id, status }) => `${id} ${status}`);

async function live(replacement: Replacement, steps: readonly Step[]): Promise<void> {
  const { member, clock, ledger, go, goLater } = replacement;
  const ann = person(replacement);
  const expectUnharmed = () => {
    expect(keysOfAPerson(replacement)).to.have.members([...ann.hers()]);
    if (ann.touched.size === 0) expect(replacement.brokenNow()).to.deep.equal([]);
  };
  for (const one of steps) {
    await go(aroundOf(one)).catch(() => undefined);
    expectUnharmed();
    clock.pass(one.wait * MINUTE);
    ann.does(one.deed);
  }
  const reports = [await goLater(HOUR), await goLater(MINUTE)];
  expectUnharmed();
  expect(reports.map(({ status }) => status)).to.deep.equal(['rotated', 'rotated']);

  const { keys, intents } = ledger.of(member.id);
  expect(intents, 'open intents').to.deep.equal([]);
  expect(ledger.leaseOf(member.id), 'the lease').to.equal(undefined);
  for (const { id } of newKeysOf(member)) {
    expect(member.secrets.holds('ann', id), `somebody has the secret of ${id}`).to.equal(true);
    expect(keys.get(id), `the ledger about ${id}`).to.include({ replacementOf: OLD });
  }
  expect(newKeysOf(member).length, 'replacements').to.be.at.most(1);
}

describe('runs that die or fail, and a person in between', () => {
  it('never touch what is hers, and leave no key whose secret nobody has', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CIRCUMSTANCES),
        fc.array(step, { minLength: 1, maxLength: 7 }),
        (circumstances, steps) => live(annsReplacement(circumstances), steps),
      ),
      { numRuns: 400 },
    ));
});
