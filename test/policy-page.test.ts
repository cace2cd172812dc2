import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Reason } from '../src/domain/rotation/decision.ts';
import { DEFAULT_POLICY } from '../src/domain/rotation/policy.ts';
import { formatSetting } from '../src/domain/settings/resolve.ts';
import { DEFAULT_SETTINGS, LEVELS_OF, type SettingName } from '../src/domain/settings/setting.ts';

const PAGE = readFileSync('docs/policy.md', 'utf8');

const section = (title: string): string => PAGE.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** The rows of a section's table, without its head; cells without their markup. */
const rowsOf = (title: string): readonly (readonly string[])[] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

/** Which rule gives each reason. */
const RULES: Readonly<Record<Reason, string>> = {
  'newly-inactive': 'I1',
  'used-after-deactivation': 'I1',
  'used-after-notice': 'I2',
  'recovery-grace-over': 'I3',
  'recovery-grace': 'I4',
  'deletion-notice': 'I4',
  'not-old-enough-to-delete': 'I4',
  'switched-on-again': 'A0',
  'unused-notice': 'A1',
  'unused-grace': 'A1',
  unused: 'A1',
  young: 'A2',
  'moved-grace': 'A3',
  moved: 'A3',
  'not-adopted': 'A3',
  'still-needed': 'A3',
  'deadline-notice': 'A3',
  'deadline-grace': 'A3',
  deadline: 'A3',
  'replacement-not-adopted': 'A3',
  'delivery-void': 'A3, I3',
  'delivery-unknown': 'A3, I3',
  'delivery-lost': 'A3',
  'never-used': 'A4',
  due: 'A5',
  'slot-in-recovery': 'A5',
  'slot-being-freed': 'A6',
  'slot-held': 'A6',
  'two-keys-in-use': 'A6',
  'least-recently-used-notice': 'A6',
  'least-recently-used-grace': 'A6',
  'least-recently-used': 'A6',
  'signs-this-run': 'always',
  exempt: 'always',
  'last-use-unknown': 'always',
  'date-unknown': 'always',
  unreadable: 'always',
  'intent-open': 'always',
  emergency: 'on demand',
  'by-hand': 'on demand',
  restored: 'on demand',
};

describe('docs/policy.md', () => {
  const rows = rowsOf('Reasons');

  it('names every reason, with its rule, and no other', () => {
    expect(Object.fromEntries(rows.map(([reason, rule]) => [reason, rule]))).to.deep.equal(RULES);
  });

  it('says of every reason what it means', () => {
    for (const [reason, , means] of rows) expect(means, reason).to.have.length.above(8);
  });

  it('explains every rule that a reason names', () => {
    const rules = new Set(Object.values(RULES).flatMap((rule) => rule.match(/[AI]\d/g) ?? []));
    for (const rule of [...rules, 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'I1', 'I2', 'I3', 'I4']) {
      expect(section('Rules'), rule).to.match(new RegExp(`^\\*\\*${rule}, `, 'm'));
    }
  });

  const parameters = new Map(rowsOf('Parameters').map(([name = '', standard]) => [name, standard]));

  it('names the parameters of the policy, and only settings', () => {
    const ofThePolicy = [...Object.keys(DEFAULT_POLICY), 'deadlineGrace'];
    expect([...parameters.keys()]).to.include.members(ofThePolicy);
    for (const name of parameters.keys()) expect(LEVELS_OF, name).to.have.property(name);
  });

  it('says what each is when nobody has set it', () => {
    for (const [name, standard] of parameters) {
      const value = DEFAULT_SETTINGS[name as SettingName];
      if (name === 'deadlineGrace') expect(standard).to.equal('deleteAfter - rotateAfter');
      else expect(standard, name).to.equal(value === undefined ? 'none' : formatSetting(value));
    }
  });
});
