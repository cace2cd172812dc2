import { expect } from 'chai';
import { digestOf } from '../../../src/report/digest/digest.ts';
import type { Exclusion } from '../../../src/domain/report/exclusion.ts';
import { days } from '../../../src/domain/time.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import { T0, decision, held, rotatedAccount } from '../../support/builders.ts';

const JANE = 'arn:aws:iam::999988887777:user/jane';
const excluded = (
  userName: string,
  age: number | 'none' | 'unknown',
  more: Partial<Exclusion> = {},
): Exclusion => ({
  userName,
  setting: 'excludeUsers',
  from: 'account 111122223333',
  selector: 'name:svc-*',
  setBy: JANE,
  oldestKey: typeof age === 'number' ? T0 - days(age) : age,
  ...more,
});
const ofOthers = (userName: string, age: number | 'none' | 'unknown'): Exclusion => ({
  userName,
  setting: 'includeUsers',
  from: 'the organization',
  oldestKey: age === 'none' || age === 'unknown' ? age : T0 - days(age),
});
const digest = (
  exclusions: readonly Exclusion[],
  more: Partial<Parameters<typeof rotatedAccount>[0]> = {},
) => {
  const report = rotatedAccount({
    exclusions,
    uncovered: exclusions.map(({ userName }) => userName),
    ...more,
  });
  const options = {
    runId: 'run-1',
    mode: 'enforce',
    now: T0,
    region: 'eu-central-1',
    evenIfNothing: true,
  } as const;
  const { text = '', json = '{}' } = digestOf(report, options) ?? {};
  return { text: text.replaceAll(/\s+/g, ' '), json: JSON.parse(json) as { readonly leftOut?: unknown } };
};

describe('users whom the settings leave out', () => {
  const all = [excluded('svc-a', 400), excluded('svc-b', 12), ofOthers('ann', 30), excluded('svc-c', 'none')];
  const LINES = [
    'The settings leave out 3 users with keys, of which nothing else is said here:',
    `- 2 users, oldest key 400 days old: excludeUsers of account 111122223333 has name:svc-*; set by ${JANE}.`,
    '- 1 user, oldest key 30 days old: includeUsers of the organization names others only; who set it is not known.',
  ];

  for (const [title, more] of [
    ['nothing to report', {}],
    ['something to report', { outcomes: [held(decision('replace'))] }],
  ] as const) {
    it(`are counted in a digest with ${title}, with the age of their oldest key and who set it`, () => {
      const { text, json } = digest(all, more);
      for (const line of LINES) expect(text).to.include(line);
      expect(json.leftOut).to.deep.equal([
        {
          users: 2,
          setting: 'excludeUsers',
          from: 'account 111122223333',
          selector: 'name:svc-*',
          setBy: JANE,
          oldestKeyCreatedAt: new Date(T0 - days(400)).toISOString(),
        },
        {
          users: 1,
          setting: 'includeUsers',
          from: 'the organization',
          oldestKeyCreatedAt: new Date(T0 - days(30)).toISOString(),
        },
      ]);
    });
  }

  it('whose keys could not be read are counted, too', () => {
    expect(digest([ofOthers('ann', 'unknown')]).text).to.include(
      '- 1 user, age of the keys unknown: includeUsers',
    );
  });

  it('and have no keys need no line', () => {
    const { text, json } = digest([excluded('svc-a', 'none')]);
    expect(text).not.to.include('The settings leave out');
    expect(json).not.to.have.property('leftOut');
  });

  it('are counted with each reason, as far as a reader can bear', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      excluded(`u${index}`, 1, { selector: `name:u${index}` }),
    );
    expect(digest(many).text).to.include('- and 10 more reasons');
  });

  it('are no reason for a digest by themselves', () => {
    const options = {
      runId: 'run-1',
      mode: 'enforce',
      now: T0,
      region: 'eu-central-1',
      evenIfNothing: false,
    } as const;
    expect(digestOf(rotatedAccount({ exclusions: all }), options)).to.equal(undefined);
  });

  it('are in the summary with the age of the oldest key', () => {
    const report = {
      runId: 'run-1',
      mode: 'enforce',
      isAudit: false,
      startedAt: T0,
      finishedAt: T0,
      accounts: [rotatedAccount({ exclusions: all, uncovered: all.map(({ userName }) => userName) })],
      findings: [],
    } as const;
    const { text } = summaryOf(report, {});
    expect(text.replaceAll(/\s+/g, ' ')).to.include(
      '4 not covered by the settings (their oldest key 400 days old)',
    );
  });
});
