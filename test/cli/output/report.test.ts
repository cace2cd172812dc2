import { expect } from 'chai';
import { formatReport } from '../../../src/cli/output/report.ts';
import { days } from '../../../src/domain/time.ts';
import type { Facts } from '../../report/support.ts';
import {
  account,
  accountSettings,
  applied,
  decision,
  gap,
  rotatedAccount,
  runReport,
  T0,
  untouched,
} from '../../support/builders.ts';

const COLOURS = /\u001b\[\d+m/g;
const text = (...facts: readonly Facts[]) =>
  formatReport(runReport({ accounts: facts.map((one) => rotatedAccount(one)) }), 130).replaceAll(COLOURS, '');

describe('the report for people', () => {
  it("says an account's own mode where it isn't that of the run", () => {
    const sandbox = { account: account({ name: 'sandbox' }), settings: accountSettings({ mode: 'audit' }) };
    const outcomes = [untouched(decision('blocked'))];
    const found = text({ outcomes }, { ...sandbox, outcomes });
    expect(found).to.match(/^│ sandbox 111111111111, mode audit +│$/m);
    expect(found).to.match(/^│ production 111111111111 +│$/m);
  });

  it('says that the dates of an audit begin with the first run in mode enforce', () => {
    const BEGIN = /^The dates begin with the first run in mode enforce: .+ in audit nothing is announced\.$/m;
    const sandbox = { account: account({ name: 'sandbox' }), settings: accountSettings({ mode: 'audit' }) };
    expect(text(sandbox)).to.match(BEGIN);
    expect(text({}, sandbox)).to.match(
      /^The dates of accounts in audit \(sandbox \(111111111111\)\) begin with/m,
    );
    expect(text({})).not.to.include('The dates');
    // A plan for an account that enforces shows the dates it has.
    const capped = { ...accountSettings({ mode: 'audit' }), sources: { mode: 'this run' } };
    expect(text({ settings: capped })).not.to.include('The dates');
  });

  it('says which accounts have which mode, where they differ', () => {
    const accounts = Array.from({ length: 8 }, (_, index) => ({
      account: account({ id: `22222222222${index}`, name: `team-${index}` }),
      settings: accountSettings({ mode: index === 0 ? 'no-delete' : 'audit' }),
    }));
    expect(text({}, ...accounts).replaceAll(/\n */g, ' ')).to.include(
      'Modes: 1 account in enforce (production (111111111111)), 1 account in no-delete (team-0 (222222222220)) and 7 accounts in audit (team-1 (222222222221), team-2 (222222222222), team-3 (222222222223), team-4 (222222222224), team-5 (222222222225) and 2 more).',
    );
    expect(text({}, {})).not.to.include('Modes:');
  });

  it('counts whom the settings leave out', () => {
    expect(text({ uncovered: ['kim', 'lea'] })).to.contain('2 users not covered by the settings');
    expect(text({ uncovered: ['kim'] })).to.contain('1 user not covered by the settings');
    expect(text({})).not.to.contain('covered');
  });

  it('has the owner below the name of its user', () => {
    const found = text({ outcomes: [applied(decision('replace', { owner: 'team-payments' }))] });
    expect(found).to.match(/│ ann +│.*\n│ of team-payments +│/);
  });

  it('says until when a user is exempt, and counts the keys', () => {
    const found = text({ outcomes: [untouched(decision('exempt', { dueAt: T0 + days(9) }))] });
    expect(found).to.match(/│ exempt until +│.*\n.*│ 2026-03-10 +│/);
    expect(found).to.match(/^1 account, 1 user, 1 active key, 1 exempt$/m);
  });

  it('says what was restored, and where a secret of another account is', () => {
    const secretArn = `arn:aws:secretsmanager:eu-west-1:999999999999:secret:${'Q'.repeat(90)}`;
    const outcomes = [
      applied(decision('restore')),
      applied(decision('replace'), { accessKeyId: 'AKIANEW', secretName: 'x', secretArn }),
    ];
    const found = text({ outcomes });
    expect(found).to.contain('│ restored ').and.to.contain('replaced 1, switched on 1');
    // However it is broken, all of it is there.
    expect(found.replaceAll(/[^Q]/g, '')).to.have.length(90);
  });

  it('keeps the commands of a next step whole', () => {
    const nextStep = `Run aws ${'x'.repeat(700)}.`;
    const left = { ...gap('gus'), failure: { ...gap('gus').failure, nextStep } };
    const report = runReport({ accounts: [rotatedAccount({ gaps: [left] })] });
    expect(formatReport(report)).to.contain(`Next step: ${nextStep}`);
  });
});
