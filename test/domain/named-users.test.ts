import { expect } from 'chai';
import { meansAccount, meansUser, nameInAccount } from '../../src/domain/named-users.ts';

const ONE = '111122223333';
const TWO = '444455556666';

describe('users that are named for a run', () => {
  const CASES: readonly (readonly [
    title: string,
    names: readonly string[],
    accountId: string,
    userName: string,
    isMeant: boolean,
    isAccountMeant: boolean,
  ])[] = [
    ['nobody named means everybody', [], ONE, 'ann', true, true],
    ['a name means its user', ['ann'], ONE, 'ann', true, true],
    ['in every account', ['ann'], TWO, 'ann', true, true],
    ['and nobody else', ['ann'], ONE, 'anna', false, true],
    ['whatever the case', ['Ann'], ONE, 'aNN', true, true],
    ['a name with an account means the user there', [`${ONE}/ann`], ONE, 'ann', true, true],
    ['whatever the case of it', [`${ONE}/Ann`], ONE, 'aNN', true, true],
    ['and nobody of that name elsewhere', [`${ONE}/ann`], TWO, 'ann', false, false],
    ['and nobody else there', [`${ONE}/ann`], ONE, 'bob', false, true],
    ['one of several is enough', [`${TWO}/ann`, 'bob'], ONE, 'bob', true, true],
    ['each counts for its own account', [`${TWO}/ann`, 'bob'], ONE, 'ann', false, true],
    ['a name like an account is a name', [ONE], ONE, 'ann', false, true],
    ['and means its user', [ONE], TWO, ONE, true, true],
  ];
  for (const [title, names, accountId, userName, isMeant, isAccountMeant] of CASES) {
    it(title, () => {
      expect(meansUser(names, accountId)(userName)).to.equal(isMeant);
      expect(meansAccount(names, accountId)).to.equal(isAccountMeant);
    });
  }

  it('can be named so that nobody else is meant', () => {
    const name = nameInAccount(ONE, 'ann');
    expect(name).to.equal('111122223333/ann');
    expect([ONE, TWO].map((id) => meansUser([name], id)('ann'))).to.deep.equal([true, false]);
  });
});
