import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { InputError } from '../../src/domain/errors.ts';
import { readSettingsFile, writeSettingsFile, type FileFormat } from '../../src/config/settings-file.ts';
import { keyOf, writtenValues } from '../../src/config/settings-rows.ts';
import type { SettingsRow } from '../../src/domain/settings/setting.ts';
import { NOW } from './written.ts';

const A = '111122223333';
const B = '012345678901';
const read = (text: string) => readSettingsFile(text, NOW);
const write = (rows: readonly SettingsRow[], format: FileFormat) =>
  writeSettingsFile(
    rows.map((row) => ({ target: row.target, written: { values: writtenValues(row), final: row.final } })),
    format,
  );
const summary = (text: string) =>
  Object.fromEntries(read(text).map((row) => [keyOf(row.target), writtenValues(row)]));

const YAML = `
organization:
  mode: no-delete
  unusedAfter: off
  maxDeletions: 10%
  includeUsers: [name:svc-*, "tag:rotate=yes"]
  exemptions:
    - users: [group:ci]
      owner: Ann
      reason: |-
        on one line
      until: 2027-05-31
  final: [mode, exemption]
organizationalUnits:
  r-ab12: { digestFrequency: weekly }
  ou-ab12-34cd56ef:
    rotateAfter: 45.5
accounts:
  '${A}':
    owner: Team A
    users:
      svc-a:
        whenStillInUse: wait
      "123":
        exemption: {owner: Bob, reason: x, until: '2027-05-31T12:00:00Z'}
  '${B}':
    users:
      true: { rotateAfter: 50 }
`;

describe('a file of settings', () => {
  it('has a row for each part that sets something', () => {
    expect(summary(YAML)).to.deep.equal({
      organization: {
        mode: 'no-delete',
        unusedAfter: 'off',
        maxDeletions: '10%',
        includeUsers: ['name:svc-*', 'tag:rotate=yes'],
        exemptions: [{ users: ['group:ci'], owner: 'Ann', reason: 'on one line', until: '2027-05-31' }],
      },
      'ou#r-ab12': { digestFrequency: 'weekly' },
      'ou#ou-ab12-34cd56ef': { rotateAfter: 45.5 },
      [`account#${A}`]: { owner: 'Team A' },
      [`user#${A}#svc-a`]: { whenStillInUse: 'wait' },
      [`user#${A}#123`]: { exemption: { owner: 'Bob', reason: 'x', until: '2027-05-31T12:00:00.000Z' } },
      [`user#${B}#true`]: { rotateAfter: 50 },
    });
    expect(read(YAML)[0]?.final).to.deep.equal(['mode', 'exemption']);
  });

  it('may be JSON, with tabs and a schema for editors', () => {
    const json = JSON.stringify(
      { $schema: 'x.json', accounts: { [B]: { owner: 'Ä/"\u{1f600}' } } },
      null,
      '\t',
    );
    expect(summary(json)).to.deep.equal({ [`account#${B}`]: { owner: 'Ä/"\u{1f600}' } });
  });

  for (const format of ['yaml', 'json'] as const) {
    it(`says the same when it was written as ${format}`, () => {
      const text = write(read(YAML), format);
      expect(read(text)).to.have.deep.members([...read(YAML)]);
      expect(write(read(text), format)).to.equal(text);
    });
  }

  for (const nothing of [
    '{}',
    'organization:',
    'organization: {}',
    'accounts: {}',
    `accounts:\n  "${A}": {users: {}}`,
  ]) {
    it(`sets something, so it isn't ${JSON.stringify(nothing)}`, () => {
      expect(() => read(nothing)).to.throw(InputError, /^the file: sets nothing, .+ settings reset does it$/);
    });
  }

  it('takes account ids without quotes where no digit is lost', () => {
    expect(Object.keys(summary(`accounts: {${A}: {owner: x}}`))).to.deep.equal([`account#${A}`]);
  });

  it('of the examples is right', () => {
    const example = readFileSync(new URL('../../examples/settings.yaml', import.meta.url), 'utf8');
    expect(read(example).map(({ target }) => keyOf(target))).to.have.length(5);
  });
});
