import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days, type Duration } from '../../../src/domain/time.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import {
  accountSettings,
  applied,
  decision,
  key,
  policy,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { context, digest, headings, jsonOf, sectionOf, unwrapped } from '../support.ts';

/** A key of a user who is exempt for so long. */
const exempt = (userName: string, endsIn: Duration, id = 'AKIATHIS'): Outcome => {
  const until = T0 + endsIn;
  const exemption = { owner: 'team-ledger', reason: 'burnt into an appliance', until };
  return untouched(
    decision('exempt', { userName, key: key({ id }), dueAt: until, policy: policy({ exemption }) }),
  );
};
const deactivation = applied(decision('deactivate', { userName: 'dea' }));

describe('exempt users', () => {
  const outcomes = [exempt('eve', days(100), 'AKIAONE'), exempt('eve', days(100), 'AKIATWO')];

  it('cause no digest', () => {
    expect(digestOf(rotatedAccount({ outcomes }), context())).to.equal(undefined);
  });

  it('are listed in every digest, below what is held back, a user a line', () => {
    const note = { severity: 'note', message: 'So.' } as const;
    const found = digest({ outcomes: [...outcomes, deactivation], findings: [note] });
    expect(headings(found)).to.deep.equal(['DONE (1)', 'EXEMPT (2)', 'NOTES (1)']);
    expect(sectionOf(found, 'EXEMPT').replace(/\s+/g, ' ')).to.contain(
      '- eve: AKIAONE and AKIATWO until 2026-06-09: burnt into an appliance (team-ledger).',
    );
  });

  it('have their owner by their name, besides who answers for the exemption', () => {
    const [first] = outcomes;
    const found = digest({ outcomes: [untouched({ ...first!.decision, owner: 'team-e' }), deactivation] });
    expect(unwrapped(found)).to.contain('- eve (owner: team-e): AKIAONE until');
    expect(found.lists).to.deep.equal({ owners: ['team-e', 'team-ledger'] });
  });

  it('are in the JSON, with owner and reason', () => {
    const { counts, entries } = jsonOf(digest({ outcomes: [...outcomes, deactivation] }));
    expect(counts).to.include({ exempt: 2, upcoming: 0 });
    expect(
      entries.filter(({ section }) => section === 'exempt').map((one) => one.accessKeyId),
    ).to.have.members(['AKIAONE', 'AKIATWO']);
    expect(entries.at(-1)).to.deep.include({
      userName: 'eve',
      dueAt: '2026-06-09T06:00:00.000Z',
      exemption: { owner: 'team-ledger', reason: 'burnt into an appliance' },
    });
  });

  it('can forge no line with the reason or by whose word it is', () => {
    const forged = 'x\n\nDONE (1)\n========';
    const exemption = { owner: forged, reason: forged, until: T0 + days(3) };
    const hostile = untouched(decision('exempt', { dueAt: T0 + days(3), policy: policy({ exemption }) }));
    expect(headings(digest({ outcomes: [hostile] }))).to.deep.equal(['WILL HAPPEN (1)', 'EXEMPT (1)']);
  });
});

describe('an exemption that ends', () => {
  const AT_THE_EDGE: readonly [string, Duration, boolean][] = [
    ['1 ms less than two weeks', days(14) - 1, true],
    ['two weeks', days(14), true],
    ['1 ms more than two weeks', days(14) + 1, false],
  ];
  for (const [name, endsIn, told] of AT_THE_EDGE) {
    it(`in ${name} ${told ? 'causes' : 'causes no'} digest`, () => {
      const report = rotatedAccount({ outcomes: [exempt('eve', endsIn)] });
      expect(digestOf(report, context()) !== undefined).to.equal(told);
    });
  }

  it('is listed for longer where everything is', () => {
    const settings = accountSettings({ mode: 'enforce', noticeBefore: 30 });
    const report = rotatedAccount({ settings, outcomes: [exempt('eve', days(30))] });
    expect(digestOf(report, context())?.subject).to.contain(' 1 due soon in ');
  });

  it('says what then happens, once for all keys of the user, and stays in the list', () => {
    const found = digest({
      outcomes: [exempt('eve', days(9), 'AKIAONE'), exempt('eve', days(9), 'AKIATWO')],
    });
    expect(unwrapped(found)).to.contain(
      'Due soon: - 2026-03-10 eve: AKIAONE and AKIATWO are exempt until then (burnt into an appliance, team-ledger): from then on they are rotated like any other; extend the exemption or let it end',
    );
    expect(headings(found)).to.deep.equal(['WILL HAPPEN (2)', 'EXEMPT (2)']);
    expect(unwrapped(digest({ outcomes: [exempt('eve', days(9))] }))).to.contain(
      'AKIATHIS is exempt until then',
    );
    expect(found.announces.size).to.equal(0);
  });
});
