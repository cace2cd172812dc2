import { expect } from 'chai';
import type { Reason } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import { applied, decision, held, key, T0, untouched } from '../../support/builders.ts';
import { replaced, said, unusedNotice } from '../support.ts';

describe('what was done', () => {
  const old = (age: number) => decision('replace', { key: key({ id: 'AKIAOLD', age: days(age) }) });

  it('says where a new key is, and how to read it', () => {
    const text = said('ASKED OF YOU', [replaced(old(61))]);
    expect(text).to.match(/^- By 2026-03-31, ann: put the new key AKIANEW wherever AKIAOLD is used/);
    expect(text).to.contain('account 111111111111, region eu-central-1, secret access-keys/ann:');
    expect(text).to.contain(
      'aws secretsmanager get-secret-value --region eu-central-1 --secret-id access-keys/ann --version-stage AWSCURRENT --query SecretString --output text',
    );
  });

  const UNTIL: readonly [number, string][] = [
    [61, '2026-03-20'],
    [70, '2026-03-11'],
    [300, '2026-03-11'],
  ];
  for (const [age, date] of UNTIL) {
    it(`says that a key ${age} days old works until ${date} at least, and how long at most`, () => {
      expect(said('ASKED OF YOU', [replaced(old(age))])).to.contain(
        `AKIAOLD is deactivated on 2026-03-31, and what still uses the old key stops working. Once everything uses the new key, AKIAOLD is deactivated from ${date} on.`,
      );
    });
  }

  it('names no date in a mode that deactivates nothing', () => {
    const text = said('ASKED OF YOU', [replaced(old(61))], 'replace-only');
    expect(text).to.contain('goes on working. No key of this account is deactivated for now.');
    expect(text).not.to.match(/is deactivated (from|on)|\bBy 20/);
  });

  it('points to the run report where the secret is not known', () => {
    expect(said('ASKED OF YOU', [applied(old(61))])).to.contain('The run report says where its secret is.');
  });

  it('says how to undo a deactivation, and until when', () => {
    const text = said('DONE', [applied(decision('deactivate'))]);
    expect(text).to.contain('- ann: AKIATHIS is deactivated An example of deactivate.');
    expect(text).to.contain('It is not deleted before 2026-03-11.');
    expect(text).to.contain(
      'aws iam update-access-key --user-name ann --access-key-id AKIATHIS --status Active',
    );
    expect(said('DONE', [applied(decision('deactivate'))], 'no-delete')).to.contain(
      'no key of this account is deleted for now',
    );
  });

  it('tells first, and loudly, of a key that was switched off while in use', () => {
    const outcomes = [
      applied(decision('deactivate', { userName: 'quiet' })),
      applied(decision('deactivate', { userName: 'loud', reason: 'deadline', message: 'STILL IN USE' })),
    ];
    expect(said('ASKED OF YOU', outcomes)).to.match(
      /^- loud: switch AKIATHIS on again if something needs it .*Why: it was deactivated today\. STILL IN USE\./,
    );
    expect(said('DONE', outcomes)).to.match(/^- quiet: AKIATHIS is deactivated/);
  });

  it('lists deleted keys', () => {
    expect(said('DONE', [applied(decision('delete'))])).to.contain(
      'Deleted for good: - ann: AKIATHIS. It had been off, and its deletion was announced (last used yesterday).',
    );
  });
});

