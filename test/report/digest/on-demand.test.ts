import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import { accountSettings, applied, decision, failed, key, policy, T0 } from '../../support/builders.ts';
import { digest, headings, jsonOf, replaced, said, unwrapped } from '../support.ts';

const DEACTIVATED = 'Asked for, and its replacement is there: it was in a public repository';

describe('an emergency replacement', () => {
  const of: Partial<Decision> = { reason: 'emergency', key: key({ id: 'AKIALEAKED', age: days(5) }) };
  const done = replaced(decision('replace', { ...of, message: 'Asked for: it was in a public repository' }));
  const off = decision('deactivate', {
    ...of,
    message: DEACTIVATED,
    noticeWhenDone: { about: 'delete', date: T0 + days(10) },
  });

  it('is one thing to read: who asked, where the new key is, when the old one is deleted', () => {
    const text = said('DONE', [done, applied(off)]);
    expect(text).to.match(
      /^- ann: AKIALEAKED is replaced by AKIANEW and was DEACTIVATED AT ONCE, by request Asked for: it was in a public repository\. The new key/,
    );
    expect(text).to.contain('aws secretsmanager get-secret-value');
    expect(text).to.contain('what still uses it fails already');
    expect(text).to.contain('The old key is deleted from 2026-03-11 on.');
    expect(text.match(/^- | - /g)).to.have.length(1);
  });

  it('suggests in no place that the leaked key be switched on again', () => {
    const texts = [[done, applied(off)], [applied(off)]].map((outcomes) => unwrapped(digest({ outcomes })));
    for (const text of texts) expect(text).not.to.match(/--status Active|switch(ed)? (it )?on/);
  });

  it('counts as two steps, and announces the deletion', () => {
    const found = digest({ outcomes: [done, applied(off)] });
    expect(headings(found)).to.deep.equal(['DONE (2)']);
    expect(jsonOf(found).counts).to.include({ replaced: 1, deactivated: 1 });
    expect(jsonOf(found).entries.map(({ action }) => action)).to.deep.equal(['replace', 'deactivate']);
    expect([...found.announces]).to.deep.equal(['AKIALEAKED']);
  });

  it('says loudly that the old key still works, where it could not be switched off', () => {
    const text = said('DONE', [done, failed(off)]);
    expect(text).to.contain(
      'The old key AKIALEAKED STILL WORKS: it was to be deactivated at once, and was not.',
    );
    expect(text).not.to.contain('DEACTIVATED AT ONCE');
    expect(text).not.to.contain('not deactivated before');
  });

  it('leaves the key of another user alone, even if it has the same id', () => {
    const text = said('DONE', [done, applied({ ...off, userName: 'bob' })]);
    expect(text).to.contain('- bob: AKIALEAKED is deactivated');
    expect(text).to.contain('STILL WORKS');
  });

  it('of a key that has its replacement already says why it was switched off', () => {
    expect(said('DONE', [applied(off)])).to.contain(`- ann: AKIALEAKED is deactivated ${DEACTIVATED}.`);
  });
});

describe('a replacement on demand', () => {
  it('reads like any other, with the reason', () => {
    const planned = decision('replace', {
      reason: 'by-hand',
      message: 'Asked for: the vendor changes',
      noticeWhenDone: { about: 'replaced', date: T0 + days(50), inAnyCase: T0 + days(60) },
    });
    const text = said('DONE', [replaced(planned)]);
    expect(text).to.match(
      /^- ann: AKIATHIS is replaced by AKIANEW Asked for: the vendor changes\. The new key/,
    );
    expect(text).to.contain(
      'The old key AKIATHIS is deactivated from 2026-04-20 on once its owner has moved to AKIANEW, and on 2026-04-30 in any case.',
    );
    expect([...digest({ outcomes: [replaced(planned)] }).announces]).to.deep.equal(['AKIATHIS']);
  });

  it('is reported as done, even where the mode only plans', () => {
    const found = digest({ outcomes: [replaced(decision('replace', { reason: 'by-hand' }))] }, 'audit');
    expect(unwrapped(found)).to.contain('1 key was replaced.').and.not.to.contain('nothing was changed');
    expect(found.subject).to.match(/: 1 replaced$/);
  });
});

describe('a key that was switched on again', () => {
  const restored = decision('restore', {
    message: 'Asked for: the month-end batch needs it',
    key: key({ status: 'inactive' }),
    policy: policy({ adoptionGrace: 21 }),
  });

  it('says why, and from when on it may go', () => {
    expect(said('DONE', [applied(restored)])).to.equal(
      '- ann: AKIATHIS was switched on again; its graces start anew Asked for: the month-end batch needs it. It is not deactivated before 2026-03-22. Run run-1 of 2026-03-01 06:00, mode enforce. Dates are in UTC. The aws commands need credentials of account 111111111111. ',
    );
    expect(said('DONE', [applied(restored)], 'audit')).not.to.contain('not deactivated before');
  });

  it('is counted', () => {
    const found = digest({ outcomes: [applied(restored), applied(decision('delete'))] });
    expect(unwrapped(found)).to.contain('1 key was restored and 1 deleted.');
    expect(found.subject).to.match(/: 1 restored, 1 deleted$/);
    expect(jsonOf(found).counts).to.include({ restored: 1 });
  });

  it('says what failed when it could not be', () => {
    expect(said('FAILED', [failed(restored)])).to.contain('AKIATHIS could not be restored');
  });
});

describe('the dates of a step', () => {
  it("are by the user's own policy, not by that of the account", () => {
    const slow = policy({ deactivateAfter: 85, adoptionGrace: 20, recoveryGrace: 30 });
    const settings = accountSettings({ mode: 'enforce' });
    const outcomes = [
      replaced(decision('replace', { policy: slow, key: key({ id: 'AKIAOLD', age: days(80) }) })),
      applied(decision('deactivate', { policy: slow })),
    ];
    const text = unwrapped(digest({ settings, outcomes }));
    expect(text).to.contain(
      'The old key AKIAOLD is deactivated from 2026-03-21 on once its owner has moved to AKIANEW, and on 2026-03-31 in any case.',
    );
    expect(text).to.contain('It is not deleted before 2026-03-31.');
  });

  it('of what falls due soon are counted by the account', () => {
    const settings = accountSettings({ mode: 'enforce', noticeBefore: 20 });
    const outcomes = [{ status: 'none', decision: decision('keep', { dueAt: T0 + days(20) }) }] as const;
    expect(digest({ settings, outcomes }).subject).to.contain('1 due soon');
  });
});
