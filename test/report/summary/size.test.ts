import { expect } from 'chai';
import fc from 'fast-check';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import { account, gap, notEntered, rotatedAccount, runReport, unreachable } from '../../support/builders.ts';
import { headings } from '../support.ts';

const other = (name: string) => account({ id: '222222222222', name });
const summary = (overrides: Partial<RunReport>, oldestKeys?: number) =>
  summaryOf(runReport(overrides), oldestKeys === undefined ? {} : { oldestKeys });
const jsonOf = ({ json }: { json: string }) =>
  JSON.parse(json) as {
    cut: number;
    severity: string;
    kind: string;
    entries: { section: string }[];
    totals: unknown;
  };

describe('a summary that is too long', () => {
  it('fits, and says how much it lacks', () => {
    fc.assert(
      fc.property(fc.nat(1_500), fc.nat(1_500), fc.nat(1_500), (unreached, failing, skipped) => {
        const found = summary({
          accounts: [
            ...Array.from({ length: unreached }, (_, index) => unreachable(other(`Unreached "${index}"`))),
            ...Array.from({ length: failing }, () =>
              rotatedAccount({ gaps: [gap('a'), gap('b'), gap('c')] }),
            ),
            ...Array.from({ length: skipped }, () => notEntered('skipped', other('Skipped'))),
          ],
        });
        const { entries, cut } = jsonOf(found);
        expect(Buffer.byteLength(JSON.stringify({ default: found.json, email: found.text }))).to.be.at.most(
          250_000,
        );
        expect(entries.length + cut).to.equal(unreached + failing + skipped);
        const missing = [...found.text.matchAll(/^\.\.\. and ([\d,]+) more;/gm)].map(([, count]) =>
          Number((count ?? '').replaceAll(',', '')),
        );
        expect(missing.reduce((sum, one) => sum + one, 0)).to.equal(cut);
        if (cut < skipped)
          expect(entries.filter(({ section }) => section === 'unreachable')).to.have.length(unreached);
      }),
      { numRuns: 8 },
    );
  });
});

describe('names in a summary', () => {
  it('break nothing, whatever they are made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const found = summary({
          accounts: [unreachable(other(name)), notEntered('skipped', other(name), 'skipped')],
        });
        expect(headings(found)).to.deep.equal([
          'ACCOUNTS THAT COULD NOT BE WORKED ON (1)',
          'ACCOUNTS SKIPPED (1)',
        ]);
        expect(found.subject).to.match(/^[\x20-\x7e]{1,100}$/);
      }),
    );
  });
});