describe('what will happen', () => {
  it('announces an unused key: from when, how to keep it, how to be rid of it', () => {
    const text = said('ASKED OF YOU', [untouched(unusedNotice())]);
    expect(text).to.match(
      /^- By 2026-03-11, ann: use AKIATHIS, or let it go If nothing is done: AKIATHIS is deactivated from 2026-03-11 on unless it is used before\./,
    );
    expect(text).to.contain('Still needed? Use it:');
    expect(text).to.contain('aws iam delete-access-key --user-name ann --access-key-id AKIATHIS');
  });

  it('announces a replaced key: what to move where, how to switch it off', () => {
    const outcomes = [
      untouched(
        decision('wait', {
          reason: 'not-adopted',
          notice: { about: 'replaced', date: T0 + days(10), inAnyCase: T0 + days(30) },
          adoption: { replacementId: 'AKIANEW', state: 'not-adopted' },
          key: key({ id: 'AKIAOLD', lastUsed: days(20) }),
        }),
      ),
      untouched(decision('keep', { key: key({ id: 'AKIANEW' }) })),
    ];
    const text = said('ASKED OF YOU', outcomes);
    expect(text).to.match(
      /^- By 2026-03-31, ann: put the new key AKIANEW wherever AKIAOLD is used If nothing is done: AKIAOLD is deactivated on 2026-03-31, .* AKIAOLD is deactivated from 2026-03-11 on\. /,
    );
    expect(text).to.match(
      /The old key AKIAOLD: [^,]*, last used 20 days ago\. The new key AKIANEW: [^,]*, last used yesterday\./,
    );
    expect(text).to.contain(
      'aws iam update-access-key --user-name ann --access-key-id AKIAOLD --status Inactive',
    );
  });

  it('says where the replacement is, since the digest that said so may never have arrived', () => {
    const waiting = { reason: 'not-adopted', notice: { about: 'replaced', date: T0 + days(10) } } as const;
    const ours = key({ id: 'AKIANEW', replacementOf: 'AKIAOLD', deliveredAgo: days(7) });
    const outcomes = [
      untouched(decision('wait', { ...waiting, key: key({ id: 'AKIAOLD' }) })),
      untouched(decision('keep', { key: ours })),
    ];
    expect(said('ASKED OF YOU', outcomes)).to.contain('--secret-id access-key-rotation/ann --version-stage');
  });

  it('has everything by its date, and what is asked apart from that', () => {
    const soon = (userName: string, inDays: number) =>
      untouched(decision('keep', { userName, dueAt: T0 + days(inDays) }));
    const outcomes = [
      soon('later', 5),
      soon('soon', 1),
      untouched({ ...unusedNotice('second'), notice: { about: 'unused', date: T0 + days(12) } }),
      untouched(unusedNotice('first')),
    ];
    const names = ['ASKED OF YOU', 'WILL HAPPEN'].map((title) =>
      [...said(title, outcomes).matchAll(/- .{0,15}(first|second|soon|later): /g)].map(([, name]) => name),
    );
    expect(names).to.deep.equal([
      ['first', 'second'],
      ['soon', 'later'],
    ]);
  });

  const ROWS: readonly [Reason, string, string?][] = [
    ['young', 'is replaced if it is in use', 'would be replaced if it is in use'],
    [
      'moved-grace',
      'is deactivated, since everything uses AKIAOTHER now',
      'would be deactivated, since everything',
    ],
    ['never-used', 'counts as unused from then on'],
    ['slot-in-recovery', 'is replaced, in the place of the inactive key', 'would be replaced, in the place'],
    ['slot-being-freed', 'waits for the place of AKIAOTHER'],
    ['slot-held', 'is to be replaced; from then on you are asked about AKIAOTHER, which nobody has used'],
    ['two-keys-in-use', 'is to be replaced; from then on you are asked which of your two keys may go'],
    ['exempt', 'is exempt until then'],
    ['intent-open', 'An example of wait.'],
  ];
  for (const [reason, words, inAudit = words] of ROWS) {
    it(`says what comes for ${reason}: ${words}`, () => {
      const outcomes = [
        untouched(decision('wait', { reason, dueAt: T0 + days(2) })),
        untouched(decision('keep', { key: key({ id: 'AKIAOTHER' }) })),
      ];
      expect(said('WILL HAPPEN', outcomes)).to.contain(`2026-03-03 ann: AKIATHIS ${words}`);
      expect(said('WOULD HAPPEN LATER', outcomes, 'audit')).to.contain(inAudit);
    });
  }
});

describe('what was held back', () => {
  it('stands together by its cause', () => {
    const why = '9 keys of this account would be deactivated in one run, and the limit is 5; none was';
    const outcomes = [
      held(decision('deactivate', { userName: 'one' }), 'limit', why),
      held(decision('replace', { userName: 'two' }), 'place', 'AKIAX takes the second place'),
      held(decision('deactivate', { userName: 'three' }), 'limit', why),
      held(decision('delete', { userName: 'four' }), 'mode', 'mode no-delete does not delete'),
      held(decision('replace', { userName: 'five' }), 'failure', 'an earlier action for this user failed'),
      untouched(decision('delete', { userName: 'six' })),
      held(decision('delete', { userName: 'seven' }), 'request', 'not asked for in this run'),
    ];
    const text = said('HELD BACK', outcomes);
    expect(text).to.match(
      /^9 keys of this account .*none was\. Look for a wrong setting.*If that many are right, let one run do it: access-key-rotation accept --limit deactivations --account 111111111111 --reason "\.\.\." - one: .*- three: /,
    );
    expect(text).to.contain('no place for a second key: - two: AKIATHIS. AKIAX takes the second place.');
    expect(text).to.contain('Would be deleted, but mode no-delete does not delete: - four');
    expect(text).to.contain('To be replaced, but an earlier action for this user failed: - five');
    expect(text).to.contain('not done in this run; the next run decides anew: - six');
    expect(text).to.contain('To be deleted, but not asked for in this run: - seven');
  });

  it('names the command that lets deletions pass their limit, once for all of them', () => {
    const outcomes = ['one', 'two'].map((userName) => held(decision('delete', { userName }), 'limit', 'Why'));
    expect(said('HELD BACK', outcomes).match(/accept --limit deletions/g)).to.have.length(1);
  });
});
