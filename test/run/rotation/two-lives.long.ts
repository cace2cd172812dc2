import { expect } from 'chai';
import fc from 'fast-check';
import '../../support/random.ts';
import { live } from './two-lives.ts';

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('a year lived twice, by listing and by the credential report', () => {
  it('leaves the same keys week by week, where the report shows what people do', async function () {
    this.timeout(500_000);
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const world = { seed, toggles: false, hidesInactive: false };
        const byListing = await live('list', world);
        const byReport = await live('credential-report', world);
        for (const [week, keys] of byListing.weeks.entries()) {
          expect(`week ${week}\n${byReport.weeks[week]}`).to.equal(`week ${week}\n${keys}`);
        }
        expect(byReport.broken).to.deep.equal(byListing.broken);
        expect(byReport.calls).to.be.at.most(byListing.calls);
      }),
      { numRuns: 10 },
    );
  });

  it('forgets nobody, where the report hides what people switch off and on', async function () {
    this.timeout(500_000);
    await fc.assert(
      fc.asyncProperty(seeds, fc.boolean(), async (seed, hidesInactive) => {
        const world = { seed, toggles: true, hidesInactive };
        const byListing = await live('list', world);
        const byReport = await live('credential-report', world);
        // What limits hold stays either way.
        expect(byReport.stuck.length).to.be.at.most(byListing.stuck.length);
      }),
      { numRuns: 5 },
    );
  });
});
