import { expect } from 'chai';
import fc from 'fast-check';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days } from '../../../src/domain/time.ts';
import { applied, decision, failed, held, T0, untouched } from '../../support/builders.ts';
import { digest, jsonOf, replaced, said, unusedNotice } from '../support.ts';

const owned = { userName: 'alice', owner: 'team-payments' } as const;
const soon: Partial<Decision> = { reason: 'moved-grace', dueAt: T0 + days(2) };

describe('the owner of a user', () => {
  const TOLD: readonly [string, Outcome][] = [
    ['ASKED OF YOU', untouched(decision('blocked', owned))],
    ['ASKED OF YOU', untouched(decision('wait', { ...owned, reason: 'deadline-grace' }))],
    ['TO LOOK AT', untouched(decision('blocked', { ...owned, reason: 'signs-this-run' }))],
    ['FAILED', failed(decision('replace', owned))],
    ['ASKED OF YOU', replaced(decision('replace', owned))],
    ['DONE', applied(decision('restore', owned))],
    ['DONE', applied(decision('deactivate', owned))],
    ['DONE', applied(decision('delete', owned))],
    ['ASKED OF YOU', untouched({ ...unusedNotice(), ...owned })],
    ['WILL HAPPEN', untouched(decision('wait', { ...owned, ...soon }))],
    ['HELD BACK', held(decision('deactivate', owned))],
    ['NOTES', untouched(decision('wait', { ...owned, reason: 'last-use-unknown' }))],
  ];
  for (const [title, outcome] of TOLD) {
    const { decision: what } = outcome;
    it(`stands behind its name under ${title}: ${what.action} (${what.reason})`, () => {
      expect(said(title, [outcome])).to.contain('alice (owner: team-payments): ');
      expect(jsonOf(digest({ outcomes: [outcome] })).entries[0]).to.include({ owner: 'team-payments' });
    });
  }

  it('leaves no trace where there is none, or none that can be read', () => {
    expect(said('DONE', [applied(decision('deactivate'))])).to.contain('- ann: AKIATHIS');
    expect(said('DONE', [applied(decision('deactivate', { owner: ' \u200b' }))])).to.contain(
      '- ann: AKIATHIS',
    );
  });

  it('can forge no line', () => {
    const owner = 'x)\n\nDONE (9)\n=====\r\n\u2028- eve: ';
    expect(digest({ outcomes: [applied(decision('deactivate', { owner }))] }).text).to.contain(
      '- ann (owner: x) DONE (9) ===== - eve:): AKIATHIS',
    );
  });
});

describe('the owners of a digest', () => {
  const of = (...owners: readonly (string | undefined)[]) =>
    digest({
      outcomes: owners.map((owner, index) =>
        applied(decision('deactivate', { userName: `u${index}`, ...(owner === undefined ? {} : { owner }) })),
      ),
    }).lists?.['owners'];

  it('are in a message attribute, each of them once', () => {
    expect(of('team-a', undefined, 'team-b', 'team-a')).to.deep.equal(['team-a', 'team-b']);
  });

  it('are no attribute where nobody is named', () => {
    expect(digest({ outcomes: [applied(decision('deactivate'))] })).not.to.have.property('lists');
  });

  it('are at most ten, those with the most urgent news first', () => {
    const outcomes = [
      ...Array.from({ length: 12 }, (_, index) =>
        untouched(decision('blocked', { userName: `u${index}`, owner: `blocked-${index}` })),
      ),
      replaced(decision('replace', { owner: 'urgent' })),
    ];
    const owners = digest({ outcomes }).lists?.['owners'];
    expect(owners).to.have.length(10);
    expect(owners?.slice(0, 2)).to.deep.equal(['urgent', 'blocked-0']);
  });

  it('take at most 1,024 characters as the JSON that is sent, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { minLength: 1, maxLength: 20 }),
        (owners) => {
          expect(JSON.stringify(of(...owners) ?? []).length).to.be.at.most(1_024);
        },
      ),
      { numRuns: 50 },
    );
    // Quotes, commas and brackets count: 3 * 255 + 254 + 5 = 1,024.
    const long = ['a', 'b', 'c'].map((letter) => letter.repeat(253));
    expect(of(...long, 'd'.repeat(252))).to.have.length(4);
    expect(of(...long, 'd'.repeat(253))).to.have.length(3);
  });
});
