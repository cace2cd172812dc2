import { expect } from 'chai';
import { InputError } from '../../../src/domain/errors.ts';
import { accountsBelow } from '../../../src/run/context/accounts-below.ts';
import { account } from '../../support/builders.ts';

const ROOT = 'r-ab12';
const [OUTER, INNER, EMPTY] = ['ou-ab12-00000001', 'ou-ab12-00000002', 'ou-ab12-00000003'];
const DIRECTORY = {
  list: () =>
    Promise.resolve({
      accounts: [
        account({ id: '111111111111', ouPath: [ROOT, OUTER, INNER] }),
        account({ id: '222222222222', ouPath: [ROOT, OUTER] }),
        account({ id: '333333333333', ouPath: [ROOT] }),
      ],
      ous: [ROOT, OUTER, INNER, EMPTY],
    }),
};

describe('the accounts below organizational units', () => {
  const FOUND: readonly (readonly [
    title: string,
    ous: readonly string[],
    asked: readonly string[],
    ids: string,
  ])[] = [
    ['are those directly in it', [INNER], [], '1'],
    ['are those however deep', [OUTER], [], '1 2'],
    ['are all below the root', [ROOT], [], '1 2 3'],
    ['are each named once', [OUTER, INNER], [], '1 2'],
    ['are only those asked for', [ROOT], ['222222222222'], '2'],
  ];
  for (const [title, ous, asked, ids] of FOUND) {
    it(title, async () => {
      const { accountIds } = await accountsBelow(ous, asked, DIRECTORY);
      expect(accountIds.map((id) => id.slice(0, 1)).join(' ')).to.equal(ids);
    });
  }

  const REFUSED: readonly (readonly [
    title: string,
    ous: readonly string[],
    asked: readonly string[],
    problems: readonly string[],
  ])[] = [
    [
      'where there is none: no id would mean all accounts',
      [EMPTY],
      [],
      [`--ou: no account is below ${EMPTY}`],
    ],
    [
      'of units and accounts that there are not, all at once',
      ['ou-ab12-99999999', OUTER],
      ['999999999999'],
      [
        '--ou: ou-ab12-99999999: the organization has no such organizational unit or root',
        '--account: the organization has no account 999999999999',
      ],
    ],
    [
      'of accounts elsewhere',
      [INNER],
      ['111111111111', '333333333333'],
      [`--account: 333333333333 is not below ${INNER}: leave out --ou or the account`],
    ],
  ];
  for (const [title, ous, asked, problems] of REFUSED) {
    it(`are refused ${title}`, async () => {
      const error: unknown = await accountsBelow(ous, asked, DIRECTORY).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(InputError);
      expect((error as InputError).problems).to.deep.equal(problems);
    });
  }
});
