import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days } from '../../../src/domain/time.ts';
import { decision, failed, failure, gap, key, partial, T0, untouched } from '../../support/builders.ts';
import { digest, said, sectionOf } from '../support.ts';

const twoKeys = (overrides: Partial<Decision> = {}): readonly Outcome[] => [
  untouched(
    decision('blocked', { key: key({ id: 'AKIAFIRST', age: days(100), lastUsed: days(0) }), ...overrides }),
  ),
  untouched(
    decision('blocked', { key: key({ id: 'AKIASECOND', age: days(90), lastUsed: days(3) }), ...overrides }),
  ),
];

describe('what a person is to decide', () => {
  it('tells of two keys in use once, with both keys and when each was used', () => {
    const found = digest({ outcomes: twoKeys() });
    const text = said('ASKED OF YOU', twoKeys());
    expect(text).to.match(/^- ann: both keys are in use/);
    expect(text.match(/- ann/g)).to.have.length(1);
    expect(text).to.contain('AKIAFIRST: created 2025-11-21 (100 days), last used today.');
    expect(text).to.contain('AKIASECOND: created 2025-12-01 (90 days), last used 3 days ago.');
    expect(found.text).to.contain('ASKED OF YOU (1)');
  });

  it('gives the commands, the one for the less recently used key first', () => {
    const text = said('ASKED OF YOU', twoKeys());
    expect(text).to.contain('aws iam get-access-key-last-used --access-key-id AKIAFIRST');
    const switchOff = (id: string) =>
      text.indexOf(`aws iam update-access-key --user-name ann --access-key-id ${id} --status Inactive`);
    expect(switchOff('AKIASECOND')).to.be.greaterThan(0);
    expect(switchOff('AKIAFIRST')).to.be.greaterThan(switchOff('AKIASECOND'));
  });

  it('knows the other key where only one of the two is blocked', () => {
    const [first] = twoKeys();
    const second = untouched(decision('keep', { key: key({ id: 'AKIAYOUNG', age: days(50) }) }));
    expect(said('ASKED OF YOU', [...(first === undefined ? [] : [first]), second])).to.contain('AKIAYOUNG');
  });

  it('repeats the reason of a key that is blocked for something else', () => {
    const outcomes = [
      untouched(decision('blocked', { reason: 'intent-open', message: 'Something is odd.' })),
    ];
    expect(said('TO LOOK AT', outcomes)).to.match(/AKIATHIS is blocked .*Something is odd\./);
  });

  const inUse = (dueAt?: number): readonly Outcome[] => [
    untouched(
      decision('wait', {
        reason: 'still-needed',
        adoption: { replacementId: 'AKIANEW', state: 'not-adopted' },
        key: key({ id: 'AKIAOLD', age: days(95), lastUsed: days(0) }),
        ...(dueAt === undefined ? {} : { dueAt }),
      }),
    ),
    untouched(
      decision('wait', {
        reason: 'replacement-not-adopted',
        key: key({ id: 'AKIANEW', lastUsed: 'never', replacementOf: 'AKIAOLD' }),
      }),
    ),
  ];

  it('says loudly that a replaced key is still in use, and until when that works', () => {
    const text = said('ASKED OF YOU', inUse(T0 + days(5)));
    expect(text).to.match(
      /^- By 2026-03-06, ann: put the new key AKIANEW wherever AKIAOLD is used If nothing is done: AKIAOLD is deactivated on 2026-03-06, and what still uses the old key stops working\./,
    );
    expect(text).to.contain('the key was replaced, and is STILL IN USE');
    expect(text).to.contain('AKIANEW: created 2026-01-30 (30 days), not used yet.');
    expect(text).to.contain(
      'What used the old key last, at this moment: aws iam get-access-key-last-used --access-key-id AKIAOLD',
    );
  });

  it('threatens with no date where there is none', () => {
    expect(said('ASKED OF YOU', inUse())).to.contain(
      'goes on working until nothing uses it any more; there is no last date.',
    );
    expect(said('WOULD BE ASKED OF YOU', inUse(T0), 'audit')).to.contain(
      'No key of this account is deactivated for now.',
    );
  });
});

describe('what failed', () => {
  it('says what, why, and what to do', () => {
    const why = failure({
      during: 'iam:CreateAccessKey',
      message: 'denied by a policy',
      nextStep: 'Allow it',
    });
    expect(said('FAILED', [failed(decision('replace'), why)])).to.contain(
      '- ann: AKIATHIS could not be replaced iam:CreateAccessKey: denied by a policy. What to do: Allow it.',
    );
  });

  it('tells first of what was left half done, with the key that exists', () => {
    const text = said('FAILED', [failed(decision('delete')), partial(decision('replace'), 'AKIALEFT')]);
    expect(text).to.match(
      /^- ann: AKIATHIS could only partly be replaced The new key AKIALEFT exists\..*could not be deleted/,
    );
  });

  const GAPS = {
    unreadable: 'could not be read, so nothing was decided',
    'intent-open': 'what an earlier run began is not finished',
    'out-of-time': 'the run had no time left',
    'bad-settings': 'what is set for this user can not be used',
  } as const;
  for (const [reason, words] of Object.entries(GAPS)) {
    it(`says of a user left out as ${reason}: ${words}`, () => {
      const text = digest({ gaps: [gap('gus', reason as keyof typeof GAPS)] }).text;
      expect(text).to.contain(`- gus: ${words}`);
      expect(text).to.contain(
        'iam:ListAccessKeys: not authorized.\n  What to do: Allow it in the member role.',
      );
    });
  }
});

describe('users left out for one reason', () => {
  it('are named under it, and it is given once', () => {
    const gaps = [
      gap('ann', 'out-of-time'),
      gap('bob'),
      gap('cem', 'out-of-time'),
      gap('dan', 'out-of-time'),
    ];
    const text = sectionOf(digest({ gaps }), 'FAILED');
    expect(text.match(/the run had no time left/g)).to.have.length(1);
    expect(text).to.match(/3 users: the run had no time left.*\s- ann\s- cem\s- dan/s);
    expect(text).to.contain('- bob: could not be read, so nothing was decided');
  });
});

describe('notes', () => {
  it('tell of keys of which too little is known, though nothing falls due', () => {
    const outcomes = [untouched(decision('wait', { reason: 'last-use-unknown', message: 'Not readable' }))];
    expect(said('NOTES', outcomes)).to.contain('Too little is known of these keys');
    expect(said('NOTES', outcomes)).to.contain('- ann: AKIATHIS. Not readable.');
  });

  it('tell of the account what is to be known', () => {
    const note = { severity: 'note', message: 'A lost key was deleted', nextStep: 'Nothing to do.' } as const;
    expect(sectionOf(digest({ findings: [note] }), 'NOTES')).to.match(
      /^- A lost key was deleted\.\n {2}Nothing to do\.\n/,
    );
  });
});
