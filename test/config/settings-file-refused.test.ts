import { expect } from 'chai';
import { readSettingsFile } from '../../src/config/settings-file.ts';
import { NOW } from './written.ts';
import { problemsOfReading } from '../support/input-problems.ts';

const A = '111122223333';
const B = '012345678901';

const problemsIn = (text: string): readonly string[] => problemsOfReading(() => readSettingsFile(text, NOW));

describe('a file of settings is refused', () => {
  const account = (text: string) => `accounts:\n  '${A}':\n    ${text}\n`;
  const ID = 'must be an account id of twelve digits';
  const LINES: readonly (readonly [string, string, readonly (string | RegExp)[]])[] = [
    ['that is empty', '', ['the file: is empty']],
    ['of comments alone', '# nothing\n', ['the file: is empty']],
    [
      'that is a text',
      'audit',
      ['the file: must be a map of organization, organizationalUnits, accounts, not "audit"'],
    ],
    [
      'that is a list',
      '[]',
      ['the file: must be a map of organization, organizationalUnits, accounts, not []'],
    ],
    ['that is no YAML', 'a: [1', [/^the file: .+ at line 1, column 6$/]],
    [
      'that is cut off',
      '{"accounts": {',
      [/^the file: .+ at line 1/, /^the file: Flow map must end with a }/],
    ],
    ['with tabs', 'accounts:\n\ta: 1', [/^the file: Tabs are not allowed as indentation at line 2/]],
    ['of two documents', 'accounts: {}\n---\naccounts: {}', [/^the file: .+multiple documents/]],
    ['with an unknown part', 'account: {}', ['account: no such part; did you mean accounts?']],
    [
      'with a part of another kind',
      'accounts: [x]',
      [`accounts: must be a map of ids or names, and their settings, not ["x"]`],
    ],
    [
      'with settings of another kind',
      account('audit'),
      [`accounts.${A}: must be a map of settings, not "audit"`],
    ],
    [
      'with an unknown name',
      account('rotateAftr: 60'),
      [`accounts.${A}.rotateAftr: no such setting; did you mean rotateAfter?`],
    ],
    [
      'with a wrong value',
      account('rotateAfter: 60d'),
      [
        `accounts.${A}.rotateAfter: must be a number of days above 0, at most 3650, without a unit, not "60d"`,
      ],
    ],
    [
      'with a value of a user where it makes no sense',
      account('users: {ann: {mode: audit}}'),
      [/^accounts\.\d+\.users\.ann\.mode: can't be set for a user/],
    ],
    [
      'with a bad exemption',
      account('exemptions: [{users: [tag:x]}]'),
      [/exemptions\.0\.owner: is missing/, /exemptions\.0\.reason/, /exemptions\.0\.until/],
    ],
    ['with a bad account id', 'accounts: {"123": {}}', [`accounts.123: ${ID}`]],
    [
      'with the name of a unit',
      'organizationalUnits: {Production: {}}',
      ['organizationalUnits.Production: must be the id of a unit like ou-ab12-34cd56ef'],
    ],
    [
      'with a user and its path',
      account('users: {/a/ann: {}}'),
      [`accounts.${A}.users./a/ann: must be the name of an IAM user`],
    ],
    [
      'with an id that loses its zero',
      `accounts: {${B}: {}}`,
      [`accounts.${B}: YAML reads this as 12345678901 (line 1); put it into quotes: '${B}'`],
    ],
    [
      'with an id that becomes a power',
      'accounts: {1e11: {}}',
      [`accounts.1e11: YAML reads this as 100000000000 (line 1); put it into quotes: '1e11'`],
    ],
    [
      'with a user that loses its zero',
      account('users: {007: {}}'),
      [`accounts.${A}.users.007: YAML reads this as 7 (line 3); put it into quotes: '007'`],
    ],
    [
      'with a user that becomes nothing',
      account('users: {~: {}}'),
      [`accounts.${A}.users.~: YAML reads this as null (line 3); put it into quotes: '~'`],
    ],
    ['with a key that is a list', 'accounts: {[a]: 1}', ['accounts: keys must be names, not lists or maps']],
    [
      'with a setting twice',
      account('owner: a\n    owner: b'),
      [`accounts.${A}.owner: is there twice (again in line 4)`],
    ],
    [
      'with an account twice, once in quotes',
      `accounts:\n  '${A}': {}\n  ${A}: {}`,
      [`accounts.${A}: is there twice (again in line 3)`],
    ],
    [
      'of JSON with an account twice',
      `{"accounts": {"${A}": {}, "${A}": {}}}`,
      [`accounts.${A}: is there twice (again in line 1)`],
    ],
    [
      'with a user in two cases',
      account('users: {ann: {}, Ann: {}}'),
      [`accounts.${A}.users.Ann: is the same user as ann`],
    ],
    [
      'with an alias',
      'organization: &x {owner: a}\naccounts: *x',
      ['accounts: must be written out; anchors and aliases (&, *) are not supported here'],
    ],
  ];
  for (const [title, text, expected] of LINES) {
    it(title, () => {
      const problems = problemsIn(text);
      expect(problems, problems.join('\n')).to.have.length(expected.length);
      expected.forEach((one, index) => {
        if (typeof one === 'string') expect(problems[index]).to.equal(one);
        else expect(problems[index]).to.match(one);
      });
    });
  }

  it('with all its problems at once', () => {
    const text = `organisation: {}\norganization: {modus: x, rotateAfter: -1}\naccounts: {'1': {}, '${A}': {mode: x, users: {ann: {mode: audit}}}}`;
    expect(problemsIn(text).map((problem) => problem.split(':')[0])).to.deep.equal([
      'organisation',
      'organization.modus',
      'organization.rotateAfter',
      'accounts.1',
      `accounts.${A}.mode`,
      `accounts.${A}.users.ann.mode`,
    ]);
  });
});
