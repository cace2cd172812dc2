import { expect } from 'chai';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import {
  account,
  applied,
  decision,
  failed,
  failure,
  held,
  key,
  rotatedAccount,
  runReport,
  untouched,
} from '../../support/builders.ts';
import { headings, replaced, sectionOf } from '../support.ts';

const other = (name: string) => account({ id: '222222222222', name });
const summary = (overrides: Partial<RunReport>, oldestKeys?: number) =>
  summaryOf(runReport(overrides), oldestKeys === undefined ? {} : { oldestKeys });
describe('the oldest active keys', () => {
  const aged = (id: string, age: number) => ({ key: key({ id, age: days(age), lastUsed: days(2) }) });
  const accounts = [
    rotatedAccount({
      outcomes: [
        untouched(decision('keep', aged('AKIAYOUNG', 10))),
        applied(decision('deactivate', aged('AKIAOFF', 500))),
        untouched(decision('wait', { key: key({ id: 'AKIAINACTIVE', age: days(600), status: 'inactive' }) })),
        replaced(decision('replace', aged('AKIAREPLACED', 61))),
      ],
    }),
    rotatedAccount({
      account: other('Second'),
      outcomes: [
        held(decision('deactivate', aged('AKIAHELD', 400)), 'limit', 'the limit is 5'),
        failed(decision('deactivate', aged('AKIAFAILED', 300)), failure({ message: 'denied' })),
      ],
    }),
  ];
  const text = (count?: number) => sectionOf(summary({ accounts }, count), 'OLDEST ACTIVE KEYS');
  const ids = (count?: number) => [...text(count).matchAll(/days: (AKIA\w+)/g)].map(([, id]) => id);

  it('are those that are active after the run, the oldest first, of all accounts', () => {
    expect(ids()).to.deep.equal(['AKIAHELD', 'AKIAFAILED', 'AKIAREPLACED', 'AKIAYOUNG']);
  });

  it('say whose they are, how old, when used, and what comes next', () => {
    const oneLine = text().replace(/\s+/g, ' ');
    expect(oneLine).to.contain(
      '- 400 days: AKIAHELD of ann, Second (222222222222), last used 2 days ago. An example of deactivate. Held back: the limit is 5.',
    );
    expect(oneLine).to.contain('Failed in this run: denied.');
    expect(oneLine).to.contain('Replaced in this run; it is deactivated once');
  });

  it('are not those that were replaced and switched off at once, but those that were switched on again', () => {
    const emergency = { ...aged('AKIALEAKED', 700), reason: 'emergency' } as const;
    const back = { key: key({ id: 'AKIABACK', age: days(800), status: 'inactive' }) } as const;
    const outcomes = [
      replaced(decision('replace', emergency)),
      applied(decision('deactivate', emergency)),
      applied(decision('restore', back)),
    ];
    const found = sectionOf(summary({ accounts: [rotatedAccount({ outcomes })] }), 'OLDEST ACTIVE KEYS');
    expect([...found.matchAll(/days: (AKIA\w+)/g)].map(([, id]) => id)).to.deep.equal(['AKIABACK']);
    expect(found).to.contain('Switched on again in this run; its graces start anew.');
  });

  it('are as many as asked for', () => {
    expect(ids(2)).to.deep.equal(['AKIAHELD', 'AKIAFAILED']);
    expect(headings(summary({ accounts }, 0))).not.to.contain('OLDEST ACTIVE KEYS (0)');
    expect(ids(-1)).to.deep.equal([]);
  });
});
