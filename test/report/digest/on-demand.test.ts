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
    const text = said('ASKED OF YOU', [done, applied(off)]);
    expect(text).to.match(
      /^- NOW, ann: put the new key AKIANEW wherever AKIALEAKED was used AKIALEAKED was DEACTIVATED AT ONCE, by request\. .* Asked for: it was in a public repository\. The old key/,
    );
    expect(text).to.contain('aws secretsmanager get-secret-value');
    expect(text).to.contain('what still uses the old key has stopped working already');
    expect(text).to.contain('The old key is deleted from 2026-03-11 on.');
    expect(text.match(/- (NOW, )?ann: /g)).to.have.length(1);
    expect(headings(digest({ outcomes: [done, applied(off)] }))).to.deep.equal(['ASKED OF YOU (1)']);
  });

  it('suggests in no place that the leaked key be switched on again', () => {
    const texts = [[done, applied(off)], [applied(off)]].map((outcomes) => unwrapped(digest({ outcomes })));
    for (const text of texts) expect(text).not.to.match(/--status Active|switch(ed)? (it )?on/);
  });

  it('counts as two steps, and announces the deletion', () => {
    const found = digest({ outcomes: [done, applied(off)] });
    expect(found.subject).to.equal(
      '[access-key-rotation] Act NOW: use 1 new key in production (111111111111)',
    );
    expect(jsonOf(found).counts).to.include({ replaced: 1, deactivated: 1 });
    expect(jsonOf(found).entries.map(({ action }) => action)).to.deep.equal(['replace', 'deactivate']);
    expect([...found.announces]).to.deep.equal(['AKIALEAKED']);
  });

  it('says loudly that the old key still works, where it could not be switched off', () => {
    const text = said('ASKED OF YOU', [done, failed(off)]);
    expect(text).to.contain(
      'AKIALEAKED, which may be in the wrong hands, STILL WORKS: it was to be deactivated at once, and was not.',
    );
    expect(text).not.to.contain('DEACTIVATED AT ONCE');
    expect(text).not.to.contain('not deactivated before');
  });

  it('leaves the key of another user alone, even if it has the same id', () => {
    const outcomes = [done, applied({ ...off, userName: 'bob' })];
    expect(said('DONE', outcomes)).to.contain('- bob: AKIALEAKED is deactivated');
    expect(said('ASKED OF YOU', outcomes)).to.contain('STILL WORKS');
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
    const text = said('ASKED OF YOU', [replaced(planned)]);
    expect(text).to.match(
      /^- By 2026-04-30, ann: put the new key AKIANEW wherever AKIATHIS is used .* Asked for: the vendor changes\. The old key/,
    );
    expect(text).to.contain(
      'AKIATHIS is deactivated on 2026-04-30, and what still uses the old key stops working. Once everything uses the new key, AKIATHIS is deactivated from 2026-04-20 on.',
    );
    expect([...digest({ outcomes: [replaced(planned)] }).announces]).to.deep.equal(['AKIATHIS']);
  });

  it('is reported as done, even where the mode only plans', () => {
    const found = digest({ outcomes: [replaced(decision('replace', { reason: 'by-hand' }))] }, 'audit');
    expect(unwrapped(found)).to.contain('1 key was replaced.').and.not.to.contain('nothing was changed');
    expect(found.subject).to.contain('use 1 new key in production');
  });
});

describe('a key that was switched on again', () => {
  const restored = decision('restore', {
    message: 'Asked for: the month-end batch needs it',
    key: key({ status: 'inactive' }),
    policy: policy({ adoptionGrace: 21 }),
  });

  it('says why, and from when on it may go', () => {
    expect(said('DONE', [applied(restored)])).to.match(
      /^- ann: AKIATHIS was switched on again Asked for: the month-end batch needs it\. It is not deactivated before 2026-03-22\. The aws commands/,
    );
    expect(said('DONE', [applied(restored)], 'audit')).not.to.contain('not deactivated before');
  });

  it('is counted', () => {
    const found = digest({ outcomes: [applied(restored), applied(decision('delete'))] });
    expect(unwrapped(found)).to.contain('1 key was restored and 1 deleted.');
    expect(found.subject).to.contain('Nothing asked of you: 1 restored, 1 deleted in production');
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
      'AKIAOLD is deactivated on 2026-03-31, and what still uses the old key stops working. Once everything uses the new key, AKIAOLD is deactivated from 2026-03-21 on.',
    );
    expect(text).to.contain('It is not deleted before 2026-03-31.');
  });

  it('of what falls due soon are counted by the account', () => {
    const settings = accountSettings({ mode: 'enforce', noticeBefore: 20 });
    const outcomes = [{ status: 'none', decision: decision('keep', { dueAt: T0 + days(20) }) }] as const;
    expect(digest({ settings, outcomes }).subject).to.contain('1 due soon');
  });
});
