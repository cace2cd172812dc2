import { expect } from 'chai';
import { decide } from '../../../src/domain/rotation/decide.ts';
import type { Exemption } from '../../../src/domain/rotation/policy.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import {
  decisionOn,
  key,
  OTHER,
  policy,
  T0,
  THIS,
  user,
  userIdOf,
  verdictOn,
} from '../../support/builders.ts';

const due = key({ id: THIS, age: days(70) });
const deletable = key({
  id: OTHER,
  status: 'inactive',
  age: days(99),
  lastUsed: days(30),
  inactiveFor: days(10),
  notices: { delete: { givenAgo: days(10) } },
});

const actions = (keys: Parameters<typeof user>[0]) =>
  decide(user(keys), policy(), T0).map(({ action, key: { id } }) => `${action} ${id}`);

describe('decide', () => {
  it('has nothing to say about a user without keys', () => {
    expect(decide(user([]), policy(), T0)).to.deep.equal([]);
  });

  it('frees the place before it needs it, whichever key comes first', () => {
    const expected = [`delete ${OTHER}`, `replace ${THIS}`];
    expect(actions([due, deletable])).to.deep.equal(expected);
    expect(actions([deletable, due])).to.deep.equal(expected);
  });

  it('puts what is done before what is left alone', () => {
    const replacement = key({
      id: OTHER,
      age: days(20),
      replacementOf: THIS,
      deliveredAgo: days(20),
    });
    const left = key({ age: days(85), lastUsed: days(20) });
    expect(actions([replacement, left])).to.deep.equal([`deactivate ${THIS}`, `keep ${OTHER}`]);
  });

  it('puts what is blocked before what waits', () => {
    const waiting = key({ id: OTHER, age: days(70), lastUsed: days(2) });
    const blocked = key({ age: days(85) });
    expect(actions([waiting, blocked])).to.deep.equal([`blocked ${THIS}`, `wait ${OTHER}`]);
  });

  it('says about whom it speaks, and how it found the key', () => {
    const [only] = decide(user([due], 'bob'), policy(), T0);
    expect(only).to.deep.include({
      userName: 'bob',
      userArn: 'arn:aws:iam::111111111111:user/bob',
      userId: userIdOf('bob'),
      key: due,
    });
  });

  it('does not change what it was given', () => {
    const keys = [
      deletable,
      key({ inactiveFor: days(3), notices: { unused: { givenAgo: days(9) } }, age: days(95) }),
      due,
    ];
    const before = structuredClone(keys);
    decide(user(keys), policy(), T0);
    expect(keys).to.deep.equal(before);
  });
});

describe('an exemption', () => {
  const exemption: Exemption = { owner: 'payments', reason: 'migration', until: T0 + 1 };
  const over: Exemption = { ...exemption, until: T0 };

  it('leaves the user alone until its end', () => {
    expect(decisionOn({ key: { age: days(300) }, policy: { exemption } })).to.deep.include({
      action: 'exempt',
      reason: 'exempt',
      message: 'Exempt until 2026-03-01: migration (payments).',
      dueAt: exemption.until,
    });
  });

  it('covers both keys, the inactive one too', () => {
    const decisions = decide(user([due, deletable]), policy({ exemption }), T0);
    expect(decisions.map(({ action }) => action)).to.deep.equal(['exempt', 'exempt']);
  });

  it('gives no notice, so that the graces start after it', () => {
    const situation = { key: { age: days(300), lastUsed: 'never' }, policy: { exemption } } as const;
    expect(verdictOn(situation).notice).to.equal(undefined);
  });

  it('voids what was announced, so that no date passes while nobody has to heed it', () => {
    const told = { age: days(300), notices: { deadline: { givenAgo: days(3) } } } as const;
    expect(decisionOn({ key: told, policy: { exemption } }).observation).to.deep.equal({
      kind: 'notices-void',
      at: T0,
    });
    expect(decisionOn({ key: {}, policy: { exemption } })).to.not.have.property('observation');
  });

  for (const [title, until, says] of [
    ['holds 1 ms before its end', T0 + 1, 'exempt: exempt'],
    ['is over at exactly its end', T0, 'replace: due'],
    ['is over 1 ms after its end', T0 - 1, 'replace: due'],
  ] as const) {
    it(title, () => {
      const situation = { key: { age: days(70) }, policy: { exemption: { ...exemption, until } } };
      expect(verdictOn(situation).says).to.equal(says);
    });
  }

  it('that is over leaves nothing behind: an inactive key still gets its grace', () => {
    const situation = {
      key: { status: 'inactive', age: 300 * DAY, lastUsed: 'never' },
      policy: { exemption: over },
    } as const;
    expect(verdictOn(situation)).to.include({ says: 'wait: newly-inactive', dueIn: 10 * DAY });
  });
});

describe('the key that signs the run', () => {
  const signs = { signsThisRun: true } as const;
  const moved = { age: days(85), lastUsed: days(20) } as const;
  const replacement = { age: days(20), replacementOf: THIS, deliveredAgo: days(20), lastUsed: 0 } as const;

  for (const [would, situation] of [
    ['replace', { key: { age: days(70), ...signs } }],
    ['deactivate', { key: { ...moved, ...signs }, other: replacement }],
    [
      'deactivate',
      { key: { age: days(300), lastUsed: 'never', ...signs, notices: { unused: { givenAgo: days(10) } } } },
    ],
  ] as const) {
    it(`is left alone where it would be: ${would}`, () => {
      expect(verdictOn(situation).says).to.equal('blocked: signs-this-run');
      const { message, noticeWhenDone } = decisionOn(situation);
      expect(message)
        .to.include(`(it would be: ${would})`)
        .and.to.match(/access-key-rotation replace --account \d{12} --user \S+ --key \S+ --leave-active/);
      expect(noticeWhenDone).to.equal(undefined);
    });
  }

  it('is told what comes, as any other key', () => {
    expect(verdictOn({ key: { age: days(300), lastUsed: 'never', ...signs } })).to.include({
      says: 'wait: unused-notice',
      notice: 'unused',
    });
  });

  it('does not keep the other key of its user from its ordinary way', () => {
    expect(verdictOn({ key: moved, other: { ...replacement, ...signs } }).says).to.equal('deactivate: moved');
  });
});

describe('the message that tells of a deactivation', () => {
  it('announces the deletion', () => {
    const replacement = { age: days(20), replacementOf: THIS, deliveredAgo: days(20), lastUsed: 0 };
    const said = decisionOn({ key: { age: days(85), lastUsed: days(20) }, other: replacement });
    expect(said.noticeWhenDone).to.deep.equal({ about: 'delete', date: T0 + 10 * DAY });
  });
});
