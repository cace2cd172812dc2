import { expect } from 'chai';
import { byAction } from '../support/calls-by-action.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { withService } from '../support/invoked.ts';
import { emulatorForThisFile, userWithKey } from '../support/world.ts';

/**
 * The aim for three accounts of twenty users, in which nothing is due (docs/performance.md), and the two files that a
 * run leaves for whoever looks at it later.
 */
const MOST_CALLS = 20 + 2;

/** Of which the management account is one. */
const ACCOUNTS = 3;
const users: readonly SeedUser[] = Array.from({ length: 20 }, (_, index) =>
  userWithKey(`user-${index + 1}`, { age: 10, usedAgo: 1 }),
);
const accounts = Array.from({ length: ACCOUNTS - 1 }, (_, index) => ({ name: `app-${index + 1}`, users }));

/** What each account costs, and nothing else. */
const EACH = {
  'sts:AssumeRole': ACCOUNTS,
  'iam:GenerateCredentialReport': ACCOUNTS,
  'iam:GetCredentialReport': ACCOUNTS,
};

describe('a run in which nothing is due', () => {
  const emulator = emulatorForThisFile();

  it('asks for three credential reports, and for little else', async () => {
    await withService(emulator(), { management: { users }, accounts }, async (service) => {
      const { report, calls } = await service.invoke();
      expect(report.totals).to.include({ users: 60, usersNotLookedAt: 60, replaced: 0, failed: 0 });
      expect(calls).to.have.length.at.most(MOST_CALLS);
      expect(byAction(calls)).to.include({ ...EACH, 's3:PutObject': 2 });
      expect(byAction(calls)).not.to.have.any.keys(
        'iam:ListUsers',
        'iam:ListAccessKeys',
        'dynamodb:UpdateItem',
      );
    });
  });
});
