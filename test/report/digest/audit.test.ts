import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import { decision, held, T0, untouched } from '../../support/builders.ts';
import { digest, headings, sectionOf, unwrapped } from '../support.ts';

const due = (
  action: 'keep' | 'wait' | 'exempt',
  inDays: number,
  overrides: Partial<Decision> = {},
): Decision => decision(action, { dueAt: T0 + days(inDays), ...overrides });

describe('a digest of an audit', () => {
  const audit = digest(
    {
      outcomes: [
        held(decision('replace', { userName: 'rep' }), 'mode', 'mode audit does not replace'),
        held(decision('replace', { userName: 'ron' }), 'mode', 'mode audit does not replace'),
        held(decision('deactivate', { userName: 'dea' }), 'mode', 'mode audit does not deactivate'),
        held(decision('delete', { userName: 'del' }), 'mode', 'mode audit does not delete'),
        untouched(due('wait', 2, { userName: 'gil', reason: 'moved-grace' })),
      ],
    },
    'audit',
  );

  it('says first that nothing was changed, and what would be', () => {
    expect(unwrapped(audit)).to.contain(
      'plan only, nothing is asked of you yet Plan only: nothing was changed. 2 keys would be replaced, 1 deactivated and 1 deleted now.',
    );
    expect(unwrapped(audit)).not.to.contain('No key was changed.');
    expect(audit.subject).to.equal(
      '[access-key-rotation] Plan only: 2 to replace, 1 to deactivate in production (111111111111)',
    );
  });

  it('says would wherever it speaks of a change', () => {
    expect(headings(audit)).to.deep.equal(['WOULD HAPPEN NOW (4)', 'WOULD HAPPEN LATER (1)']);
    expect(sectionOf(audit, 'WOULD HAPPEN NOW')).to.match(
      /^Would be replaced:\n- rep.*\n- ron.*\n\nWould be deactivated:\n- dea.*\n\nWould be deleted:\n- del/,
    );
    expect(sectionOf(audit, 'WOULD HAPPEN LATER')).to.contain('gil: AKIATHIS would be deactivated');
  });
});
