import { expect } from 'chai';
import type { AccountSelection } from '../../../src/domain/account.ts';
import { InputError } from '../../../src/domain/errors.ts';
import { listAccounts } from '../../../src/run/context/accounts.ts';
import { snapshotOf } from '../../support/builders.ts';
import { memoryOrganization, NO_SELECTION } from '../../support/memory/organization.ts';

const [HERE, LEFT, NEVER] = ['111111111111', '222222222222', '333333333333'];

describe('a run whose settings name an account that is not in the organization', () => {
  /** One that has an account, had another one, and never had a third. */
  const list = (changes: Partial<AccountSelection>, withTable = true) => {
    const organization = memoryOrganization();
    organization.add({ id: HERE });
    organization.add({ id: LEFT });
    organization.remove(LEFT);
    const { formerMembers, ...run } = organization.run({ selection: { ...NO_SELECTION, ...changes } });
    return listAccounts(withTable && formerMembers ? { ...run, formerMembers } : run, snapshotOf());
  };
  const problemsOf = async (listing: Promise<unknown>): Promise<readonly string[]> => {
    try {
      await listing;
    } catch (error) {
      if (error instanceof InputError) return error.problems;
      throw error;
    }
    return [];
  };
  const NO_SUCH = 'the organization has no such account or organizational unit';
  const NO_TABLE = '; whether it has left only the table knows, and ROTATION_TABLE_NAME is not set';

  for (const where of ['excludeAccounts', 'includeAccounts'] as const) {
    it(`goes on with a note where it has left, in ${where}`, async () => {
      const { accounts, findings } = await list({ [where]: [LEFT] });
      expect(accounts.map(({ id }) => id)).to.deep.equal([HERE]);
      expect(findings).to.deep.equal([
        {
          severity: 'note',
          message: `The settings name account ${LEFT}, which has left the organization.`,
          nextStep: 'Remove it from ROTATION_INCLUDE_ACCOUNTS or ROTATION_EXCLUDE_ACCOUNTS (serverless.yml).',
        },
      ]);
    });
  }

  it('says nothing where all of them are there', async () => {
    expect((await list({ excludeAccounts: [HERE] })).findings).to.deep.equal([]);
  });

  for (const [title, selection, withTable, problem] of [
    ['it was mistyped', { excludeAccounts: [LEFT, NEVER] }, true, `${NEVER}: ${NO_SUCH}`],
    ['it is asked for in this run', { onlyAccounts: [LEFT] }, true, `${LEFT}: ${NO_SUCH}`],
    [
      'it is asked for in this run, and the settings name it too',
      { onlyAccounts: [LEFT], includeAccounts: [LEFT] },
      true,
      `${LEFT}: ${NO_SUCH}`,
    ],
    ['it is a unit', { excludeOus: ['ou-gone'] }, true, `ou-gone: ${NO_SUCH}`],
    ['there is no table', { excludeAccounts: [LEFT] }, false, `${LEFT}: ${NO_SUCH}${NO_TABLE}`],
    ['there is no table, of a unit', { excludeOus: ['ou-gone'] }, false, `ou-gone: ${NO_SUCH}`],
  ] as const) {
    it(`does not start where ${title}`, async () => {
      expect([...new Set(await problemsOf(list(selection, withTable)))]).to.deep.equal([problem]);
    });
  }
});
